import { decodeUtf8 } from '../../foundation/bytes.ts';
import { throwIfCancelled } from '../../foundation/cancel.ts';
import { isCancelError, SdkError, toSdkError } from '../../foundation/errors.ts';
import type { CredentialUse, HttpResponse } from '../../foundation/http.ts';
import type { CallContext } from '../../provider/provider.ts';
import { wholeBody } from '../../provider-kit/download-offer.ts';
import { readBody } from '../../provider-kit/read-body.ts';
import { gatewayError } from './errors.ts';

/** Longest error body, bytes. */
const LONGEST_ERROR_BYTES = 256 * 1024;

/** What is fetched, and from where. */
export interface ResultQuery {
  readonly task: string;
  /** Asked one after the other until one has the result. At least one. */
  readonly origins: readonly string[];
  /** True for the archive of every success, false for the earliest one. */
  readonly all: boolean;
  readonly credential: CredentialUse;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Opens the result of a task. The bytes come as they are: neither the name nor the type the gateway gives is believed.
 *
 * A task adopted without its region may be at any gateway, and all but one of them answer that they have no result.
 *
 * @throws {@link SdkError} `OPERATION_EXPIRED` where no gateway has one; while reading, `NETWORK_FAILED` for fewer bytes
 * than declared and `ASSET_UNREADABLE` for a page or a JSON text.
 */
export async function fetchResult(query: ResultQuery, context: CallContext): Promise<AsyncIterable<Uint8Array>> {
  const failures: SdkError[] = [];
  for (const origin of query.origins) {
    throwIfCancelled(context.signal);
    try {
      return fileBody(wholeBody(await request(origin, query, context)));
    } catch (error) {
      if (isCancelError(error) || context.signal.aborted) throw error;
      failures.push(toSdkError(error, 'NETWORK_FAILED'));
    }
  }
  // The one that could not be asked may be the one that has it.
  throw failures.find(({ code }) => code !== 'OPERATION_EXPIRED') ?? (failures[0] as SdkError);
}

async function request(origin: string, query: ResultQuery, context: CallContext): Promise<HttpResponse> {
  const response = await context.http(
    {
      method: 'GET',
      url: `${origin}/get_result?id=${query.task}${query.all ? '&all=true' : ''}`,
      headers: query.headers,
      credential: query.credential,
    },
    context.signal,
  );
  if (response.status === 200) return response;
  const body = decodeUtf8(await readBody(response, LONGEST_ERROR_BYTES));
  throw gatewayError('get_result', response, body, context.now());
}

/** The bytes of a file. No format 404-GEN makes begins like a page or a JSON text; some proxy wrote that. */
async function* fileBody(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && chunk.length > 0) {
      isFirst = false;
      const lead = chunk.find((byte) => byte > 0x20);
      if (lead === 0x3c || lead === 0x7b || lead === 0x5b) {
        const what = lead === 0x3c ? 'a web page' : 'a JSON text';
        throw new SdkError({ code: 'ASSET_UNREADABLE', message: `404-GEN sent ${what} instead of a file.` });
      }
    }
    yield chunk;
  }
}
