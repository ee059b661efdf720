import { describe, expect, it } from 'vitest';
import { createBench, orderOf } from './job-engine.test-kit.ts';

describe('a job that goes well', () => {
  it('goes through every phase and ends with success', async () => {
    const bench = createBench({ echo: { behaviour: { durationMs: 5000, pollAfterMs: 1000 } } });
    const { job } = await bench.engine.submit(orderOf('a lamp'));
    const state = await bench.engine.wait(job);
    expect(state.phase).toBe('succeeded');
    expect(state.progress).toBe(1);
    expect(await bench.types(job)).toEqual([
      'job-queued',
      'start-requested',
      'operation-started',
      'progress-reported',
      'progress-reported',
      'progress-reported',
      'progress-reported',
      'progress-reported',
      'asset-offered',
      'asset-fetched',
      'processing-started',
      'step-finished',
      'job-succeeded',
    ]);
    expect(bench.starts).toHaveLength(1);
    const raw = state.fetched[0];
    expect(raw).toMatchObject({ assetId: 'main', mediaType: 'model/gltf-binary', extension: 'glb' });
    expect(await bench.host.files.read(raw?.key ?? '')).toHaveLength(raw?.sizeBytes ?? -1);
  });
});
