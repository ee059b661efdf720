import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, createBench, send } from './bench.ts';

const FILE = new Uint8Array(1000).map((_, index) => index);
const ORDER = { prompt: 'robot' };

let bench: Bench;

beforeEach(async () => {
  bench = await createBench({ limits: 'off' });
});
afterEach(async () => {
  await bench.close();
});

async function finished(): Promise<string> {
  const id = await bench.submit();
  for (let worker = 0; worker < 3; worker += 1) bench.gateway.control(id).succeed({ file: FILE });
  return id;
}

/** Status, announced length and bytes that came before the connection ended or `quietMs` passed without more. */
async function readPieces(url: string, quietMs = 150): Promise<{ length: string | null; bytes: number; end: string }> {
  const response = await fetch(url, { headers: { 'x-api-key': bench.key } });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let bytes = 0;
  for (;;) {
    const quiet = new Promise<'quiet'>((resolve) => setTimeout(() => resolve('quiet'), quietMs));
    const piece = await Promise.race([reader.read().catch(() => 'cut' as const), quiet]);
    if (typeof piece !== 'string' && !piece.done) bytes += piece.value.length;
    else {
      const end = typeof piece === 'string' ? piece : 'end';
      await reader.cancel().catch(() => undefined);
      return { length: response.headers.get('content-length'), bytes, end };
    }
  }
}

describe('faults of the stand-in', () => {
  it('drop-before cuts the connection and makes no task', async () => {
    bench.gateway.arm('add_task', { kind: 'drop-before' });
    await expect(bench.post(ORDER)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(bench.gateway.submissions).toEqual({ received: 0, accepted: 0 });
    expect((await bench.post(ORDER)).status).toBe(200);
  });

  it('drop-after cuts the connection when the task is there', async () => {
    bench.gateway.arm('add_task', { kind: 'drop-after' });
    await expect(bench.post(ORDER)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(bench.gateway.submissions).toEqual({ received: 1, accepted: 1 });
    expect(bench.lastTask()).toMatchObject({ prompt: 'robot', state: 'queued' });
  });

  it('latency gives the right answer late', async () => {
    bench.gateway.arm('any', { kind: 'latency', delayMs: 60 });
    const before = performance.now();
    expect((await bench.post(ORDER)).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(50);
  });

  it('bursts of 429 and 503 end after the number of times asked for, and do nothing', async () => {
    bench.gateway.arm('add_task', { kind: 'rate-limited' }, { times: 2 });
    bench.gateway.arm('add_task', { kind: 'unavailable' });
    bench.gateway.arm('add_task', { kind: 'over-limit', error: 'daily_limit' });
    bench.gateway.arm('add_task', { kind: 'internal-error' });
    const answers = [];
    for (let count = 0; count < 6; count += 1) answers.push(await bench.post(ORDER));
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 503, 429, 500, 200]);
    expect(answers[0]?.json).toMatchObject({ error: { code: 429 } });
    expect(answers[2]?.text).toBe('Service unavailable: Task limiter is unavailable');
    expect(answers[3]?.json).toEqual({ error: 'daily_limit', message: 'User daily task limit exceeded.' });
    expect(answers[4]?.text).toBe('Internal Server Error');
    expect(bench.gateway.submissions.accepted).toBe(1);
  });

  it('html-page is what something in front of the gateway says', async () => {
    bench.gateway.arm('get_status', { kind: 'html-page', status: 502 });
    const answer = await bench.send(`/get_status?id=${await bench.submit()}`);
    expect(answer).toMatchObject({ status: 502, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(answer.text).toMatch(/^<!DOCTYPE html>/);
  });

  it('truncated-body announces all and cuts; shortened-body pretends that this was all', async () => {
    const id = await finished();
    bench.gateway.arm('get_result', { kind: 'truncated-body', bytes: 400 });
    const url = `${bench.url}/get_result?id=${id}`;
    expect(await readPieces(url, 1000)).toEqual({ length: '1000', bytes: 400, end: 'cut' });
    bench.gateway.arm('get_result', { kind: 'shortened-body', bytes: 400 });
    const answer = await bench.result(id);
    expect({ status: answer.status, bytes: answer.bytes }).toEqual({ status: 200, bytes: FILE.subarray(0, 400) });
    bench.gateway.arm('get_result', { kind: 'truncated-body', bytes: 50 });
    await expect(bench.result(id, '&all=true')).rejects.toThrow();
    expect((await bench.result(id)).bytes).toEqual(FILE);
  });

  it('stalled-body sends a part and then nothing', async () => {
    const id = await finished();
    bench.gateway.arm('get_result', { kind: 'stalled-body', bytes: 300 });
    expect(await readPieces(`${bench.url}/get_result?id=${id}`)).toEqual({ length: '1000', bytes: 300, end: 'quiet' });
  });

  it('silence carries the request out and never says so', async () => {
    bench.gateway.arm('add_task', { kind: 'silence' });
    const waiting = bench.post(ORDER).then(
      () => 'answered',
      () => 'broken',
    );
    const quiet = new Promise((resolve) => setTimeout(() => resolve('quiet'), 100));
    expect(await Promise.race([waiting, quiet])).toBe('quiet');
    expect(bench.gateway.submissions.accepted).toBe(1);
    await bench.close();
    expect(await waiting).toBe('broken');
  });

  it('slow-body trickles the right bytes', async () => {
    const id = await finished();
    bench.gateway.arm('get_result', { kind: 'slow-body', bytes: 250, pauseMs: 20 });
    const before = performance.now();
    expect((await bench.result(id)).bytes).toEqual(FILE);
    expect(performance.now() - before).toBeGreaterThan(50);
  });

  it('wrong-content-type and other-body lie about what was made', async () => {
    const id = await finished();
    bench.gateway.arm('get_result', { kind: 'wrong-content-type', contentType: 'text/html' });
    const mislabelled = await bench.result(id);
    expect(mislabelled.headers['content-type']).toBe('text/html');
    expect(mislabelled.bytes).toEqual(FILE);
    const body = new TextEncoder().encode('{"id":5}');
    bench.gateway.arm('add_task', { kind: 'other-body', contentType: 'application/json', body });
    expect((await bench.post(ORDER)).json).toEqual({ id: 5 });
    expect(bench.gateway.tasks.length).toBe(2);
  });

  it('result-expired loses the results while the task stays a success', async () => {
    const id = await finished();
    bench.gateway.arm('get_result', { kind: 'result-expired' });
    expect((await bench.result(id)).text).toBe(`Task ID ${id} not found`);
    expect(await bench.status(id)).toMatchObject({ status: 'Success' });
    expect((await bench.result(id)).status).toBe(404);
  });

  it('unknown-status says a word that is none', async () => {
    const id = await bench.submit();
    bench.gateway.arm('get_status', { kind: 'unknown-status', status: 'Verifying' }, { times: 2 });
    expect(await bench.status(id)).toEqual({ status: 'Verifying' });
    expect(await bench.status(id)).toEqual({ status: 'Verifying' });
    expect(await bench.status(id)).toEqual({ status: 'NoResult' });
  });

  it('strikes only requests it was armed for, and can be disarmed', async () => {
    const [first, second] = [await bench.submit(), await bench.submit()];
    const when = { times: Number.POSITIVE_INFINITY, when: ({ query }: { query: string }) => query.includes(second) };
    const disarm = bench.gateway.arm('get_status', { kind: 'unavailable' }, when);
    const ask = async (id: string) => (await bench.send(`/get_status?id=${id}`)).status;
    expect([await ask(first), await ask(second), await ask(second)]).toEqual([200, 503, 503]);
    disarm();
    expect(await ask(second)).toBe(200);
    expect(bench.gateway.requests.map(({ fault }) => fault).slice(-3)).toEqual(['unavailable', 'unavailable', null]);
  });

  it('compresses texts for clients that take it, Zstandard first, and never files', async () => {
    const id = await finished();
    const ask = (path: string, encodings: string) =>
      bench.send(path, { headers: { 'accept-encoding': encodings, 'x-api-key': bench.key } });
    const zstd = await ask('/get_result', 'gzip, deflate, br, zstd');
    expect(zstd.headers['content-encoding']).toBe('zstd');
    expect(zstdDecompressSync(zstd.bytes).toString()).toBe('Bad request: missing field `id`');
    const gzip = await ask('/get_result', 'gzip;q=0.8, br');
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.bytes).toString()).toBe('Bad request: missing field `id`');
    for (const path of [`/get_status?id=${id}`, `/get_result?id=${id}`]) {
      expect((await ask(path, 'gzip, zstd')).headers).not.toHaveProperty('content-encoding');
    }
  });

  it('keeps no key in what it tells of requests', async () => {
    await bench.post(ORDER);
    await finished();
    expect(JSON.stringify([bench.gateway.requests, bench.gateway.tasks])).not.toContain(bench.key);
  });

  it('ends every connection when it is closed, also one that waits', async () => {
    const id = await finished();
    bench.gateway.arm('get_result', { kind: 'stalled-body', bytes: 10 });
    const waiting = send(`${bench.url}/get_result?id=${id}`, { headers: { 'x-api-key': bench.key } });
    const broken = expect(waiting).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await bench.close();
    await broken;
  });
});
