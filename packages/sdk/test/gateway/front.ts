import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something in front of a gateway that decides which node answers. */
export interface Front {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Passes requests on as they are, each to the origin that `choose` names.
 *
 * @param choose - `count` is how often this path was asked for before.
 */
export async function createFront(choose: (path: string, count: number) => string): Promise<Front> {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const count = counts.get(path) ?? 0;
    counts.set(path, count + 1);
    const onward = send(
      `${choose(path, count)}${request.url}`,
      { method: request.method, headers: request.headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
