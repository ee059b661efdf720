// A process full of clients that follow one job. Arguments: address, token, job, number of clients. Ends when its standard
// input does, and prints how many events came and whether each came once and in order.
import { jobEvent, type Peer, subscribeJob } from '@maquette3d/sdk/protocol';
import { openClient } from './service-client.ts';

const [url = '', token = '', job = '', count = '0'] = process.argv.slice(2);
let events = 0;
let isComplete = true;
const peers: Peer[] = [];
for (let index = 0; index < Number(count); index += 1) {
  const peer = await openClient(url, token);
  let seen = 0;
  peer.take(jobEvent, ({ seq }) => {
    if (seq !== seen + 1) isComplete = false;
    seen = seq;
    events += 1;
  });
  await peer.request(subscribeJob, { job });
  peers.push(peer);
}
process.stdout.write('subscribed\n');
for await (const _ of process.stdin);
for (const peer of peers) peer.close();
process.stdout.write(`${JSON.stringify({ events, isComplete })}\n`);
