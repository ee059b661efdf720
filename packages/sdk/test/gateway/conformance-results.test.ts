import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, createBench, type WireAnswer } from './bench.ts';

const TEXT_TYPE = 'text/plain; charset=utf-8';
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const OTHER_KEY = '11111111-1111-4111-8111-111111111111';
const KEY = '22222222-2222-4222-8222-222222222222';
const FILES = [new Uint8Array([1, 2, 3]), new Uint8Array([4, 5, 6, 7]), new Uint8Array([8])];

let bench: Bench;

beforeEach(async () => {
  bench = await createBench({ accounts: [{ keys: [KEY] }, { keys: [OTHER_KEY] }] });
});
afterEach(async () => {
  await bench.close();
});

function expectText(answer: WireAnswer, status: number, text: string): void {
  expect({ status: answer.status, type: answer.headers['content-type'], text: answer.text }).toEqual({
    status,
    type: TEXT_TYPE,
    text,
  });
}

/** A task of the person with the given results: a file for a success, a text for a failure. */
async function taskWith(...results: readonly (Uint8Array | string)[]): Promise<string> {
  const id = await bench.submit();
  deliver(id, results);
  return id;
}

function deliver(id: string, results: readonly (Uint8Array | string)[]): void {
  for (const result of results) {
    if (typeof result === 'string') bench.gateway.control(id).fail(result);
    else bench.gateway.control(id).succeed({ file: result });
  }
}

describe('gateway conformance: states', () => {
  it('44: get_status without id; with id=not-a-uuid → 400', async () => {
    for (const query of ['', '?id=not-a-uuid', '?id=']) {
      const answer = await bench.send(`/get_status${query}`);
      expect(answer).toMatchObject({ status: 400, headers: { 'content-type': TEXT_TYPE } });
      expect(answer.text).toMatch(/^Bad request: ./);
    }
  });

  it('45: get_status, unknown UUID, no key → 200, exactly {"status":"NoResult"}', async () => {
    const answer = await bench.send(`/get_status?id=${UNKNOWN}`);
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: '{"status":"NoResult"}' });
  });

  it('46: get_status right after add_task, malformed key header → 200, NoResult', async () => {
    const id = await bench.submit();
    const answer = await bench.send(`/get_status?id=${id}`, { headers: { 'x-api-key': 'nonsense' } });
    expect({ status: answer.status, json: answer.json }).toEqual({ status: 200, json: { status: 'NoResult' } });
  });

  it('47: get_status after a worker took it → 200, InProgress', async () => {
    const id = await bench.submit();
    bench.gateway.control(id).take();
    expect(await bench.status(id)).toEqual({ status: 'InProgress' });
  });

  it('48: after 1 success of 3 → PartialResult(1)', async () => {
    expect(await bench.status(await taskWith(FILES[0] as Uint8Array))).toEqual({ status: 'PartialResult(1)' });
  });

  it('49: after 1 failure of 3 → PartialResult(0)', async () => {
    expect(await bench.status(await taskWith('out of memory'))).toEqual({ status: 'PartialResult(0)' });
  });

  it('50: after 3 successes → Success with the first worker', async () => {
    const id = await bench.submit();
    for (const workerId of ['b', 'a', 'c']) bench.gateway.control(id).succeed({ workerId });
    expect(await bench.status(id)).toEqual({ status: 'Success', worker_id: 'b' });
  });

  it('51: after 3 failures → Failure with a reason', async () => {
    const id = await taskWith('first', 'second', 'r'.repeat(300));
    expect(await bench.status(id)).toEqual({ status: 'Failure', reason: 'r'.repeat(255) });
  });

  it("52: get_status of a personal task with another user's key → 200, normal status", async () => {
    const id = await taskWith(FILES[0] as Uint8Array);
    const answer = await bench.send(`/get_status?id=${id}`, { headers: { 'x-api-key': OTHER_KEY } });
    expect(answer.json).toEqual({ status: 'PartialResult(1)' });
  });
});

describe('gateway conformance: results', () => {
  it('53: get_result pending → 404 Task ID T not found', async () => {
    const id = await bench.submit();
    expectText(await bench.result(id), 404, `Task ID ${id} not found`);
    bench.gateway.control(id).take();
    expectText(await bench.result(id), 404, `Task ID ${id} not found`);
  });

  it('54: get_result without key / malformed key → 401 / 400', async () => {
    const id = await taskWith(...FILES);
    const without = await bench.result(id, '', { 'x-api-key': undefined });
    expectText(without, 401, 'Unauthorized request: Missing API key');
    const malformed = await bench.result(id, '', { 'x-api-key': `{${KEY}}` });
    expectText(malformed, 400, 'Bad request: Invalid API key format');
  });

  it('55: get_result without id / bad id / all=1 → 400', async () => {
    const id = await taskWith(...FILES);
    for (const query of ['', '?id=nope', `?id=${id}&all=1`, `?id=${id}&all=`]) {
      const answer = await bench.send(`/get_result${query}`, { headers: { 'x-api-key': KEY } });
      expect(answer).toMatchObject({ status: 400, headers: { 'content-type': TEXT_TYPE } });
      expect(answer.text).toMatch(/^Bad request: ./);
    }
    expect((await bench.result(id, '&all=false')).status).toBe(200);
  });

  it('56: all results so far failed → 404 No successful results found', async () => {
    const id = await taskWith('out of memory');
    const text = `No successful results found for task ID ${id}. Failure reason: out of memory`;
    expectText(await bench.result(id), 404, text);
  });

  it('57: two successes, default query, 3DGS → 200, bytes of the first, result.spz, content-length', async () => {
    const id = await taskWith(FILES[1] as Uint8Array, FILES[0] as Uint8Array);
    const answer = await bench.result(id);
    expect(answer.status).toBe(200);
    expect(answer.bytes).toEqual(FILES[1]);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="result.spz"',
      'content-length': '4',
    });
  });

  it('58: compress=1; compress=TRUE; format=spz → 200, same as 57', async () => {
    const id = await taskWith(FILES[0] as Uint8Array, FILES[1] as Uint8Array);
    const plain = await bench.result(id);
    for (const query of ['&compress=1', '&compress=TRUE', '&format=spz', '&format=SPZ&compress=0', '&format=other']) {
      const { status, bytes, headers } = await bench.result(id, query);
      expect({ status, bytes, name: headers['content-disposition'] }).toEqual({
        status: 200,
        bytes: plain.bytes,
        name: 'attachment; filename="result.spz"',
      });
    }
  });

  it('59: compress=0, compress=false or format=ply, valid SPZ → 200, result.ply', async () => {
    const id = await bench.submit();
    bench.gateway.control(id).succeed();
    const bodies: Uint8Array[] = [];
    for (const query of ['&compress=0', '&compress=false', '&format=ply']) {
      const { status, bytes, headers } = await bench.result(id, query);
      expect({ status, name: headers['content-disposition'], length: headers['content-length'] }).toEqual({
        status: 200,
        name: 'attachment; filename="result.ply"',
        length: String(bytes.length),
      });
      expect(Buffer.from(bytes.subarray(0, 36)).toString()).toBe('ply\nformat binary_little_endian 1.0\n');
      bodies.push(bytes);
    }
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[2]).toEqual(bodies[0]);
  });

  it('60: compress=0, asset not SPZ → 500 Internal Server Error', async () => {
    const ply = Buffer.from('ply\nformat binary_little_endian 1.0\nelement vertex 0\nend_header\n');
    for (const file of [FILES[0] as Uint8Array, ply]) {
      const id = await bench.submit();
      deliver(id, [file, file, file]);
      expectText(await bench.result(id, '&compress=0'), 500, 'Internal Server Error');
    }
  });

  it('61: compress=maybe with a result / without → 400 / 404', async () => {
    const id = await taskWith(...FILES);
    const text = 'Bad request: Invalid compress value. Use 1/0/true/false.';
    expectText(await bench.result(id, '&compress=maybe'), 400, text);
    const pending = await bench.submit();
    expectText(await bench.result(pending, '&compress=maybe'), 404, `Task ID ${pending} not found`);
  });

  it('62: mesh task, default query → model/gltf-binary, result.glb, bytes untouched', async () => {
    const id = await bench.submitImage('404-mesh');
    deliver(id, FILES);
    const { status, bytes, headers } = await bench.result(id);
    expect({ status, bytes }).toEqual({ status: 200, bytes: FILES[0] });
    expect(headers).toMatchObject({
      'content-type': 'model/gltf-binary',
      'content-disposition': 'attachment; filename="result.glb"',
    });
  });

  it('63: mesh task with compress=0 → same as 62, ignored', async () => {
    const id = await bench.submitImage('404-mesh-v2');
    deliver(id, FILES);
    for (const query of ['&compress=0', '&format=ply']) {
      const { status, bytes, headers } = await bench.result(id, query);
      expect({ status, bytes, type: headers['content-type'] }).toEqual({
        status: 200,
        bytes: FILES[0],
        type: 'model/gltf-binary',
      });
    }
  });

  it('64: all=true, two successes → application/zip, results.zip, no content-length, 1.spz and 2.spz, Stored', async () => {
    const id = await taskWith(FILES[1] as Uint8Array, 'out of memory', FILES[2] as Uint8Array);
    const { status, bytes, headers } = await bench.result(id, '&all=true');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="results.zip"',
    });
    expect(headers).not.toHaveProperty('content-length');
    const methods: number[] = [];
    const files = unzipSync(bytes, {
      filter: ({ compression }) => {
        methods.push(compression);
        return true;
      },
    });
    expect(files).toEqual({ '1.spz': FILES[1], '2.spz': FILES[2] });
    expect(methods).toEqual([0, 0]);
  });

  it('65: get_result by owner / other user / generic key on a personal task → 200 / 404 / 404', async () => {
    const id = await taskWith(...FILES);
    expect((await bench.result(id)).status).toBe(200);
    for (const key of [OTHER_KEY, bench.genericKey]) {
      expectText(await bench.result(id, '', { 'x-api-key': key }), 404, `Task ID ${id} not found`);
    }
    const guest = await bench.submit({ prompt: 'robot' }, { 'x-api-key': bench.genericKey });
    deliver(guest, FILES);
    expect((await bench.result(guest, '', { 'x-api-key': bench.genericKey })).status).toBe(200);
    expectText(await bench.result(guest), 404, `Task ID ${guest} not found`);
  });

  it('66: more than 330 s after the last result → get_result 404; get_status 200 Success from the database', async () => {
    const id = await taskWith(...FILES);
    bench.advance(299_000);
    expect((await bench.result(id)).status).toBe(200);
    bench.advance(32_000);
    expectText(await bench.result(id), 404, `Task ID ${id} not found`);
    expect(await bench.status(id)).toEqual({ status: 'Success', worker_id: expect.any(String) });
    // and a day later nobody knows the id any more
    bench.advance(86_400_000);
    expect(await bench.status(id)).toEqual({ status: 'NoResult' });
  });

  it('67: deadline with no worker → Failure, Task timed out, later Gateway task deadline exceeded.', async () => {
    const id = await bench.submit();
    bench.advance(599_000);
    expect(await bench.status(id)).toEqual({ status: 'NoResult' });
    bench.advance(32_000);
    expect(await bench.status(id)).toEqual({ status: 'Failure', reason: 'Task timed out' });
    bench.advance(331_000);
    expect(await bench.status(id)).toEqual({ status: 'Failure', reason: 'Gateway task deadline exceeded.' });
    expect(bench.gateway.control(id).look()).toMatchObject({ state: 'timed_out', money: 'refunded' });
  });

  it('68: GET get_load, no key → 200, {"gateways":[…]} with 8 fields', async () => {
    await bench.submit();
    const answer = await bench.send('/get_load');
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      gateways: [
        {
          node_id: 1,
          domain: expect.any(String),
          ip: expect.any(String),
          name: expect.any(String),
          http_port: expect.any(Number),
          available_tasks: 1,
          last_task_acquisition: expect.any(Number),
          last_update: expect.any(Number),
        },
      ],
    });
  });

  it('69: GET /id → 200, the node id as text', async () => {
    const answer = await bench.send('/id');
    expectText(answer, 200, '1');
  });
});
