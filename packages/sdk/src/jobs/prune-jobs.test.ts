import { describe, expect, it } from 'vitest';
import { createBench, orderOf } from './job-engine.test-kit.ts';

const DAY_MS = 86_400_000;

async function createHistory() {
  const bench = createBench({
    echo: {
      behaviour: ({ text }) =>
        text === 'bad'
          ? { failure: { code: 'OPERATION_FAILED', message: 'no', retry: 'never' } }
          : text === 'slow'
            ? { durationMs: 600_000 }
            : {},
    },
  });
  const run = async (text: string) => {
    const { job } = await bench.engine.submit(orderOf(text));
    await bench.engine.wait(job);
    return job;
  };
  const old = await run('old');
  const bad = await run('bad');
  await bench.host.clock.sleep(DAY_MS);
  const young = await run('young');
  return { bench, old, bad, young, run };
}

describe('prune', () => {
  it('lists what would go, with its size, and deletes nothing in a dry run', async () => {
    const { bench, old, bad } = await createHistory();
    const files = await bench.host.files.list('');
    const jobs = await bench.engine.list();
    const report = await bench.engine.prune({ olderThanMs: DAY_MS / 2, dryRun: true });
    expect([...report.jobs].sort()).toEqual([old, bad].sort());
    const raw = jobs.find((state) => state.job === old)?.fetched[0];
    expect(report.files).toEqual([raw?.key]);
    expect(report.bytes).toBe(raw?.sizeBytes);
    expect(await bench.host.files.list('')).toEqual(files);
    expect(await bench.engine.list()).toEqual(jobs);
  });

  it('removes what the dry run listed', async () => {
    const { bench, young } = await createHistory();
    const planned = await bench.engine.prune({ olderThanMs: DAY_MS / 2, dryRun: true });
    expect(await bench.engine.prune({ olderThanMs: DAY_MS / 2 })).toEqual(planned);
    expect((await bench.engine.list()).map((state) => state.job)).toEqual([young]);
    expect(await bench.host.files.list('raw/')).toHaveLength(1);
    expect(await bench.engine.prune({ olderThanMs: DAY_MS / 2 })).toEqual({ jobs: [], files: [], bytes: 0 });
  });

  it('takes only jobs with the named end', async () => {
    const { bench, bad } = await createHistory();
    expect((await bench.engine.prune({ phases: ['failed'] })).jobs).toEqual([bad]);
  });

  it('keeps raw bytes that another job shares', async () => {
    const { bench, old, run } = await createHistory();
    const again = await run('old');
    const report = await bench.engine.prune({ olderThanMs: DAY_MS / 2 });
    expect(report.jobs).toContain(old);
    expect(report.files).toEqual([]);
    const raw = (await bench.engine.get(again))?.fetched[0];
    expect(await bench.host.files.stat(raw?.key ?? '')).not.toBeNull();
  });

  it('leaves open jobs alone, whatever it is asked for', async () => {
    const { bench } = await createHistory();
    const { job } = await bench.engine.submit(orderOf('slow'));
    await bench.host.clock.sleep(300_000);
    const report = await bench.engine.prune({ phases: ['running', 'queued', 'succeeded', 'failed'] });
    expect(report.jobs).not.toContain(job);
    expect((await bench.engine.wait(job)).phase).toBe('succeeded');
  });

  it('leaves files alone whose event may still be on its way, and takes old orphans', async () => {
    const { bench } = await createHistory();
    await bench.host.files.write('raw/ff/orphan.glb', Uint8Array.of(1, 2, 3));
    expect((await bench.engine.prune({ phases: [] })).files).toEqual([]);
    await bench.host.clock.sleep(2 * 3_600_000);
    expect(await bench.engine.prune({ phases: [] })).toEqual({ jobs: [], files: ['raw/ff/orphan.glb'], bytes: 3 });
  });
});
