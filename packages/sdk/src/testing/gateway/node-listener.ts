import { concatBytes } from '../../foundation/bytes.ts';
import { SdkError } from '../../foundation/errors.ts';
import { compressAnswer } from './compress-answer.ts';
import type { GatewayAnswer, GatewayRequest } from './gateway-messages.ts';
import { type NodeRequest, type NodeResponse, nodeModule } from './node-modules.ts';

/** A server on the loopback address. */
export interface NodeListener {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Listens on loopback over plain HTTP.
 *
 * @param port - 0 takes a free one.
 * @throws {@link SdkError} `INPUT_INVALID` where the port is taken; `UNSUPPORTED_ON_HOST` outside Node.
 */
export async function listenOnNode(
  handle: (request: GatewayRequest) => Promise<GatewayAnswer>,
  port: number,
): Promise<NodeListener> {
  const server = nodeModule('node:http').createServer((request, response) => {
    void (async () => {
      try {
        const answer = await handle(toGatewayRequest(request));
        await send(compressAnswer(answer, request.headers['accept-encoding']), request, response);
      } catch {
        request.socket.destroy(); // the client went away, or an answer failed on its way
      }
    })();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const code = (cause as { readonly code?: string }).code ?? 'unknown reason';
      reject(
        new SdkError({
          code: 'INPUT_INVALID',
          message: `Port ${port} cannot be listened on (${code}).`,
          remedy: 'Choose another port, or none for a free one.',
          cause,
        }),
      );
    });
    server.listen(port, HOST, resolve);
  });
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${HOST}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function toGatewayRequest(request: NodeRequest): GatewayRequest {
  const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return {
    method: request.method ?? 'GET',
    path,
    query,
    headers,
    remoteAddress: request.socket.remoteAddress ?? HOST,
    async readBody(limitBytes) {
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of request) {
        // what goes beyond is taken off the line and forgotten, so that the answer reaches the client
        if (length <= limitBytes) chunks.push(chunk);
        length += chunk.length;
      }
      return concatBytes(chunks);
    },
  };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

async function send(answer: GatewayAnswer, request: NodeRequest, response: NodeResponse): Promise<void> {
  if (answer.delayMs !== undefined) await pause(answer.delayMs);
  if (answer.isDropped === true) {
    request.socket.destroy();
    return;
  }
  if (answer.isSilent === true) return; // closed with the server, or by the client
  response.writeHead(answer.status, answer.headers);
  response.flushHeaders();
  let sentBytes = 0;
  const limitBytes = answer.cutAfterBytes ?? answer.stallAfterBytes ?? Number.POSITIVE_INFINITY;
  for await (const chunk of chunksOf(answer)) {
    const part = chunk.subarray(0, Math.max(0, limitBytes - sentBytes));
    sentBytes += part.length;
    if (response.destroyed) return;
    if (part.length > 0 && !response.write(part)) await drained(response);
    if (sentBytes >= limitBytes) break;
    if (answer.trickle !== undefined) await pause(answer.trickle.pauseMs);
  }
  if (answer.stallAfterBytes !== undefined) return; // closed with the server, or by the client
  if (answer.cutAfterBytes !== undefined) {
    await pause(CUT_AFTER_MS);
    request.socket.destroy();
    return;
  }
  response.end();
}

/** Long enough for what was written to leave before the connection is cut. */
const CUT_AFTER_MS = 20;

async function* chunksOf({ body, trickle }: GatewayAnswer): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Uint8Array)) {
    yield* body;
    return;
  }
  const size = trickle?.bytes ?? 64 * 1024;
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

function drained(response: NodeResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}

async function pause(ms: number): Promise<void> {
  await nodeModule('node:timers/promises').setTimeout(ms);
}
