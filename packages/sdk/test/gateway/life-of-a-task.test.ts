import { afterEach, describe, expect, it } from 'vitest';
import { createGatewayStandIn, STEADY_WORKERS, type StartGatewayOptions } from '../../src/testing/index.ts';
import { type Bench, createBench } from './bench.ts';

const FILE = new Uint8Array([0x67, 0x6c, 0x54, 0x46]);
const open: Bench[] = [];

async function start(options: StartGatewayOptions = {}): Promise<Bench> {
  const bench = await createBench({ results: () => FILE, ...options });
  open.push(bench);
  return bench;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.close()));
});

/** What a client sees so many seconds from now. */
async function watch(bench: Bench, id: string, seconds: readonly number[]): Promise<unknown[]> {
  const seen: unknown[] = [];
  let now = 0;
  for (const second of seconds) {
    bench.advance((second - now) * 1000);
    now = second;
    const { status, reason } = (await bench.status(id)) as { status: string; reason?: string };
    seen.push(reason === undefined ? status : `${status}: ${reason}`);
  }
  return seen;
}

describe('the life of a task', () => {
  it('goes through every word while steady workers work', async () => {
    const bench = await start({ workers: () => STEADY_WORKERS });
    const id = await bench.submit();
    expect(await watch(bench, id, [0, 1, 3, 4.5, 6])).toEqual([
      'NoResult',
      'InProgress',
      'PartialResult(1)',
      'PartialResult(2)',
      'Success',
    ]);
  });

  it('is the same however far the clock jumps at once', async () => {
    const bench = await start({ workers: () => STEADY_WORKERS });
    const first = await bench.submit();
    bench.advance(6000);
    expect(await bench.status(first)).toEqual({ status: 'Success', worker_id: 'worker-1' });
    bench.advance(40_000_000);
    expect(bench.gateway.control(first).look()).toMatchObject({ state: 'succeeded', keptCount: 0 });
  });

  it('starts with a failure as PartialResult(0) and still succeeds', async () => {
    const bench = await start();
    bench.gateway.scriptNext([
      { worksMs: 1000, outcome: 'failure', reason: 'out of memory' },
      { worksMs: 2000 },
      { worksMs: 3000, outcome: 'failure' },
    ]);
    const id = await bench.submit();
    expect(await watch(bench, id, [0, 1, 2, 3])).toEqual([
      'InProgress',
      'PartialResult(0)',
      'PartialResult(1)',
      'Success',
    ]);
    expect(bench.gateway.control(id).look()).toMatchObject({ successCount: 1, finishedCount: 3, money: 'committed' });
  });

  it('fails and gives the money back when every worker fails', async () => {
    const bench = await start();
    const before = bench.gateway.balanceOf(bench.key);
    bench.gateway.scriptNext(Array.from({ length: 3 }, () => ({ worksMs: 1000, outcome: 'failure' as const })));
    const id = await bench.submit();
    expect(bench.gateway.balanceOf(bench.key)).toBe(before - 15);
    expect(await watch(bench, id, [1])).toEqual(['Failure: Generation failed']);
    expect(bench.gateway.balanceOf(bench.key)).toBe(before);
    expect((await bench.result(id)).text).toBe(
      `No successful results found for task ID ${id}. Failure reason: Generation failed`,
    );
  });

  it('loses a partial result after its time although the task lives, and then times out', async () => {
    const bench = await start();
    bench.gateway.scriptNext([{ worksMs: 10_000 }, { worksMs: 10_000, outcome: 'silence' }]);
    const id = await bench.submit();
    expect(await watch(bench, id, [10])).toEqual(['PartialResult(1)']);
    expect((await bench.result(id)).bytes).toEqual(FILE);
    // 300 s after the result, at the next clean-up; the second worker still holds the task
    expect(await watch(bench, id, [320, 580])).toEqual(['InProgress', 'InProgress']);
    expect((await bench.result(id)).status).toBe(404);
    expect(await watch(bench, id, [30])).toEqual(['Failure: Task timed out']);
    // charged all the same
    expect(bench.gateway.control(id).look()).toMatchObject({ state: 'timed_out', money: 'committed' });
  });

  it('lets the database speak for a lost partial result that nobody works on', async () => {
    const bench = await start();
    bench.gateway.scriptNext([{ worksMs: 10_000 }]);
    const id = await bench.submit();
    expect(await watch(bench, id, [10, 330])).toEqual(['PartialResult(1)', 'PartialResult(1)']);
    expect((await bench.result(id)).status).toBe(404);
  });

  it('turns from Success to Failure when a task that was partial at its deadline is forgotten', async () => {
    const bench = await start();
    bench.gateway.scriptNext([{ worksMs: 500_000 }]);
    const id = await bench.submit();
    expect(await watch(bench, id, [500, 620])).toEqual(['PartialResult(1)', 'Success']);
    expect((await bench.result(id)).bytes).toEqual(FILE);
    expect(await watch(bench, id, [0, 330])).toEqual(['Success', 'Failure: Gateway task deadline exceeded.']);
    expect(bench.gateway.control(id).look().money).toBe('committed');
  });

  it('serves a mesh under the name of a splat after the deadline', async () => {
    const bench = await start();
    bench.gateway.scriptNext([{ worksMs: 500_000 }]);
    const id = await bench.submitImage('404-mesh');
    bench.advance(500_000);
    expect((await bench.result(id)).headers['content-type']).toBe('model/gltf-binary');
    bench.advance(130_000);
    const { headers, bytes } = await bench.result(id);
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="result.spz"',
    });
    expect(bytes).toEqual(FILE);
    expect((await bench.result(id, '&compress=0')).status).toBe(500);
  });

  it('ignores a worker that comes after the deadline', async () => {
    const bench = await start();
    bench.gateway.scriptNext([{ worksMs: 700_000 }, { takesAfterMs: 800_000 }]);
    const id = await bench.submit();
    expect(await watch(bench, id, [650, 720])).toEqual(['Failure: Task timed out', 'Failure: Task timed out']);
    expect(bench.gateway.control(id).look()).toMatchObject({ finishedCount: 0, money: 'refunded' });
  });

  it('answers for a task on every node and serves its results on one', async () => {
    const bench = await start({ nodeCount: 2 });
    const id = await bench.submit();
    bench.gateway.control(id).succeed();
    const there = await bench.send(`/get_status?id=${id}`, {}, 2);
    expect(there.json).toEqual({ status: 'PartialResult(1)' });
    const headers = { 'x-api-key': bench.key };
    const wrong = await bench.send(`/get_result?id=${id}`, { headers }, 2);
    expect({ status: wrong.status, text: wrong.text }).toEqual({ status: 404, text: `Task ID ${id} not found` });
    expect((await bench.send(`/get_result?id=${id}`, { headers }, 1)).bytes).toEqual(FILE);
    expect([(await bench.send('/id', {}, 1)).text, (await bench.send('/id', {}, 2)).text]).toEqual(['1', '2']);
  });

  it('measures companies against their own limits, under their name', async () => {
    const [mine, theirs] = ['22222222-2222-4222-8222-222222222222', '33333333-3333-4333-8333-333333333333'];
    const bench = await start({
      accounts: [
        { keys: [mine, theirs], kind: 'company', name: 'Acme', concurrent: 2, perDay: 3, balanceCents: 45 },
        { keys: ['44444444-4444-4444-8444-444444444444'], canBeBilled: false },
      ],
    });
    const first = await bench.submit();
    await bench.submit({ prompt: 'robot' }, { 'x-api-key': theirs });
    expect((await bench.post({ prompt: 'robot' })).json).toMatchObject({
      message: 'Acme concurrent task limit exceeded.',
    });
    for (let worker = 0; worker < 3; worker += 1) bench.gateway.control(first).succeed();
    // any key of the company reads its results
    expect((await bench.result(first, '', { 'x-api-key': theirs })).status).toBe(200);
    const third = await bench.submit();
    for (let worker = 0; worker < 3; worker += 1) bench.gateway.control(third).succeed();
    expect((await bench.post({ prompt: 'robot' })).json).toMatchObject({ message: 'Acme daily task limit exceeded.' });
    bench.advance(86_400_000);
    expect((await bench.post({ prompt: 'robot' })).json).toEqual({
      error: 'insufficient_balance',
      message: 'Insufficient company balance.',
    });
    const unbilled = await bench.post({ prompt: 'robot' }, { 'x-api-key': '44444444-4444-4444-8444-444444444444' });
    expect(unbilled.text).toBe('Unauthorized request: API key is no longer active for billing.');
  });

  it('answers without a network and without Node: the core is a function of its requests and its clock', async () => {
    const run = async (): Promise<readonly unknown[]> => {
      let nowMs = 0;
      const gateway = createGatewayStandIn({ clock: { now: () => nowMs }, results: () => FILE });
      const body = new TextEncoder().encode('{"prompt":"robot"}');
      const ask = (method: string, path: string, query = '') =>
        gateway.handle({
          method,
          path,
          query,
          headers: { 'x-api-key': gateway.key, 'content-type': 'application/json' },
          remoteAddress: '192.0.2.1',
          readBody: async () => body,
        });
      const { body: created } = await ask('POST', '/add_task');
      const { id } = JSON.parse(Buffer.from(created as Uint8Array).toString()) as { id: string };
      nowMs = 10_000;
      return [id, gateway.key, (await ask('GET', '/get_result', `id=${id}`)).body, gateway.tasks];
    };
    const first = await run();
    expect(first[2]).toEqual(FILE);
    expect(await run()).toEqual(first);
  });
});
