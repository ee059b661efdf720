import { throwIfCancelled } from '../../foundation/cancel.ts';
import { SdkError } from '../../foundation/errors.ts';
import type { HttpSend } from '../../foundation/http.ts';
import { parseUrl } from '../../foundation/url.ts';
import type { GatewayStandIn } from './create-gateway-stand-in.ts';

/**
 * Sends requests straight to a stand-in in memory: for tests on a clock that jumps, and for engines without a network.
 *
 * Credentials become the stand-in's personal key. Of mischief only a cut connection is known here; time does not pass.
 *
 * @param gateway - Whatever the address of a request, this one answers.
 */
export function sendToGateway(gateway: GatewayStandIn): HttpSend {
  return async (request, signal) => {
    throwIfCancelled(signal);
    const { path } = parseUrl(request.url);
    const at = path.indexOf('?');
    const { credential, body = new Uint8Array() } = request;
    const answer = await gateway.handle({
      method: request.method,
      path: at < 0 ? path : path.slice(0, at),
      query: at < 0 ? '' : path.slice(at + 1),
      headers: {
        ...request.headers,
        ...(credential === undefined ? {} : { [credential.header]: `${credential.prefix ?? ''}${gateway.key}` }),
      },
      remoteAddress: '127.0.0.1',
      readBody: async () => body,
    });
    throwIfCancelled(signal);
    if (answer.isDropped === true) {
      throw new SdkError({ code: 'NETWORK_FAILED', message: 'The connection was cut before an answer came.' });
    }
    return { status: answer.status, headers: answer.headers, body: chunksOf(answer.body, answer.cutAfterBytes) };
  };
}

async function* chunksOf(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  cutAfterBytes: number | undefined,
): AsyncGenerator<Uint8Array> {
  let left = cutAfterBytes ?? Infinity;
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) throw new SdkError({ code: 'NETWORK_FAILED', message: 'The connection was cut.' });
  }
}
