import * as z from 'zod/mini';
import { notification, request } from '../method.ts';
import { errorRecordSchema } from './error-record.ts';
import { jsonValueSchema } from './json-value.ts';

const jobId = z.string().check(z.minLength(1), z.maxLength(100));
const money = z.object({ amount: z.number(), currency: z.string() });

/** Absolute path of a folder in which the service makes one for the asset, named after it. Default: one in the home of Maquette. */
const parentFolder = z.optional(z.string());

/** What a person can do with a job now. */
export const jobActionSchema = z.enum(['cancel', 'retry', 'resume', 'import']);

/**
 * A job as it is shown. Everything is decided here: clients show the texts and offer the actions, and know no rules.
 */
export const jobViewSchema = z.object({
  job: jobId,
  /** Number of the last event folded into this view. */
  seq: z.int().check(z.nonnegative()),
  state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  /** What happens now, in a word or three: `Waiting`, `Generating`, `Making levels`. */
  stage: z.string(),
  /** [0, 1], or null while nothing is known. Never goes back. */
  progress: z.nullable(z.number()),
  /** One line about how it ended or stands, for instance `4 levels, 2 716 triangles` or the error. */
  summary: z.string(),
  prompt: z.string(),
  /** Short name for objects and folders. */
  name: z.string(),
  provider: z.string(),
  providerName: z.string(),
  output: z.enum(['mesh', 'splat']),
  seed: z.optional(z.int()),
  /** The provider's task id. */
  operation: z.optional(z.string()),
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  updatedAt: z.number(),
  /** When it ended; absent while it has not. */
  endedAt: z.optional(z.number()),
  estimate: z.optional(money),
  actual: z.optional(money),
  /** The cost as a text: `free`, `about 0.15 USD`, `0.15 USD`. */
  cost: z.string(),
  credit: z.string(),
  licence: z.string(),
  /** Folder of the finished asset on the service's machine; absent while there is none. */
  folder: z.optional(z.string()),
  error: z.optional(errorRecordSchema),
  warnings: z.array(z.string()),
  actions: z.array(jobActionSchema),
  /** Client that ordered it; absent for jobs from elsewhere, for instance the command line. */
  requester: z.optional(z.object({ instance: z.string(), label: z.string() })),
});

/** An order. What is left out is the provider's or the service's default. */
export const jobOrderSchema = z.object({
  /** At most 4 096 UTF-16 code units. With an image it may be left out. */
  prompt: z.optional(z.string()),
  /** Absolute path of a PNG, JPEG or WebP file on the service's machine. */
  image: z.optional(z.string()),
  provider: z.optional(z.string()),
  output: z.optional(z.enum(['mesh', 'splat'])),
  seed: z.optional(z.int()),
  model: z.optional(z.string()),
  /** Options that only this provider knows. */
  options: z.optional(z.record(z.string(), jsonValueSchema)),
  profile: z.optional(z.enum(['unity', 'blender', 'web', 'print'])),
  /** Number of levels, level 0 included: 1 to 6. */
  levels: z.optional(z.int()),
  /** Height of the object in metres. */
  height: z.optional(z.number()),
  /** Nothing is sent if the estimate is above it, or if there is none. In the provider's currency. */
  maxCost: z.optional(z.number()),
  /** Absolute path of a new folder for the asset. Default: one in `parent`, named after the prompt. */
  folder: z.optional(z.string()),
  parent: parentFolder,
});

/** `job/create`. Stores a job and begins to work on it. */
export const createJob = request({
  method: 'job/create',
  direction: 'to-service',
  since: 0,
  summary: 'Stores a job and begins to work on it. The answer comes as soon as it is stored.',
  params: jobOrderSchema,
  result: z.object({ job: jobViewSchema }),
});

/** `job/estimate`. Checks an order as job/create would. */
export const estimateJob = request({
  method: 'job/estimate',
  direction: 'to-service',
  since: 0,
  summary: 'Checks an order as job/create would. Stores, sends and spends nothing.',
  params: jobOrderSchema,
  result: z.object({
    provider: z.string(),
    output: z.enum(['mesh', 'splat']),
    estimate: z.optional(money),
    /** The price as a text: `free`, `about 0.15 USD`, `price unknown`. */
    cost: z.string(),
    credit: z.string(),
    licence: z.string(),
    warnings: z.array(z.string()),
  }),
});

/** `job/cancel`. Asks for the end of a job. */
export const cancelJob = request({
  method: 'job/cancel',
  direction: 'to-service',
  since: 0,
  summary:
    'Asks for the end of a job. The answer comes once the wish is stored; how the job ends is told by its events.',
  params: z.object({ job: jobId }),
  result: z.object({ job: jobViewSchema }),
});

/** `job/retry`. Places the order of an ended job again, as a new job. */
export const retryJob = request({
  method: 'job/retry',
  direction: 'to-service',
  since: 0,
  summary: 'Places the order of an ended job again, as a new job. What a provider charges is charged again.',
  params: z.object({ job: jobId, parent: parentFolder }),
  result: z.object({ job: jobViewSchema }),
});

/** `job/resume`. Goes on with a job that waits, for instance because its folder could not be written. */
export const resumeJob = request({
  method: 'job/resume',
  direction: 'to-service',
  since: 0,
  summary: 'Goes on with a job that waits, for instance because its folder could not be written. Pays nothing again.',
  params: z.object({ job: jobId, folder: z.optional(z.string()) }),
  result: z.object({ job: jobViewSchema }),
});

/** `job/adopt`. Makes a job of a task the provider already has. */
export const adoptJob = request({
  method: 'job/adopt',
  direction: 'to-service',
  since: 0,
  summary: 'Makes a job of a task the provider already has.',
  params: z.object({
    provider: z.string(),
    task: z.string().check(z.minLength(1), z.maxLength(200)),
    output: z.optional(z.enum(['mesh', 'splat'])),
    profile: z.optional(z.enum(['unity', 'blender', 'web', 'print'])),
    folder: z.optional(z.string()),
    parent: parentFolder,
  }),
  result: z.object({ job: jobViewSchema }),
});

/** `job/get`. One job as it stands. */
export const getJob = request({
  method: 'job/get',
  direction: 'to-service',
  since: 0,
  summary: 'One job as it stands.',
  params: z.object({ job: jobId }),
  result: z.object({ job: jobViewSchema }),
});

/** `job/list`. Jobs, newest first, those of other programs on this machine included. */
export const listJobs = request({
  method: 'job/list',
  direction: 'to-service',
  since: 0,
  summary: 'Jobs, newest first, those of other programs on this machine included.',
  params: z.object({
    /** Default 50. */
    limit: z.optional(z.int().check(z.gte(1), z.lte(1000))),
  }),
  result: z.object({ jobs: z.array(jobViewSchema) }),
});

/** `job/watch`. Answers like job/list, then tells of every job that changes with job/changed, until the connection ends. */
export const watchJobs = request({
  method: 'job/watch',
  direction: 'to-service',
  since: 0,
  summary: 'Answers like job/list, then tells of every job that changes with job/changed, until the connection ends.',
  params: z.object({ limit: z.optional(z.int().check(z.gte(1), z.lte(1000))) }),
  result: z.object({ jobs: z.array(jobViewSchema) }),
});

/** `job/changed`. The newest view of a job that is watched. */
export const jobChanged = notification({
  method: 'job/changed',
  direction: 'to-client',
  since: 0,
  summary: 'The newest view of a job that is watched. Views in between may be left out where a client is slow.',
  params: z.object({ job: jobViewSchema }),
});

/** `job/subscribe`. Sends every event of a job above afterSeq, in order and each once, as job/event: stored ones, then new ones. */
export const subscribeJob = request({
  method: 'job/subscribe',
  direction: 'to-service',
  since: 0,
  summary:
    'Sends every event of a job above afterSeq, in order and each once, as job/event: stored ones, then new ones.',
  params: z.object({ job: jobId, afterSeq: z.optional(z.int().check(z.nonnegative())) }),
  result: z.object({ job: jobViewSchema }),
});

/** `job/unsubscribe`. Ends a subscription. */
export const unsubscribeJob = request({
  method: 'job/unsubscribe',
  direction: 'to-service',
  since: 0,
  summary: 'Ends a subscription.',
  params: z.object({ job: jobId }),
  result: z.object({}),
});

/** `job/event`. An event of a job that is subscribed to. */
export const jobEvent = notification({
  method: 'job/event',
  direction: 'to-client',
  since: 0,
  summary: 'An event of a job that is subscribed to.',
  params: z.object({
    job: jobId,
    /** From 1 per job, without gaps. */
    seq: z.int(),
    /** Milliseconds since the epoch. */
    at: z.number(),
    /** The event's name, for instance `progress-reported`. */
    type: z.string(),
    /** The event as it is stored, without orders and places of delivery. */
    event: z.record(z.string(), jsonValueSchema),
  }),
});
