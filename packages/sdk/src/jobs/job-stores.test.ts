import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../foundation/bytes.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { jobStoreContract } from '../testing/job-store-contract.ts';
import { createMemoryFileStore, type MemoryFileStore } from '../testing/memory-file-store.ts';
import { createFileJobStore } from './file-job-store.ts';
import { createMemoryJobStore } from './memory-job-store.ts';

describe('memory job store', () => {
  for (const { name, run } of jobStoreContract({ createStore: createMemoryJobStore })) it(name, run);
});

describe('file job store', () => {
  const media = new Map<JobStore, MemoryFileStore>();
  const open = (files: MemoryFileStore): JobStore => {
    const store = createFileJobStore(files);
    media.set(store, files);
    return store;
  };
  const suite = jobStoreContract({
    createStore: () => open(createMemoryFileStore()),
    reopen: (closed) => open(media.get(closed) as MemoryFileStore),
  });
  for (const { name, run } of suite) it(name, run);

  const QUEUED = {
    type: 'job-queued',
    provider: 'echo',
    request: { prompt: { text: 'x' }, output: 'mesh', seed: 1, providerOptions: {} },
    processing: {},
    delivery: {},
    credit: '',
    licence: '',
  } as const;

  it('stores nothing of an append that the medium refuses, and goes on afterwards', async () => {
    const files = createMemoryFileStore();
    const store = createFileJobStore(files);
    await store.create('a', [QUEUED], 1);
    await store.acquireLease('a', 'me', 1000, 1);
    files.failWrites(1);
    await expect(store.append('a', 'me', [{ type: 'processing-started' }], 2)).rejects.toMatchObject({
      code: 'STORE_FAILED',
    });
    expect(await store.events('a', 1)).toEqual([]);
    const stored = await store.append('a', 'me', [{ type: 'progress-reported', progress: 0.5 }], 3);
    expect(stored?.[0]?.seq).toBe(2);
  });

  it('reads a log whose clean-up was interrupted', async () => {
    const files = createMemoryFileStore();
    const store = createFileJobStore(files);
    await store.create('a', [QUEUED], 1);
    await store.acquireLease('a', 'me', 1000, 1);
    await store.append('a', 'me', [{ type: 'progress-reported', progress: 0.5 }], 2);
    const pieces = await files.list('jobs/a/');
    await store.append('a', 'me', [{ type: 'job-cancelled', message: 'over' }], 3);
    expect(await files.list('jobs/a/')).toHaveLength(1);
    // the piece that should have been deleted is back
    await files.write(pieces[1]?.key ?? '', encodeUtf8(JSON.stringify(await store.events('a', 1))));
    const again = createFileJobStore(files);
    expect((await again.events('a', 0)).map((event) => event.seq)).toEqual([1, 2, 3]);
  });

  it.each([
    ['a gap', 'jobs/a/00000005.json', '[{"type":"cancel-requested","job":"a","seq":5,"at":1}]', 'STORE_FAILED'],
    ['half a file', 'jobs/a/00000001.json', '[{"type":"job-qu', 'STORE_FAILED'],
    [
      'an event without what it needs',
      'jobs/a/00000001.json',
      '[{"type":"job-queued","job":"a","seq":1,"at":1}]',
      'STORE_FAILED',
    ],
    ['a newer version', 'jobs/version.json', '{"version":2}', 'STORE_VERSION'],
  ])('refuses %s', async (_name, key, text, code) => {
    const files = createMemoryFileStore();
    await files.write(key, encodeUtf8(text));
    const before = await files.list('');
    await expect(createFileJobStore(files).list()).rejects.toMatchObject({ code });
    if (code === 'STORE_VERSION') expect(await files.list('')).toEqual(before);
  });
});
