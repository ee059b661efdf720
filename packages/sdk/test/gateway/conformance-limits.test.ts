import { afterEach, describe, expect, it } from 'vitest';
import type { StartGatewayOptions } from '../../src/testing/index.ts';
import { type Bench, createBench, type WireAnswer } from './bench.ts';

const TEXT_TYPE = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';
const UNKNOWN_KEY = '00000000-0000-4000-8000-000000000000';
const DAY_MS = 86_400_000;

const open: Bench[] = [];

async function start(options: StartGatewayOptions = {}): Promise<Bench> {
  const bench = await createBench(options);
  open.push(bench);
  return bench;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.close()));
});

function expectJson(answer: WireAnswer, status: number, error: string, message: string): void {
  expect({ status: answer.status, type: answer.headers['content-type'] }).toEqual({ status, type: JSON_TYPE });
  expect(answer.json).toEqual({ error, message });
}

/** An answer of the framework, as JSON. */
function expectCatcher(answer: WireAnswer, code: number, name: string): void {
  expect({ status: answer.status, type: answer.headers['content-type'] }).toEqual({ status: code, type: JSON_TYPE });
  expect(answer.json).toEqual({ error: { code, name, brief: expect.any(String) } });
}

/** Headers of somebody else, behind a proxy. */
const from = (address: string) => ({ 'x-forwarded-for': `${address}, 10.0.0.1` });

describe('gateway conformance: limits, keys and money', () => {
  it('33: GET /add_task with accept: application/json → 405 as JSON, error.code = 405', async () => {
    const bench = await start();
    expectCatcher(await bench.send('/add_task'), 405, 'Method Not Allowed');
    for (const method of ['HEAD', 'OPTIONS']) expect((await bench.send('/get_status', { method })).status).toBe(405);
  });

  it('34: GET /nope with accept: application/json → 404 as JSON; with no accept → HTML', async () => {
    const bench = await start();
    expectCatcher(await bench.send('/nope'), 404, 'Not Found');
    for (const accept of [undefined, '*/*', 'text/html,application/json']) {
      const answer = await bench.send('/nope', { headers: { accept } });
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.text).toMatch(/^<!DOCTYPE html>/);
    }
    expect((await bench.send('/nope', { headers: { accept: 'text/plain' } })).text).toMatch(/^code: 404\n/);
    expect((await bench.send('/nope', { headers: { accept: 'application/xml' } })).text).toMatch(/^<error><code>404</);
  });

  it('35: 31st POST in a minute from one IP (limit 30) → 429, even if the body is invalid', async () => {
    const bench = await start();
    for (let count = 1; count <= 30; count += 1) expect((await bench.post({})).status).toBe(400);
    expectCatcher(await bench.post('no JSON'), 429, 'Too Many Requests');
    expectCatcher(await bench.post({ prompt: 'robot' }), 429, 'Too Many Requests');
    bench.advance(60_000);
    expect((await bench.post({ prompt: 'robot' })).status).toBe(200);
  });

  it('36: queue at capacity → 503 Task queue is full; no quota used (repeat gives 503, not 429)', async () => {
    const bench = await start({ limits: { queueLength: 1 } });
    await bench.submit({ prompt: 'robot' }, { 'x-api-key': bench.genericKey });
    for (let count = 0; count < 2; count += 1) {
      const answer = await bench.post({ prompt: 'robot' });
      expect(answer).toMatchObject({ status: 503, headers: { 'content-type': TEXT_TYPE } });
      expect(answer.text).toBe('Service unavailable: Task queue is full');
    }
    // a full queue hides a mistake in the model
    expect((await bench.post({ prompt: 'robot', model: 'invalid' })).status).toBe(503);
    const [task] = bench.gateway.tasks;
    for (let worker = 1; worker <= 3; worker += 1) bench.gateway.control(task?.id ?? '').succeed();
    expect((await bench.post({ prompt: 'robot' })).status).toBe(200);
  });

  it('37: third concurrent task with the generic key (limit 2) → 429 concurrent_limit', async () => {
    const bench = await start();
    const generic = { 'x-api-key': bench.genericKey };
    await bench.submit({ prompt: 'robot' }, generic);
    await bench.submit({ prompt: 'robot' }, generic);
    const answer = await bench.post({ prompt: 'robot' }, generic);
    expectJson(answer, 429, 'concurrent_limit', 'Generic key concurrent task limit exceeded.');
    expect(bench.gateway.tasks.map(({ origin }) => origin)).toEqual(['guest_generic', 'guest_generic']);
  });

  it('38: the same from another IP → 429, the cap is shared', async () => {
    const bench = await start({ trustsProxy: true });
    const generic = { 'x-api-key': bench.genericKey };
    await bench.submit({ prompt: 'robot' }, { ...generic, ...from('192.0.2.1') });
    await bench.submit({ prompt: 'robot' }, { ...generic, ...from('192.0.2.2') });
    expect(bench.gateway.tasks.map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.2']);
    const answer = await bench.post({ prompt: 'robot' }, { ...generic, ...from('192.0.2.3') });
    expectJson(answer, 429, 'concurrent_limit', 'Generic key concurrent task limit exceeded.');
  });

  it('39: 11th generic-key task from one IP in 24 h → 429 daily_limit, per-IP rolling limit', async () => {
    const bench = await start({ trustsProxy: true, workers: () => [{}, {}, {}] });
    const here = { 'x-api-key': bench.genericKey, ...from('192.0.2.1') };
    for (let count = 1; count <= 10; count += 1) await bench.submit({ prompt: 'robot' }, here);
    const answer = await bench.post({ prompt: 'robot' }, here);
    expectJson(answer, 429, 'daily_limit', 'Generic key per-IP rolling limit exceeded.');
    const elsewhere = { ...here, ...from('192.0.2.2') };
    expect((await bench.post({ prompt: 'robot' }, elsewhere)).status).toBe(200);
    bench.advance(DAY_MS + 1);
    expect((await bench.post({ prompt: 'robot' }, here)).status).toBe(200);
  });

  it('40: personal key, zero balance, zero free limit → 402 insufficient_balance', async () => {
    const bench = await start();
    bench.gateway.setBalance(bench.key, 0);
    const answer = await bench.post({ prompt: 'robot' });
    expectJson(answer, 402, 'insufficient_balance', 'Insufficient user balance.');
    expect(bench.gateway.submissions).toEqual({ received: 1, accepted: 0 });
    bench.gateway.setBalance(bench.key, 15);
    const id = await bench.submit();
    expect(bench.gateway.balanceOf(bench.key)).toBe(0);
    for (let worker = 1; worker <= 3; worker += 1) bench.gateway.control(id).fail('out of memory');
    expect(bench.gateway.balanceOf(bench.key)).toBe(15);
  });

  it('41: second task while the first is running, personal limit 1 → 429 concurrent_limit', async () => {
    const bench = await start();
    const id = await bench.submit();
    const control = bench.gateway.control(id);
    control.succeed();
    // two of three are still to come: the slot is not free yet
    const answer = await bench.post({ prompt: 'robot' });
    expectJson(answer, 429, 'concurrent_limit', 'User concurrent task limit exceeded.');
    control.succeed();
    control.succeed();
    expect((await bench.post({ prompt: 'robot' })).status).toBe(200);
  });

  it('42: invalid body with the generic key, then a valid one → 400 then 200, no quota consumed', async () => {
    const bench = await start({ limits: { genericConcurrent: 1, genericPerDay: 1 } });
    const generic = { 'x-api-key': bench.genericKey };
    expect((await bench.post({ prompt: 'a@b' }, generic)).status).toBe(400);
    expect((await bench.post({ prompt: 'robot' }, generic)).status).toBe(200);
    expect((await bench.post({ prompt: 'robot' }, generic)).status).toBe(429);
  });

  it('43: 50 get_result calls with well-formed unknown keys from one IP → 49 × 401, 50th 429', async () => {
    const bench = await start();
    const knock = (key = UNKNOWN_KEY) => bench.result(UNKNOWN_KEY, '', { 'x-api-key': key });
    for (let count = 1; count <= 49; count += 1) expect((await knock()).status).toBe(401);
    const message = 'Too many invalid API key attempts from this IP. Please retry later.';
    expectJson(await knock(), 429, 'invalid_api_key_rate_limit', message);
    // a good key still passes, and the cooldown ends
    expect((await knock(bench.key)).status).toBe(404);
    bench.advance(299_000);
    expect((await knock()).status).toBe(429);
    bench.advance(301_001);
    expect((await knock()).status).toBe(401);
  });

  it('70: any 429 or 503 → no Retry-After header', async () => {
    const bench = await start({ limits: { addTasksPerMinute: 3, queueLength: 2, statusesPerMinute: 0 } });
    await bench.submit();
    const answers = [await bench.post({ prompt: 'robot' })];
    await bench.submit({ prompt: 'robot' }, { 'x-api-key': bench.genericKey });
    bench.advance(60_000);
    answers.push(
      await bench.post({ prompt: 'robot' }),
      await bench.send(`/get_status?id=${UNKNOWN_KEY}`),
      ...(await Promise.all([1, 2, 3].map(() => bench.post({ prompt: 'robot' })))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([429, 429, 429, 503, 503, 503]);
    for (const { headers } of answers) {
      expect(Object.keys(headers).filter((name) => /^(retry-after|x-ratelimit)/.test(name))).toEqual([]);
    }
  });
});
