import * as z from 'zod/mini';
import { SdkError } from '../foundation/errors.ts';

/** Error numbers of JSON-RPC 2.0, and ours. What went wrong is told by the stable code in `data`, not by the number. */
export const RPC_ERRORS = { parse: -32700, request: -32600, method: -32601, params: -32602, ours: -32000 } as const;

const idSchema = z.union([z.string().check(z.maxLength(100)), z.int()]);

const envelopeSchema = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.optional(z.nullable(idSchema)),
  method: z.optional(z.string().check(z.maxLength(100))),
  params: z.optional(z.unknown()),
  result: z.optional(z.unknown()),
  error: z.optional(z.object({ code: z.number(), message: z.string(), data: z.optional(z.unknown()) })),
});

/** Distinguishes the requests of one side. */
export type RpcId = string | number;

/** A message as it came, one of the four forms of JSON-RPC 2.0. */
export type RpcMessage =
  | { readonly form: 'request'; readonly id: RpcId; readonly method: string; readonly params: unknown }
  | { readonly form: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly form: 'result'; readonly id: RpcId; readonly result: unknown }
  | { readonly form: 'error'; readonly id: RpcId | null; readonly message: string; readonly data: unknown };

/** Text that is no message: what it is answered with. */
export class MalformedMessage extends SdkError {
  /** One of {@link RPC_ERRORS}. */
  readonly rpcNumber: number;

  constructor(message: string, rpcNumber: number, cause?: unknown) {
    super({ code: 'INPUT_INVALID', message, cause });
    this.rpcNumber = rpcNumber;
  }
}

/**
 * Reads one message. Batches are not part of this protocol.
 *
 * @throws {@link SdkError} `INPUT_INVALID` for anything else than one message, as {@link MalformedMessage}.
 */
export function parseRpcMessage(text: string): RpcMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed('The message is not JSON.', RPC_ERRORS.parse, error);
  }
  const parsed = envelopeSchema.safeParse(value);
  if (!parsed.success) throw malformed('The message is not one of JSON-RPC 2.0.', RPC_ERRORS.request);
  const { id, method, params, result, error } = parsed.data;
  if (method !== undefined) {
    if (id === null || result !== undefined || error !== undefined) {
      throw malformed('The message is neither a request nor an answer.', RPC_ERRORS.request);
    }
    return id === undefined ? { form: 'notification', method, params } : { form: 'request', id, method, params };
  }
  if (error !== undefined) return { form: 'error', id: id ?? null, message: error.message, data: error.data };
  if (id === undefined || id === null || result === undefined) {
    throw malformed('The message is neither a request nor an answer.', RPC_ERRORS.request);
  }
  return { form: 'result', id, result };
}

function malformed(message: string, rpcNumber: number, cause?: unknown): MalformedMessage {
  return new MalformedMessage(message, rpcNumber, cause);
}
