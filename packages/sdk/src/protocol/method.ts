import type * as z from 'zod/mini';

/** Who asks whom: a client the service, or the service one of its clients, for instance an editor. */
export type Direction = 'to-service' | 'to-client';

/** A request and its answer. */
export interface RequestMethod<
  Params extends z.ZodMiniType = z.ZodMiniType,
  Result extends z.ZodMiniType = z.ZodMiniType,
> {
  readonly kind: 'request';
  /** `noun/verb`. */
  readonly method: string;
  readonly direction: Direction;
  /** Minor version of the protocol that brought it. */
  readonly since: number;
  /** One sentence for the reader of the generated schema. */
  readonly summary: string;
  readonly params: Params;
  readonly result: Result;
}

/** A message without an answer. */
export interface NotificationMethod<Params extends z.ZodMiniType = z.ZodMiniType> {
  readonly kind: 'notification';
  readonly method: string;
  readonly direction: Direction;
  readonly since: number;
  readonly summary: string;
  readonly params: Params;
}

/** Any method of the protocol. */
export type Method = RequestMethod | NotificationMethod;

/** Params of a method, as its schema gives them. */
export type ParamsOf<M extends Method> = z.infer<M['params']>;

/** Result of a request, as its schema gives it. */
export type ResultOf<M extends RequestMethod> = z.infer<M['result']>;

/** Declares a request; keeps the exact schema types. */
export function request<Params extends z.ZodMiniType, Result extends z.ZodMiniType>(
  definition: Omit<RequestMethod<Params, Result>, 'kind'>,
): RequestMethod<Params, Result> {
  return { kind: 'request', ...definition };
}

/** Declares a notification; keeps the exact schema type. */
export function notification<Params extends z.ZodMiniType>(
  definition: Omit<NotificationMethod<Params>, 'kind'>,
): NotificationMethod<Params> {
  return { kind: 'notification', ...definition };
}
