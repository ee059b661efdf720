import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, BOUNDARY, createBench, formBody, PICTURE, png, type WireAnswer } from './bench.ts';

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TEXT_TYPE = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';
const UNKNOWN_KEY = '00000000-0000-4000-8000-000000000000';

let bench: Bench;

beforeEach(async () => {
  // the limit of one task at a time is for its own tests
  bench = await createBench({ limits: { accountConcurrent: 0, addTasksPerMinute: 1000 } });
});
afterEach(async () => {
  await bench.close();
});

/** An error in words: exactly this, or beginning with it where it ends with an ellipsis. */
function expectText(answer: WireAnswer, status: number, text: string): void {
  expect({ status: answer.status, type: answer.headers['content-type'] }).toEqual({ status, type: TEXT_TYPE });
  if (text.endsWith('…')) expect(answer.text.slice(0, text.length - 1)).toBe(text.slice(0, -1));
  else expect(answer.text).toBe(text);
}

function expectAccepted(answer: WireAnswer): void {
  expect({ status: answer.status, type: answer.headers['content-type'] }).toEqual({ status: 200, type: JSON_TYPE });
  expect(Object.keys(answer.json as object)).toEqual(['id']);
  expect((answer.json as { id: string }).id).toMatch(UUID_4);
}

describe('gateway conformance: orders', () => {
  it('1: POST add_task JSON {"prompt":"robot"} → 200, {"id": uuid4} and nothing else', async () => {
    expectAccepted(await bench.post({ prompt: 'robot' }));
    expect(bench.lastTask()).toMatchObject({ prompt: 'robot', image: null, model: { name: '404-3dgs' } });
  });

  it('2: multipart image = valid PNG within 1024² → 200, {"id": …}', async () => {
    expectAccepted(await bench.postForm([['image', PICTURE]]));
    expect(bench.lastTask().image).toEqual(PICTURE);
    expectAccepted(await bench.postForm([['image', png(1024, 1024)]]));
  });

  it('3: x-client-origin unity, then nonsense → 200, 200; the second is counted as api', async () => {
    expectAccepted(await bench.post({ prompt: 'robot' }, { 'x-client-origin': 'unity' }));
    expectAccepted(await bench.post({ prompt: 'robot' }, { 'x-client-origin': 'nonsense' }));
    expect(bench.gateway.tasks.map(({ origin }) => origin)).toEqual(['unity', 'api']);
  });

  it('4: no x-api-key → 401 Missing API key', async () => {
    const answer = await bench.post({ prompt: 'robot' }, { 'x-api-key': undefined });
    expectText(answer, 401, 'Unauthorized request: Missing API key');
  });

  it('5: x-api-key: not-a-uuid → 400 Invalid API key format', async () => {
    const answer = await bench.post({ prompt: 'robot' }, { 'x-api-key': 'not-a-uuid' });
    expectText(answer, 400, 'Bad request: Invalid API key format');
  });

  it('6: key as 32 hex digits without hyphens → 400 as case 5', async () => {
    const answer = await bench.post({ prompt: 'robot' }, { 'x-api-key': bench.key.replaceAll('-', '') });
    expectText(answer, 400, 'Bad request: Invalid API key format');
    expectAccepted(await bench.post({ prompt: 'robot' }, { 'x-api-key': bench.key.toUpperCase() }));
  });

  it('7: well-formed unknown key → 401 Invalid API key', async () => {
    const answer = await bench.post({ prompt: 'robot' }, { 'x-api-key': UNKNOWN_KEY });
    expectText(answer, 401, 'Unauthorized request: Invalid API key');
  });

  it('8: JSON {} → 400 Must provide either prompt or image', async () => {
    expectText(await bench.post({}), 400, 'Bad request: Must provide either prompt or image');
    // a picture cannot be sent as JSON: the member is ignored like any other unknown one
    expectText(await bench.post({ image: 'AAAA' }), 400, 'Bad request: Must provide either prompt or image');
  });

  it('9: multipart prompt + image → 400 Cannot provide both', async () => {
    const answer = await bench.postForm([
      ['prompt', 'robot'],
      ['image', PICTURE],
    ]);
    expectText(answer, 400, 'Bad request: Cannot provide both prompt and image. Choose one.');
  });

  it('10: prompt "ab" → 400 Prompt is too short (got 2)', async () => {
    const answer = await bench.post({ prompt: 'ab' });
    expectText(answer, 400, 'Bad request: Prompt is too short: minimum length is 3 characters (got 2)');
  });

  it('11: prompt "bad@prompt" → 400 Prompt contains invalid characters', async () => {
    const answer = await bench.post({ prompt: 'bad@prompt' });
    expectText(
      answer,
      400,
      "Bad request: Prompt contains invalid characters; allowed pattern: ^[A-Za-z0-9 .,'():;/?!+%-]+$",
    );
    for (const prompt of ['quoted "robot"', 'two\nlines', 'café table', 'snake_case']) {
      expectText(await bench.post({ prompt }), 400, 'Bad request: Prompt contains invalid characters…');
    }
    expectAccepted(await bench.post({ prompt: '   ' }));
  });

  it('12: JSON prompt of 1024 × x → 200, no maximum on JSON', async () => {
    expectAccepted(await bench.post({ prompt: 'x'.repeat(1024) }));
  });

  it('13: multipart prompt of 385 bytes → 400 Failed to read prompt', async () => {
    const answer = await bench.postForm([['prompt', 'x'.repeat(385)]]);
    expectText(answer, 400, 'Bad request: Failed to read prompt:…');
    expectAccepted(await bench.postForm([['prompt', 'x'.repeat(384)]]));
  });

  it('14: multipart empty prompt + image → 400 too short (got 0)', async () => {
    const answer = await bench.postForm([
      ['prompt', ''],
      ['image', PICTURE],
    ]);
    expectText(answer, 400, 'Bad request: Prompt is too short: minimum length is 3 characters (got 0)');
  });

  it('15: POST without content-type → 400 Missing content-type', async () => {
    const answer = await bench.post({ prompt: 'robot' }, { 'content-type': undefined });
    expectText(answer, 400, 'Bad request: Missing content-type');
  });

  it('16: content-type multipart/form-data without boundary → 400 Missing boundary', async () => {
    const answer = await bench.postForm([['prompt', 'robot']], { 'content-type': 'multipart/form-data' });
    expectText(answer, 400, 'Bad request: Missing boundary in content-type');
  });

  it('17: multipart with a quoted boundary parameter → 400 Field error', async () => {
    const quoted = { 'content-type': `multipart/form-data; boundary="${BOUNDARY}"` };
    expectText(await bench.postForm([['prompt', 'robot']], quoted), 400, 'Bad request: Field error: …');
    // the quotes are taken as part of it
    const verbatim = await bench.send('/add_task', {
      method: 'POST',
      headers: { 'x-api-key': bench.key, ...quoted },
      body: formBody([['prompt', 'robot']], `"${BOUNDARY}"`),
    });
    expectAccepted(verbatim);
  });

  it('18: multipart with an extra field foo → 400 unknown field received', async () => {
    const answer = await bench.postForm([
      ['prompt', 'robot'],
      ['foo', 'bar'],
    ]);
    expectText(answer, 400, 'Bad request: Field error: unknown field received…');
  });

  it('19: content-type text/plain with JSON text → 400', async () => {
    const answer = await bench.post({ prompt: 'robot' }, { 'content-type': 'text/plain' });
    expectText(answer, 400, 'Bad request: …');
    expectText(await bench.post('{"prompt":'), 400, 'Bad request: …');
  });

  it('20: image part with random bytes → 400 Failed to guess image format', async () => {
    const answer = await bench.postForm([['image', new Uint8Array([7, 1, 9, 4, 200, 3, 77, 5, 6, 4, 3, 2])]]);
    expectText(answer, 400, 'Bad request: Failed to guess image format…');
  });

  it("21: image = GIF → 400 Image format 'unknown' not allowed", async () => {
    const gif = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=', 'base64');
    expectText(await bench.postForm([['image', gif]]), 400, "Bad request: Image format 'unknown' not allowed…");
  });

  it('22: image = PNG 1025×10 → 400 Image too wide', async () => {
    const answer = await bench.postForm([['image', png(1025, 10)]]);
    expectText(answer, 400, 'Bad request: Image too wide: 1025px (max: 1024px)');
  });

  it('23: image = PNG 10×1025 → 400 Image too tall', async () => {
    const answer = await bench.postForm([['image', png(10, 1025)]]);
    expectText(answer, 400, 'Bad request: Image too tall: 1025px (max: 1024px)');
  });

  it('24: image part of 2,097,153 bytes → 400 Image exceeds maximum allowed size', async () => {
    const padded = new Uint8Array(2_097_153);
    padded.set(PICTURE);
    const answer = await bench.postForm([['image', padded]]);
    expectText(answer, 400, 'Bad request: Image exceeds maximum allowed size (2097152 bytes)');
    expectAccepted(await bench.postForm([['image', padded.slice(0, -1)]]));
  });

  it('25: JSON model "invalid" → 400 json invalid_field, message lists the models sorted', async () => {
    const answer = await bench.post({ prompt: 'robot', model: 'invalid' });
    expect(answer).toMatchObject({ status: 400, headers: { 'content-type': JSON_TYPE } });
    expect(answer.json).toEqual({
      error: 'invalid_field',
      field: 'model',
      message: "Invalid value 'invalid'. Expected one of: 404-3dgs, 404-mesh, 404-mesh-v2",
    });
  });

  it('26: JSON prompt + model 404-mesh → 400 json, does not support txt3d input', async () => {
    const answer = await bench.post({ prompt: 'robot', model: '404-mesh' });
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      error: 'invalid_field',
      field: 'model',
      message: "Model '404-mesh' does not support txt3d input",
    });
    // validation comes before the model
    const both = await bench.post({ prompt: 'bad@prompt', model: '404-mesh' });
    expectText(both, 400, 'Bad request: Prompt contains invalid characters…');
  });

  it('27: model_params [] / "x" / null in JSON → 400 Model params must be a JSON object', async () => {
    for (const params of [[], 'x', null]) {
      const answer = await bench.post({ prompt: 'robot', model_params: params });
      expectText(answer, 400, 'Bad request: Model params must be a JSON object');
    }
    expectAccepted(await bench.post({ prompt: 'robot', model_params: { face_count: 20000 } }));
    expect(bench.lastTask().modelParams).toEqual({ face_count: 20000 });
  });

  it('28: multipart model_params not JSON → 400 Model params must be valid JSON', async () => {
    const answer = await bench.postForm([
      ['prompt', 'robot'],
      ['model_params', '{nope'],
    ]);
    expectText(answer, 400, 'Bad request: Model params must be valid JSON:…');
  });

  it('29: model_params of exactly 1024 bytes / one more → 200 / 400 too long (got 1025)', async () => {
    const ofLength = (length: number) => ({ text: 'x'.repeat(length - '{"text":""}'.length) });
    expectAccepted(await bench.post({ prompt: 'robot', model_params: ofLength(1024) }));
    const answer = await bench.post({ prompt: 'robot', model_params: ofLength(1025) });
    expectText(answer, 400, 'Bad request: Model params is too long: maximum length is 1024 bytes (got 1025)');
  });

  it('30: seed 2147483648 → 200, stored seed −2147483648', async () => {
    expectAccepted(await bench.post({ prompt: 'robot', seed: 2147483648 }));
    expect(bench.lastTask().seed).toBe(-2147483648);
    expectAccepted(
      await bench.postForm([
        ['prompt', 'robot'],
        ['seed', '4294967294 '],
      ]),
    );
    expect(bench.lastTask().seed).toBe(-2);
  });

  it('31: seed −1 and seed 4294967295 → 200, stored seed random, never −1', async () => {
    const seeds = new Set<number>();
    for (const seed of [-1, 4294967295, -1, 4294967295, null]) {
      expectAccepted(await bench.post({ prompt: 'robot', seed }));
      seeds.add(bench.lastTask().seed);
    }
    expect(seeds.size).toBe(5);
    expect(seeds.has(-1)).toBe(false);
  });

  it('32: seed 4294967296; seed "abc" → 400', async () => {
    for (const seed of [4294967296, 'abc', '5', 1.5, -2147483649]) {
      expectText(await bench.post({ prompt: 'robot', seed }), 400, 'Bad request: …');
    }
    for (const seed of ['4294967296', 'abc', '1.5']) {
      const answer = await bench.postForm([
        ['prompt', 'robot'],
        ['seed', seed],
      ]);
      expectText(answer, 400, 'Bad request: Invalid seed value: …');
    }
  });
});
