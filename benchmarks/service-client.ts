import { randomUUID } from 'node:crypto';
import { createPeer, hello, type Peer, PROTOCOL_NAME, PROTOCOL_VERSION } from '@maquette3d/sdk/protocol';
import { WebSocket } from 'ws';

/** A client of the local service that has said hello. */
export async function openClient(url: string, token: string): Promise<Peer> {
  return (await openLooseClient(url, token)).peer;
}

/** A client that can lose its connection: `cut` ends the socket without a word to the other side. */
export async function openLooseClient(url: string, token: string): Promise<{ readonly peer: Peer; cut(): void }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/rpc`, [PROTOCOL_NAME, `token.${token}`], {
    perMessageDeflate: false,
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const peer = createPeer({
    receives: 'to-client',
    transport: {
      start({ onMessage, onClose }) {
        socket.on('message', (data) => onMessage(String(data)));
        socket.on('close', (_code, reason) => onClose(String(reason)));
      },
      send: (text) => socket.send(text),
      get bufferedBytes() {
        return socket.bufferedAmount;
      },
      close: () => socket.close(),
    },
  });
  peer.start();
  await peer.request(hello, {
    protocol: PROTOCOL_VERSION,
    client: {
      name: 'benchmark',
      version: '1',
      kind: 'tool',
      instance: `benchmark-${randomUUID()}`,
      label: 'Benchmark',
      capabilities: [],
    },
  });
  return { peer, cut: () => socket.terminate() };
}
