import type * as z from 'zod/mini';
import { type CancelSignal, cancelReason } from '../foundation/cancel.ts';
import { ERROR_CATALOGUE, type ErrorCode } from '../foundation/error-catalogue.ts';
import { isSdkError, SdkError } from '../foundation/errors.ts';
import { MalformedMessage, parseRpcMessage, RPC_ERRORS, type RpcId } from './json-rpc.ts';
import { errorRecordSchema } from './messages/error-record.ts';
import type { Direction, Method, NotificationMethod, ParamsOf, RequestMethod, ResultOf } from './method.ts';
import { findMethod } from './methods.ts';
import type { Transport } from './transport.ts';

/** Requests of the other side that may be under way at once. */
const MAX_OPEN_REQUESTS = 256;

/** Has `work` done right after the answer went out, for instance what refers to it. Not done where the answer is an error. */
export type AfterAnswer = (work: () => void) => void;

type Handler = (params: never, afterAnswer: AfterAnswer) => unknown;

/** Handlers by method. */
export interface Handlers {
  /** Registers the handler of a request. One per method. What it throws is the answer. */
  answer<M extends RequestMethod>(
    method: M,
    handler: (params: ParamsOf<M>, afterAnswer: AfterAnswer) => Promise<ResultOf<M>> | ResultOf<M>,
  ): void;
  /** Registers what takes a notification. */
  take<M extends NotificationMethod>(method: M, handler: (params: ParamsOf<M>) => void): void;
}

/** One side of a connection. */
export interface Peer extends Handlers {
  /**
   * Asks the other side.
   *
   * Rejects with the other side's error under its code, with `PEER_GONE` when the connection ends before the answer, and with
   * `PROTOCOL_MISMATCH` for an answer that does not fit the schema.
   *
   * @param signal - Ends the waiting by rejecting with its reason. The other side is not told; its answer is passed over.
   */
  request<M extends RequestMethod>(method: M, params: ParamsOf<M>, signal?: CancelSignal): Promise<ResultOf<M>>;
  /** Tells the other side. */
  notify<M extends NotificationMethod>(method: M, params: ParamsOf<M>): void;
  /** Begins to take messages. Register handlers before. */
  start(): void;
  close(reason?: string): void;
  /** Resolves with the reason when the connection has ended. */
  readonly closed: Promise<string>;
}

/** What a peer is made from. */
export interface PeerOptions {
  readonly transport: Transport;
  /** What this side receives. */
  readonly receives: Direction;
  /** Called before every message that comes, for instance to refuse what comes too early. What it throws is the answer. */
  readonly admit?: (method: string) => void;
  /** Told of errors that are no `SdkError`, which the other side learns nothing about but that they happened. */
  readonly onFault?: (method: string, error: unknown) => void;
}

/** The text of a notification, to be sent over the transports of many peers. */
export function serialiseNotification<M extends NotificationMethod>(method: M, params: ParamsOf<M>): string {
  return JSON.stringify({ jsonrpc: '2.0', method: method.method, params });
}

interface OpenRequest {
  readonly method: RequestMethod;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Makes a peer over a transport. */
export function createPeer({ transport, receives, admit, onFault }: PeerOptions): Peer {
  const handlers = new Map<string, Handler>();
  const open = new Map<RpcId, OpenRequest>();
  let lastId = 0;
  let answering = 0;
  let endReason: string | undefined;
  let announceEnd: (reason: string) => void = () => undefined;
  const closed = new Promise<string>((resolve) => {
    announceEnd = resolve;
  });

  const send = (message: object): void => transport.send(JSON.stringify({ jsonrpc: '2.0', ...message }));

  const sendError = (id: RpcId | null, error: unknown, number: number = RPC_ERRORS.ours): void => {
    // what was not written for people may hold anything: paths, keys, parts of a file
    const told = isSdkError(error)
      ? error
      : new SdkError({ code: 'INTERNAL', message: 'Something went wrong inside.' });
    const record = told.toRecord();
    send({ id, error: { code: number, message: record.message, data: record } });
  };

  const accept = (name: string, params: unknown): { handler: Handler; params: unknown } => {
    admit?.(name);
    const method = findMethod(name, receives);
    const handler = handlers.get(name);
    if (method === undefined || handler === undefined) throw unknownMethod(name);
    return { handler, params: parseParams(method, params) };
  };

  const answerRequest = async (id: RpcId, name: string, params: unknown): Promise<void> => {
    if (answering >= MAX_OPEN_REQUESTS) {
      sendError(id, new SdkError({ code: 'RATE_LIMITED', message: 'Too many requests are waiting for an answer.' }));
      return;
    }
    answering += 1;
    try {
      const accepted = accept(name, params);
      const later: (() => void)[] = [];
      const result = await accepted.handler(accepted.params as never, (work) => void later.push(work));
      send({ id, result: result ?? {} });
      for (const work of later) work();
    } catch (error) {
      if (!isSdkError(error)) onFault?.(name, error);
      sendError(id, error, numberOf(error));
    } finally {
      answering -= 1;
    }
  };

  const settle = (id: RpcId | null, work: (request: OpenRequest) => void): void => {
    const request = id === null ? undefined : open.get(id);
    if (request === undefined || id === null) return; // an answer to nothing, or one that came too late
    open.delete(id);
    try {
      work(request);
    } catch {
      request.reject(unreadableAnswer(request.method)); // too deep to be looked through
    }
  };

  const onMessage = (text: string): void => {
    try {
      const message = parseRpcMessage(text);
      if (message.form === 'request') void answerRequest(message.id, message.method, message.params);
      else if (message.form === 'result') settle(message.id, (request) => resolveWith(request, message.result));
      else if (message.form === 'error') settle(message.id, (request) => request.reject(toReceivedError(message)));
      else {
        const accepted = accept(message.method, message.params);
        accepted.handler(accepted.params as never, () => undefined);
      }
    } catch (error) {
      // a notification nobody understands is passed over, as JSON-RPC wants it; what is no message at all gets an answer
      if (error instanceof MalformedMessage) sendError(null, error, error.rpcNumber);
      else if (!isSdkError(error)) onFault?.('notification', error);
    }
  };

  const onClose = (reason: string): void => {
    endReason = reason;
    for (const request of open.values()) request.reject(gone(reason));
    open.clear();
    announceEnd(reason);
  };

  return {
    closed,
    start: () => transport.start({ onMessage, onClose }),
    answer: (method, handler) => void handlers.set(method.method, handler as Handler),
    take: (method, handler) => void handlers.set(method.method, handler as Handler),
    request: (method, params, signal) =>
      new Promise((resolve, reject) => {
        if (endReason !== undefined) return reject(gone(endReason));
        if (signal?.aborted) return reject(cancelReason(signal));
        lastId += 1;
        const id = lastId;
        const onAbort = (): void => settle(id, (request) => request.reject(cancelReason(signal as CancelSignal)));
        const leave = (): void => signal?.removeEventListener('abort', onAbort);
        signal?.addEventListener('abort', onAbort);
        open.set(id, {
          method,
          resolve: (result) => {
            leave();
            resolve(result);
          },
          reject: (error) => {
            leave();
            reject(error);
          },
        });
        send({ id, method: method.method, params });
      }),
    notify: (method, params) => transport.send(serialiseNotification(method, params)),
    close: (reason) => transport.close(reason),
  };
}

class UnknownMethod extends SdkError {}

class BadParams extends SdkError {}

function unknownMethod(name: string): SdkError {
  return new UnknownMethod({
    code: 'INPUT_INVALID',
    message: `There is no method "${name.slice(0, 60)}" here.`,
    remedy: 'See the capabilities in the answer to peer/hello.',
  });
}

function numberOf(error: unknown): number {
  if (error instanceof UnknownMethod) return RPC_ERRORS.method;
  return error instanceof BadParams ? RPC_ERRORS.params : RPC_ERRORS.ours;
}

function parseParams(method: Method, params: unknown): unknown {
  const parsed = safeParse(method.params, params ?? {});
  if (parsed === 'too deep') {
    throw new BadParams({ code: 'INPUT_INVALID', message: `${method.method}: the params are nested too deeply.` });
  }
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'params' : issue.path.join('.');
  throw new BadParams({
    code: 'INPUT_INVALID',
    message: `${method.method}: ${place} is not what it must be${issue?.message ? ` (${issue.message})` : ''}.`,
  });
}

/** A value within values within values, thousands of times, is more than a stack can take. */
function safeParse(schema: z.ZodMiniType, value: unknown): ReturnType<z.ZodMiniType['safeParse']> | 'too deep' {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (error instanceof RangeError) return 'too deep';
    throw error;
  }
}

function resolveWith(request: OpenRequest, result: unknown): void {
  const parsed = (request.method.result as z.ZodMiniType).safeParse(result);
  if (parsed.success) request.resolve(parsed.data as never);
  else request.reject(unreadableAnswer(request.method));
}

function unreadableAnswer({ method }: RequestMethod): SdkError {
  return new SdkError({ code: 'PROTOCOL_MISMATCH', message: `The answer to ${method} is not what the protocol says.` });
}

function toReceivedError({ message, data }: { readonly message: string; readonly data: unknown }): SdkError {
  const parsed = errorRecordSchema.safeParse(data);
  if (!parsed.success) return new SdkError({ code: 'PROTOCOL_MISMATCH', message });
  const { code, remedy, retryAfterMs, details } = parsed.data;
  return new SdkError({
    // a newer peer may know more codes
    code: Object.hasOwn(ERROR_CATALOGUE, code) ? (code as ErrorCode) : 'INTERNAL',
    message: parsed.data.message,
    ...(remedy === undefined ? {} : { remedy }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(details === undefined ? {} : { details }),
  });
}

function gone(reason: string): SdkError {
  return new SdkError({ code: 'PEER_GONE', message: `The connection has ended${reason === '' ? '' : `: ${reason}`}.` });
}
