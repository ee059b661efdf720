import { webcrypto } from 'node:crypto';
import { threadId as ownThread, type Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { createCancelController } from '../../foundation/cancel.ts';
import type { JsonObject } from '../../foundation/json.ts';
import type { Warning } from '../../foundation/warning.ts';
import { DriveStopped } from '../../jobs/job-drive.ts';
import type { RawAsset } from '../../jobs/job-events.ts';
import type { JobState } from '../../jobs/job-state.ts';
import type { StepContext } from '../../pipeline/step.ts';
import { generateObject } from '../../providers/local/generate-object.ts';
import { createStudio } from '../../studio/create-studio.ts';
import { produceAsset } from '../../studio/produce-asset.ts';
import { createEchoModel } from '../../testing/echo-model.ts';
import { createEchoProvider } from '../../testing/echo-provider.ts';
import { createMemoryHost } from '../../testing/memory-host.ts';
import { createTimerClock } from '../web/timer-clock.ts';
import { createNodeCodecs } from './codecs.ts';
import type { WorkerPoolOptions } from './worker-pool.ts';
import { createWorkerProduce, type WorkerProduce } from './worker-produce.ts';

const SCRIPT = new URL('./worker-produce.test-kit.ts', import.meta.url);
const opened: WorkerProduce[] = [];

function open(options: Partial<WorkerPoolOptions> = {}): WorkerProduce {
  const made = createWorkerProduce({ script: SCRIPT, ...options });
  opened.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((made) => made.close()));
});

/** A job that was ordered by a studio and got as far as its raw bytes: the state that processing is given. */
async function jobState(): Promise<JobState> {
  const studio = createStudio({
    host: createMemoryHost(),
    codecs: await createNodeCodecs(),
    providers: [createEchoProvider()],
  });
  const handle = await studio.generate({
    prompt: 'a mossy lantern',
    seed: 5,
    processing: { ratios: [0.5], thumbnailSize: 64 },
  });
  await handle.result();
  const state = await handle.state();
  await studio.close();
  return state;
}

interface Heard {
  readonly steps: [string, JsonObject][];
  readonly warnings: Warning[];
  readonly context: StepContext;
}

async function listen(signal?: StepContext['signal']): Promise<Heard> {
  const steps: [string, JsonObject][] = [];
  const warnings: Warning[] = [];
  const context: StepContext = {
    codecs: await createNodeCodecs(),
    sha256: async (bytes) => new Uint8Array(await webcrypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)),
    report: (step, report) => void steps.push([step, report]),
    warn: (warning) => void warnings.push(warning),
    ...(signal === undefined ? {} : { signal }),
  };
  return { steps, warnings, context };
}

const RAW = { kind: 'mesh', extension: 'glb' } as RawAsset;
const model = (): Uint8Array => createEchoModel('a mossy lantern', 5);

describe('createWorkerProduce', () => {
  it('gives the same bytes, steps and warnings as this thread', async () => {
    const job = await jobState();
    const candidates = () => [{ bytes: model(), extension: 'glb', mediaType: 'model/gltf-binary' }];
    const [here, there] = [await listen(), await listen()];
    const expected = await produceAsset(job, RAW, model(), here.context, candidates());
    const asset = await open().produce(job, RAW, model(), there.context, candidates());
    expect([...asset.files.keys()]).toEqual([...expected.files.keys()]);
    expect(asset.files).toEqual(expected.files);
    expect(asset.manifest).toEqual(expected.manifest);
    expect(asset.summary).toEqual(expected.summary);
    expect(there.steps).toEqual(here.steps);
    expect(there.steps.length).toBeGreaterThan(3);
    expect(there.warnings).toEqual(here.warnings);
  });

  it('takes bytes that share their memory with others, and leaves the others alone', async () => {
    const bytes = model();
    const pool = new Uint8Array(bytes.length + 8).fill(7);
    pool.set(bytes, 8);
    const asset = await open().produce(await jobState(), RAW, pool.subarray(8), (await listen()).context);
    expect(asset.files.get('raw.glb')).toEqual(bytes);
    expect(pool.slice(0, 8)).toEqual(new Uint8Array(8).fill(7));
  });

  it('uses a worker again, and starts a new one after it has been idle', async () => {
    const job = await jobState();
    const { produce } = open({ idleMs: 1 });
    const { context } = await listen();
    const first = await produce(job, RAW, model(), context);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = await produce(job, RAW, model(), context);
    const third = await produce(job, RAW, model(), context);
    expect(second.files).toEqual(first.files);
    expect(third.files).toEqual(first.files);
  });

  it('hands errors over with code, sentence, remedy and details', async () => {
    const job = await jobState();
    const garbage = (): Uint8Array => new TextEncoder().encode('no model at all, but long enough to be looked at');
    const { context } = await listen();
    const here = await produceAsset(job, RAW, garbage(), context).catch((error) => error);
    const { produce } = open();
    const there = await produce(job, RAW, garbage(), context).catch((error) => error);
    expect(there.code).toBe('ASSET_UNREADABLE');
    expect(there.toRecord()).toEqual(here.toRecord());
    // and the next job is none the worse for it
    expect((await produce(job, RAW, model(), context)).files.has('lod1.glb')).toBe(true);
  });

  it('rejects with the reason of a cancel, and goes on with the next job', async () => {
    const job = await jobState();
    const reason = new DriveStopped();
    const cancel = createCancelController();
    const { context, steps } = await listen(cancel.signal);
    const { produce } = open();
    const running = produce(job, RAW, model(), {
      ...context,
      report: (step, report) => {
        context.report(step, report);
        cancel.cancel(reason); // in the middle of the work
      },
    });
    await expect(running).rejects.toBe(reason);
    expect(steps).toHaveLength(1);
    await expect(produce(job, RAW, model(), context)).rejects.toBe(reason); // already cancelled: not begun
    expect((await produce(job, RAW, model(), (await listen()).context)).files.has('lod1.glb')).toBe(true);
  });

  it('survives a worker that dies, in a sentence of the step that failed', async () => {
    const dying = "require('node:worker_threads').parentPort.on('message', () => process.exit(3))";
    const crashed = open({ script: { source: dying } });
    const job = await jobState();
    const { context } = await listen();
    for (const _ of [1, 2]) {
      await expect(crashed.produce(job, RAW, model(), context)).rejects.toMatchObject({
        code: 'STEP_FAILED',
        details: { reason: 'crash' },
      });
    }
  });

  it('survives a worker that fills its memory', async () => {
    const { produce } = open({ memoryMb: 64, script: { source: HUNGRY } });
    const error = await produce(await jobState(), RAW, model(), (await listen()).context).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'STEP_FAILED', details: { reason: 'memory' } });
    expect(error.message).toContain('memory');
  });

  it('leaves a job as it is when it is closed, and takes no other', async () => {
    const job = await jobState();
    const { context } = await listen();
    const workers = open({ script: { source: 'setInterval(() => undefined, 1000)' } });
    const running = workers.produce(job, RAW, model(), context);
    const outcome = expect(running).rejects.toBeInstanceOf(DriveStopped);
    await workers.close();
    await outcome;
    await expect(workers.produce(job, RAW, model(), context)).rejects.toBeInstanceOf(DriveStopped);
  });

  it('refuses before anything is ordered what processing could not do', async () => {
    const { produce, checkProduce } = open();
    const studio = createStudio({
      // a worker takes real time, which the clock of this host would let pass in hours
      host: { ...createMemoryHost(), clock: createTimerClock() },
      codecs: {},
      providers: [createEchoProvider()],
      produce,
      checkProduce,
    });
    const impossible = { profile: 'blender', compress: 'meshopt' } as const;
    await expect(studio.generate({ prompt: 'a lantern', processing: impossible })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect(await studio.jobs()).toEqual([]);
    const handle = await studio.generate({ prompt: 'a lantern', processing: { ratios: [0.5], thumbnailSize: 64 } });
    await expect(handle.result()).resolves.toMatchObject({ summary: { levels: 2 } });
    await studio.close();
  });
});

describe('generating in a worker', () => {
  const CHAIR = { version: 1, prompt: 'a wooden chair', seed: 5 };

  it('gives the same bytes as this thread, one after the other and side by side', async () => {
    const { generate } = open();
    const styled = { version: 1, prompt: 'an old lantern', seed: 9, family: 'barrel', styles: ['ornate'] };
    const expected = await Promise.all([CHAIR, styled].map((operation) => generateObject(operation)));
    expect(expected[0]).not.toEqual(expected[1]);
    expect(await generate(CHAIR)).toEqual(expected[0]);
    expect(await Promise.all([generate(CHAIR), generate(styled)])).toEqual(expected);
  });

  it('shares its workers with processing', async () => {
    const started: Worker[] = [];
    const onWorker = (worker: Worker): void => void started.push(worker);
    process.on('worker', onWorker);
    try {
      const { generate, produce } = open();
      const bytes = await generate(CHAIR);
      await produce(await jobState(), RAW, bytes, (await listen()).context);
      await generate(CHAIR);
      expect(started.map(({ threadId }) => threadId === ownThread)).toEqual([false]);
    } finally {
      process.off('worker', onWorker);
    }
  });

  it('hands errors over with code, sentence and remedy', async () => {
    const newer = { ...CHAIR, version: 2 };
    const here = await generateObject(newer).catch((error) => error);
    const there = await open()
      .generate(newer)
      .catch((error) => error);
    expect(there.code).toBe('PROVIDER_PROTOCOL');
    expect(there.toRecord()).toEqual(here.toRecord());
  });

  it('rejects with the reason of a cancel, and goes on with the next object', async () => {
    const reason = new DriveStopped();
    const cancel = createCancelController();
    const { generate } = open();
    const running = generate(CHAIR, cancel.signal);
    cancel.cancel(reason);
    await expect(running).rejects.toBe(reason);
    await expect(generate(CHAIR, cancel.signal)).rejects.toBe(reason); // already cancelled: not begun
    expect(await generate(CHAIR)).toEqual(await generateObject(CHAIR));
  });

  it('survives a worker that dies', async () => {
    const dying = "require('node:worker_threads').parentPort.on('message', () => process.exit(3))";
    await expect(open({ script: { source: dying } }).generate(CHAIR)).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      details: { reason: 'crash' },
    });
    await expect(open({ memoryMb: 64, script: { source: HUNGRY } }).generate(CHAIR)).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      details: { reason: 'memory' },
    });
  });

  it('leaves a job as it is when it is closed', async () => {
    const workers = open({ script: { source: 'setInterval(() => undefined, 1000)' } });
    const outcome = expect(workers.generate(CHAIR)).rejects.toBeInstanceOf(DriveStopped);
    await workers.close();
    await outcome;
    await expect(workers.generate(CHAIR)).rejects.toBeInstanceOf(DriveStopped);
  });
});

/** Keeps what it makes until the memory is full. */
const HUNGRY = `
const kept = [];
require('node:worker_threads').parentPort.on('message', () => { for (;;) kept.push({ a: kept.length, b: [kept.length] }); });
`;
