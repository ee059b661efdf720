import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerHostContract } from '../../testing/host-contract.ts';

/** A server of the Host contract on loopback. */
export interface ContractServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** Starts a server that answers as the Host contract says. */
export async function startContractServer(): Promise<ContractServer> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answerHostContract({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
        body: Buffer.concat(chunks),
      });
      switch (answer.kind) {
        case 'answer':
          response.writeHead(answer.status, { ...answer.headers }).end(answer.body);
          break;
        case 'stall':
          response.writeHead(200).write(answer.first);
          break;
        case 'break':
          response.writeHead(200, { 'content-length': answer.announcedBytes }).write(answer.first, () => {
            setTimeout(() => request.socket.destroy(), 20);
          });
          break;
        case 'silence':
          break;
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
