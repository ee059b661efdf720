import * as z from 'zod/mini';
import { request } from '../method.ts';

const provider = z.string().check(z.minLength(1), z.maxLength(100));

/** A provider's key as it may be told: never its value. */
const keySchema = z.object({ provider: z.string(), source: z.enum(['missing', 'environment', 'key-store']) });

/** `key/set`. Stores the key of a provider in the key store of the operating system. */
export const setKey = request({
  method: 'key/set',
  direction: 'to-service',
  since: 0,
  summary: 'Stores the key of a provider in the key store of the operating system. It is never sent back.',
  params: z.object({ provider, value: z.string().check(z.minLength(1), z.maxLength(10_000)) }),
  result: z.object({ key: keySchema }),
});

/** `key/remove`. Removes the key of a provider from the key store. */
export const removeKey = request({
  method: 'key/remove',
  direction: 'to-service',
  since: 0,
  summary: 'Removes the key of a provider from the key store.',
  params: z.object({ provider }),
  result: z.object({ key: keySchema, removed: z.boolean() }),
});

/** `key/list`. Which providers have a key, and from where. */
export const listKeys = request({
  method: 'key/list',
  direction: 'to-service',
  since: 0,
  summary: 'Which providers have a key, and from where.',
  params: z.object({}),
  result: z.object({ keys: z.array(keySchema) }),
});
