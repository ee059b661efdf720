import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  createJob,
  createPeer,
  describeAsset,
  hello,
  jobEvent,
  linkAsset,
  PROTOCOL_VERSION,
  subscribeJob,
  type Transport,
} from '@maquette3d/sdk/protocol';
import { startLocalService } from '@maquette3d/sdk/service';
import { WebSocket } from 'ws';

const service = await startLocalService({ version: '1.0.0' }); // [1]
console.log(`${service.isNew ? 'Started' : 'Found'} the service at ${service.url}`);

const socket = new WebSocket(`${service.url.replace('http:', 'ws:')}/rpc`, {
  headers: { Authorization: `Bearer ${service.token}` }, // [2]
});
await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));

const peer = createPeer({ transport: toTransport(socket), receives: 'to-client' });
const ended = new Promise<string>((resolve) => {
  peer.take(jobEvent, ({ seq, type }) => {
    console.log(`${seq} ${type}`);
    if (type === 'job-succeeded' || type === 'job-failed') resolve(type);
  });
});
peer.start();
await peer.request(hello, {
  protocol: PROTOCOL_VERSION,
  client: {
    name: 'talk-to-service',
    version: '1.0.0',
    kind: 'tool',
    instance: randomUUID(),
    label: 'Example',
    capabilities: [],
  },
});

const { job } = await peer.request(createJob, { prompt: 'a wooden crate', provider: 'local', levels: 2 });
await peer.request(subscribeJob, { job: job.job, afterSeq: 0 }); // [3]
assert.equal(await ended, 'job-succeeded');

const { folder, files } = await peer.request(describeAsset, { job: job.job }); // [4]
console.log(`The asset lies in ${folder}: ${files.map(({ name }) => name).join(', ')}`);

const { url, bytes } = await peer.request(linkAsset, { job: job.job, file: 'lod0.glb' }); // [5]
const downloaded = await (await fetch(url)).arrayBuffer();
assert.equal(downloaded.byteLength, bytes);
assert.equal((await fetch(url)).status, 404, 'a link is good for one download');

peer.close();
await service.close();

/** A WebSocket as a peer wants it. */
function toTransport(socket: WebSocket): Transport {
  return {
    start({ onMessage, onClose }) {
      socket.on('message', (data) => onMessage(String(data)));
      socket.on('close', (_code, reason) => onClose(String(reason)));
    },
    send: (text) => socket.send(text),
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    close: (reason) => socket.close(1000, reason),
  };
}

// [1] One service runs per home folder. Another process that has it running already is found; `close` is then somebody else's.
// [2] A web page cannot set headers here: it offers the subprotocols `maquette.v1` and `token.<token>` instead.
// [3] Events above `afterSeq`, stored ones first, each once: after a lost connection, say the last number you saw.
// [4] On the same machine the files can be read where they lie.
// [5] From elsewhere, a page for instance, they are fetched; ranges work, so that a broken download goes on where it was.
