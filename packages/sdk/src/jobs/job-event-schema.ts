import * as z from 'zod/mini';
import { SdkError } from '../foundation/errors.ts';
import type { JobEvent, JobEventBody } from './job-events.ts';

const text = z.string();
const json = z.custom((value) => value !== undefined);
const money = z.looseObject({ amount: z.number(), currency: text });
const error = z.looseObject({ code: text, message: text });

/**
 * What the fold relies on, per type. As lax as that allows: unknown members pass, so that a store written by a somewhat
 * newer version can be read.
 */
const BODIES: Readonly<Record<JobEventBody['type'], z.ZodMiniType>> = {
  'job-queued': z.looseObject({
    provider: text,
    request: z.looseObject({ prompt: z.looseObject({}), output: text, seed: z.number() }),
    processing: z.looseObject({}),
    delivery: z.looseObject({}),
    credit: text,
    licence: text,
    estimate: z.optional(money),
  }),
  'start-requested': z.looseObject({ idempotencyKey: text, reserved: z.optional(money) }),
  'start-refused': z.looseObject({ error, retryAt: z.number() }),
  'operation-started': z.looseObject({ operation: json, taskId: z.optional(text), reserved: z.optional(money) }),
  'progress-reported': z.looseObject({ progress: z.nullable(z.number()), stage: z.optional(text) }),
  'warning-raised': z.looseObject({ warning: z.looseObject({ code: text, message: text }) }),
  'cancel-requested': z.looseObject({}),
  'delivery-changed': z.looseObject({ delivery: z.looseObject({}) }),
  'asset-offered': z.looseObject({ assetId: text, kind: text, complete: z.boolean(), actual: z.optional(money) }),
  'asset-fetched': z.looseObject({
    asset: z.looseObject({ assetId: text, kind: text, key: text, digest: text, sizeBytes: z.number() }),
  }),
  'processing-started': z.looseObject({}),
  'step-finished': z.looseObject({ step: text, durationMs: z.number() }),
  'job-succeeded': z.looseObject({ result: z.looseObject({ location: text, manifestDigest: text }) }),
  'job-failed': z.looseObject({ error, actual: z.optional(money) }),
  'job-cancelled': z.looseObject({ message: text, actual: z.optional(money) }),
};

const envelope = z.looseObject({ type: text, job: text, seq: z.int().check(z.gt(0)), at: z.number() });

/**
 * Checks an event that comes from a store or a peer. Types this version does not know pass with their envelope.
 *
 * Throws `STORE_FAILED` naming the job and number of an event that cannot be one.
 */
export function parseJobEvent(value: unknown): JobEvent {
  const outer = z.safeParse(envelope, value);
  if (!outer.success)
    throw new SdkError({ code: 'STORE_FAILED', message: 'A stored event has no type, job, number or time.' });
  const { type, job, seq } = outer.data;
  const schema = Object.hasOwn(BODIES, type) ? BODIES[type as JobEventBody['type']] : undefined;
  const inner = schema === undefined ? undefined : z.safeParse(schema, value);
  if (inner?.success === false) {
    const path = inner.error.issues[0]?.path.join('.') ?? '';
    throw new SdkError({
      code: 'STORE_FAILED',
      message: `The stored event ${seq} of job ${job} is damaged: ${type} has no valid "${path}".`,
    });
  }
  return value as JobEvent;
}
