import * as z from 'zod/mini';
import { request } from '../method.ts';

const outputs = z.array(z.enum(['mesh', 'splat']));

/** A provider as a form shows it. */
export const providerViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** To be shown with every result. */
  credit: z.string(),
  licence: z.string(),
  homepage: z.optional(z.string()),
  /** True for one that works without the internet: in this process, or at an address of this machine or its network. */
  offline: z.boolean(),
  /** True for the one that is used where none is named. */
  isDefault: z.boolean(),
  /** What can be made from which input; the first of each is the default. */
  outputs: z.object({ text: outputs, image: outputs }),
  models: z.array(
    z.object({
      name: z.string(),
      inputs: z.array(z.enum(['text', 'image'])),
      output: z.enum(['mesh', 'splat']),
      /** In the provider's currency. */
      price: z.optional(z.number()),
    }),
  ),
  currency: z.optional(z.string()),
  /** The price as a text: `free`, `from 0.15 USD`, `price unknown`. */
  price: z.string(),
  /** Where its key comes from; absent where it needs none. */
  key: z.optional(z.enum(['missing', 'environment', 'key-store'])),
  canCancel: z.boolean(),
  canAdopt: z.boolean(),
  options: z.array(z.object({ key: z.string(), description: z.string(), values: z.optional(z.array(z.string())) })),
});

/** `provider/list`. What can be asked to make something, the default first. */
export const listProviders = request({
  method: 'provider/list',
  direction: 'to-service',
  since: 0,
  summary: 'What can be asked to make something, the default first.',
  params: z.object({}),
  result: z.object({ providers: z.array(providerViewSchema) }),
});
