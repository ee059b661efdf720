import * as z from 'zod/mini';
import { request } from '../method.ts';
import { clientSchema } from './hello.ts';

const vector = z.tuple([z.number(), z.number(), z.number()]);
const target = z.object({ target: z.optional(z.string()) });

/** Box in the canonical frame: metres, right-handed, +Y up. */
export const boundsSchema = z.object({ min: vector, max: vector });

const selectionSchema = z.object({
  objects: z.array(
    z.object({
      name: z.string(),
      /** The engine's own word. */
      type: z.string(),
      bounds: z.optional(boundsSchema),
      /** Set for what Maquette made. */
      job: z.optional(z.string()),
    }),
  ),
});

const placeholderSchema = z.object({
  /** Null where nothing that could be replaced is selected. */
  placeholder: z.nullable(z.object({ name: z.string(), bounds: boundsSchema })),
});

/** `engine/list`. The engines that are connected. */
export const listEngines = request({
  method: 'engine/list',
  direction: 'to-service',
  since: 0,
  summary: 'The engines that are connected.',
  params: z.object({}),
  result: z.object({ engines: z.array(clientSchema) }),
});

/** `engine/selection`. What is selected in an engine. */
export const selection = request({
  method: 'engine/selection',
  direction: 'to-service',
  since: 0,
  summary: 'What is selected in an engine.',
  params: target,
  result: selectionSchema,
});

/** `engine/selection`. What is selected. */
export const engineSelection = request({
  method: 'engine/selection',
  direction: 'to-client',
  since: 0,
  summary: 'What is selected.',
  params: z.object({}),
  result: selectionSchema,
});

/** `engine/placeholder`. The object an asset would replace in an engine, and how much room it takes. */
export const placeholder = request({
  method: 'engine/placeholder',
  direction: 'to-service',
  since: 0,
  summary: 'The object an asset would replace in an engine, and how much room it takes.',
  params: target,
  result: placeholderSchema,
});

/** `engine/placeholder`. The object an asset would replace. */
export const enginePlaceholder = request({
  method: 'engine/placeholder',
  direction: 'to-client',
  since: 0,
  summary: 'The object an asset would replace.',
  params: z.object({}),
  result: placeholderSchema,
});
