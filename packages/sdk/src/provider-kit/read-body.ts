import { concatBytes } from '../foundation/bytes.ts';
import { SdkError } from '../foundation/errors.ts';
import type { HttpResponse } from '../foundation/http.ts';

/** Reads a body of at most `limitBytes`. `PROVIDER_PROTOCOL` for a longer one; the connection is closed then. */
export async function readBody(response: HttpResponse, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > limitBytes) {
      throw new SdkError({ code: 'PROVIDER_PROTOCOL', message: `The answer is longer than ${limitBytes} bytes.` });
    }
    chunks.push(chunk);
  }
  return concatBytes(chunks);
}

/** Closes a body nobody wants. */
export async function discardBody(response: HttpResponse): Promise<void> {
  // Leaving the loop is what closes the connection.
  for await (const _chunk of response.body) break;
}
