import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createJob, getJob } from '../../src/protocol/messages/job.ts';
import { generateObject } from '../../src/providers/local/generate-object.ts';
import { startLocalService } from '../../src/service.ts';
import { createSandbox, type Sandbox, until } from '../command/sandbox.ts';
import { connectClient } from './service-bench.ts';

const WATCH = new URL('./watch-workers.ts', import.meta.url).href;
const WORKER = new URL('../../src/platform/node/worker-produce.test-kit.ts', import.meta.url);

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
});

afterEach(() => sandbox.remove());

/** Has a chair made, and returns the digest of what the generator made for it. */
async function makeChair(service: { readonly url: string; readonly token: string }): Promise<string> {
  const client = await connectClient(service);
  const { job } = await client.request(createJob, { prompt: 'a wooden chair', seed: 3 });
  const view = await until(async () => {
    const { job: now } = await client.request(getJob, { job: job.job });
    return now.state === 'queued' || now.state === 'running' ? null : now;
  });
  expect(view.state).toBe('succeeded');
  client.close();
  return digestOf(readFileSync(join(view.folder as string, 'raw.glb')));
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

it('maquette serve generates on another thread, to the byte what this one would', async () => {
  const notes = join(sandbox.folder, 'notes');
  const running = sandbox.start(['serve', '--json'], {
    env: { NODE_OPTIONS: `--import=${WATCH}`, WATCH_WORKERS_NOTES: notes },
  });
  const { url, token } = await running.lineWith(({ type }) => type === 'listening');
  const digest = await makeChair({ url: String(url), token: String(token) });
  expect(readFileSync(notes, 'utf8')).toBe(`${digest}\n`);
  expect(digest).toBe(digestOf(await generateObject({ version: 1, prompt: 'a wooden chair', seed: 3 })));
});

it('startLocalService does where it is given a script, and else in the calling thread', async () => {
  const notes = join(sandbox.folder, 'notes');
  process.env.WATCH_WORKERS_NOTES = notes;
  await import(WATCH);
  delete process.env.WATCH_WORKERS_NOTES;
  for (const script of [{ produceScript: WORKER }, {}]) {
    const service = await startLocalService({ version: '1.2.3', env: {}, home: sandbox.home, ...script });
    const digest = await makeChair(service);
    await service.close();
    expect(readFileSync(notes, 'utf8')).toBe(`${digest}\n`); // a second one came from nowhere else
  }
});
