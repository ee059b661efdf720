import { expect, it } from 'vitest';
import { createBench, orderOf } from './job-engine.test-kit.ts';

it('an engine tells what it works on, what it had to leave and why', async () => {
  const bench = createBench();
  const { engine, host } = bench;
  const left: string[] = [];
  const stopListening = engine.onStall((job) => {
    left.push(job);
    // whoever listens sees how it stands from now on
    expect(engine.standing(job).isWorking).toBe(false);
  });
  expect(engine.standing('none')).toEqual({ isWorking: false, stall: null });

  host.files.failWrites(1, (key) => key.startsWith('raw/'));
  const { job } = await engine.submit(orderOf('a box'));
  expect(engine.standing(job)).toEqual({ isWorking: true, stall: null });
  await expect(engine.wait(job)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  expect(engine.standing(job)).toMatchObject({ isWorking: false, stall: { code: 'STORE_FAILED' } });
  expect(left).toEqual([job]);

  await engine.resume([job]);
  expect(engine.standing(job)).toEqual({ isWorking: true, stall: null });
  expect((await engine.wait(job)).phase).toBe('succeeded');
  await host.clock.settle();
  expect(engine.standing(job)).toEqual({ isWorking: false, stall: null });
  expect(left).toEqual([job]);

  stopListening();
  host.files.failWrites(1, (key) => key.startsWith('raw/'));
  await expect(engine.wait((await engine.submit(orderOf('another box'))).job)).rejects.toMatchObject({
    code: 'STORE_FAILED',
  });
  expect(left).toEqual([job]);
});
