import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { collectBytes, decodeUtf8 } from '../../foundation/bytes.ts';
import { createCancelController } from '../../foundation/cancel.ts';
import { SdkError } from '../../foundation/errors.ts';
import type { HttpRequest } from '../../foundation/http.ts';
import type { JsonObject, JsonValue } from '../../foundation/json.ts';
import type { AssetOffer, CallContext, Provider } from '../../provider/provider.ts';
import type { FileReference, GenerationRequest } from '../../provider/request.ts';
import { createMemoryHost, createScriptedHttp, type ScriptedExchange } from '../../testing/memory-host.ts';
import {
  ACCEPTED,
  fileAnswer,
  IMAGE_BYTES,
  jsonAnswer,
  MESH_BYTES,
  SPLAT_BYTES,
  STATUSES,
  TASK,
  textAnswer,
} from './__fixtures__/answers.ts';
import { create404Provider } from './provider.ts';

const EU = 'https://api-eu.404.xyz';
const EAST = 'https://api-us-east.404.xyz';
const WEST = 'https://api-us-west.404.xyz';
const IMAGE: FileReference = { key: 'in/a.png', mediaType: 'image/png', sizeBytes: 12, digest: 'ab' };
const MAIN: AssetOffer = { id: 'main', kind: 'splat' };

function order(change: Partial<GenerationRequest> = {}, options: JsonObject = {}): GenerationRequest {
  return { prompt: { text: 'a lamp' }, output: 'splat', seed: 7, providerOptions: { '404': options }, ...change };
}

function imageOrder(change: Partial<GenerationRequest> = {}, options: JsonObject = {}): GenerationRequest {
  return order({ prompt: { images: [IMAGE] }, output: 'mesh', ...change }, options);
}

function bench(exchanges: readonly ScriptedExchange[], image: Uint8Array = IMAGE_BYTES) {
  const host = createMemoryHost({ http: createScriptedHttp(exchanges), credentials: ['404'] });
  const controller = createCancelController();
  const context: CallContext = {
    http: host.http,
    hasCredential: host.hasCredential,
    log: () => undefined,
    signal: controller.signal,
    readInput: async () => image,
    idempotencyKey: 'job-1',
    now: () => host.clock.now(),
  };
  return { context, requests: host.requests, cancel: controller.cancel };
}

const post = (answer: ScriptedExchange['answer'], origin = EU): ScriptedExchange => ({
  method: 'POST',
  url: `${origin}/add_task`,
  answer,
});
const get = (path: string, answer: ScriptedExchange['answer'], origin = EU): ScriptedExchange => ({
  method: 'GET',
  url: `${origin}/${path}`,
  answer,
});
const result = (answer: ScriptedExchange['answer'], origin = EU, more = '') =>
  get(`get_result?id=${TASK}${more}`, answer, origin);
const NOT_FOUND = textAnswer(404, `Task ID ${TASK} not found`);

async function startedBy(request: GenerationRequest, provider: Provider, exchange = post(ACCEPTED)) {
  const { context, requests } = bench([exchange]);
  const started = await provider.start(request, context);
  return { started, operation: started.operation, sent: requests[0] as HttpRequest };
}

async function formOf(sent: HttpRequest): Promise<FormData> {
  const type = sent.headers?.['content-type'] ?? '';
  return await new Response(new Uint8Array(sent.body ?? []), { headers: { 'content-type': type } }).formData();
}

describe('404-GEN prepares', () => {
  const provider = create404Provider();

  it.each([
    ['a splat from a text', order(), 0.15],
    ['a splat from an image', imageOrder({ output: 'splat' }), 0.15],
    ['a mesh from an image', imageOrder(), 0.25],
    ['a mesh by the other model', imageOrder({ model: '404-mesh-v2' }), 0.25],
  ])('%s at its price', (_name, request, amount) => {
    expect(provider.prepare(request)).toEqual({ warnings: [], estimate: { amount, currency: 'USD' } });
  });

  it('an image with a text by telling that the text is not sent, whatever it holds', () => {
    const request = imageOrder({ prompt: { text: 'café & "more"', images: [IMAGE] } });
    expect(provider.prepare(request).warnings).toEqual([
      { code: 'PROMPT_IGNORED', message: expect.stringMatching(/names the asset/) },
    ]);
  });

  it.each([
    ['a mesh from a text', order({ output: 'mesh' }), 'UNSUPPORTED_BY_PROVIDER', /cannot make a mesh from a text/],
    ['two images', imageOrder({ prompt: { images: [IMAGE, IMAGE] } }), 'INPUT_INVALID', /one image/],
    ['an accent', order({ prompt: { text: 'a café' } }), 'INPUT_INVALID', /"é"/],
    ['two characters', order({ prompt: { text: 'ab' } }), 'INPUT_INVALID', /too short/],
    ['nothing', order({ prompt: { text: ' ' } }), 'INPUT_INVALID', /empty/],
    ['an unknown model', order({ model: 'trellis' }), 'UNSUPPORTED_BY_PROVIDER', /no model "trellis"/],
    ['a mesh model with a text', order({ model: '404-mesh' }), 'UNSUPPORTED_BY_PROVIDER', /a mesh from image only/],
    ['a splat model for a mesh', imageOrder({ model: '404-3dgs' }), 'UNSUPPORTED_BY_PROVIDER', /makes a splat/],
    ['an unknown option', order({}, { colour: 'red' }), 'INPUT_INVALID', /"colour"/],
    ['an option of another model', imageOrder({}, { face_count: '50000' }), 'INPUT_INVALID', /404-mesh-v2/],
  ])('no %s', (_name, request, code, message) => {
    expect(() => provider.prepare(request)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message), remedy: expect.stringMatching(/\S/) }),
    );
  });
});

describe('404-GEN starts', () => {
  it('a text task with model and seed, and pins its gateway', async () => {
    const { started, sent } = await startedBy(order({ prompt: { text: ' a\n lamp ' } }), create404Provider());
    expect(sent).toMatchObject({
      headers: { accept: 'application/json', 'content-type': 'application/json', 'x-client-origin': 'api' },
      credential: { name: '404', header: 'x-api-key' },
    });
    expect(JSON.parse(decodeUtf8(sent.body ?? new Uint8Array()))).toEqual({
      prompt: 'a lamp',
      seed: 7,
      model: '404-3dgs',
    });
    expect(started).toMatchObject({
      operation: { task: TASK, origin: EU, model: '404-3dgs', seed: 7, candidates: 1 },
      spend: { reserved: { amount: 0.15, currency: 'USD' } },
    });
  });

  it('an image task as a form without a prompt', async () => {
    const request = imageOrder(
      { prompt: { text: 'a lamp', images: [IMAGE] }, model: '404-mesh-v2' },
      { face_count: '50000', region: 'us-west' },
    );
    const provider = create404Provider({ clientOrigin: 'unity' });
    const { operation, sent } = await startedBy(request, provider, post(ACCEPTED, WEST));
    expect(sent.headers).toMatchObject({ accept: 'application/json', 'x-client-origin': 'unity' });
    const form = await formOf(sent);
    expect(form.has('prompt')).toBe(false);
    expect([form.get('model'), form.get('seed')]).toEqual(['404-mesh-v2', '7']);
    expect(form.get('model_params')).toBe('{"face_count":50000}');
    expect(operation).toMatchObject({ origin: WEST });
  });

  it('an image task with the model for meshes that is documented', async () => {
    const { sent } = await startedBy(imageOrder(), create404Provider());
    expect((await formOf(sent)).get('model')).toBe('404-mesh');
  });

  it.each([
    ['a GIF', new TextEncoder().encode('GIF89a......'), /neither PNG/],
    ['nothing', new Uint8Array(), /neither PNG/],
    ['a picture too large by a byte', new Uint8Array(2_097_153).fill(0xff).fill(0xd8, 1, 2), /2097153 bytes/],
  ])('no task from %s', async (_name, image, message) => {
    const { context, requests } = bench([], image);
    await expect(create404Provider().start(imageOrder(), context)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(message),
    });
    expect(requests).toEqual([]);
  });

  it.each<[string, ScriptedExchange['answer'], string]>([
    [
      'a reset',
      new SdkError({ code: 'NETWORK_FAILED', message: 'x', details: { reason: 'ECONNRESET' } }),
      'OUTCOME_UNKNOWN',
    ],
    ['a time-out', new SdkError({ code: 'TIMED_OUT', message: 'x' }), 'OUTCOME_UNKNOWN'],
    ['a page instead of JSON', { status: 200, body: new TextEncoder().encode('<html>') }, 'OUTCOME_UNKNOWN'],
    ['a body without an id', jsonAnswer(200, { task: TASK }), 'OUTCOME_UNKNOWN'],
    ['an id that is no UUID', jsonAnswer(200, { id: '42' }), 'OUTCOME_UNKNOWN'],
    ['an error inside', textAnswer(500, 'Internal Server Error'), 'OUTCOME_UNKNOWN'],
    ['a proxy that lost it', textAnswer(504, ''), 'OUTCOME_UNKNOWN'],
    [
      'a refused connection',
      new SdkError({ code: 'NETWORK_FAILED', message: 'x', details: { reason: 'ECONNREFUSED' } }),
      'NETWORK_FAILED',
    ],
    [
      'an unknown name',
      new SdkError({ code: 'NETWORK_FAILED', message: 'x', details: { reason: 'ENOTFOUND' } }),
      'NETWORK_FAILED',
    ],
    ['a full queue', textAnswer(503, 'Service unavailable: Task queue is full'), 'PROVIDER_UNAVAILABLE'],
  ])('once, and after %s knows what is known', async (_name, answer, code) => {
    for (const request of [order(), imageOrder()]) {
      const { context, requests } = bench([post(answer)]);
      await expect(create404Provider().start(request, context)).rejects.toMatchObject({ code });
      expect(requests).toHaveLength(1);
    }
  });
});

describe('404-GEN at another address', () => {
  it('sends the key nowhere else, and takes no region', async () => {
    const provider = create404Provider({ url: 'http://127.0.0.1:4404/' });
    expect(provider.describe().trustedOrigins).toEqual(['http://127.0.0.1:4404']);
    const { operation } = await startedBy(order(), provider, post(ACCEPTED, 'http://127.0.0.1:4404'));
    expect(operation).toMatchObject({ origin: 'http://127.0.0.1:4404' });
    expect(() => provider.prepare(order({}, { region: 'eu' }))).toThrow(/MAQUETTE_404_URL/);
  });

  it('that cannot be used describes itself and refuses the rest', async () => {
    const provider = create404Provider({ url: 'http://gateway.example.com' });
    expect(provider.describe().trustedOrigins).toEqual([]);
    const { context, requests } = bench([]);
    const fault = { code: 'CONFIG_MISSING', message: expect.stringContaining('MAQUETTE_404_URL') };
    expect(() => provider.prepare(order())).toThrow(expect.objectContaining(fault));
    expect(() => provider.adopt?.(TASK)).toThrow(expect.objectContaining(fault));
    await expect(provider.start(order(), context)).rejects.toMatchObject(fault);
    const { operation } = await startedBy(order(), create404Provider());
    await expect(provider.poll(operation, context)).rejects.toMatchObject(fault);
    await expect(provider.fetchAsset?.(MAIN, operation, context)).rejects.toMatchObject(fault);
    expect(requests).toEqual([]);
  });
});

describe('404-GEN polls', () => {
  const provider = create404Provider();
  const status = (value: unknown, origin = EU) => get(`get_status?id=${TASK}`, jsonAnswer(200, value), origin);

  it('without the key, at the gateway of the task', async () => {
    const { operation } = await startedBy(order({}, { region: 'us-east' }), provider, post(ACCEPTED, EAST));
    const { context, requests } = bench([status(STATUSES.taken, EAST)]);
    expect(await provider.poll(operation, context)).toMatchObject({ state: 'pending' });
    expect(requests[0]?.credential).toBeUndefined();
  });

  it('whatever else an answer holds', async () => {
    const { operation } = await startedBy(order(), provider);
    const { context } = bench([status({ ...STATUSES.done, reason: null, eta: 3 })]);
    expect(await provider.poll(operation, context)).toMatchObject({ state: 'completed' });
  });

  it('the next gateway where the place of an adopted task is not known and the first is down', async () => {
    const adopted = provider.adopt?.(TASK) as JsonValue;
    const { context } = bench([
      { ...get(`get_status?id=${TASK}`, textAnswer(500, 'Internal Server Error')), times: 1 },
      status(STATUSES.done, EAST),
    ]);
    expect(await provider.poll(adopted, context)).toMatchObject({ state: 'completed' });
  });
});

describe('404-GEN fetches', () => {
  const provider = create404Provider();
  const fetch = async (operation: JsonValue, exchanges: readonly ScriptedExchange[], offer = MAIN) => {
    const { context, requests } = bench(exchanges);
    const opened = provider.fetchAsset?.(offer, operation, context) as Promise<AsyncIterable<Uint8Array>>;
    return { bytes: opened.then(collectBytes), requests };
  };
  const started = async () => (await startedBy(order({}, { candidates: '3' }), provider)).operation;

  it.each([
    ['a splat', fileAnswer(SPLAT_BYTES), SPLAT_BYTES],
    ['a mesh that is called a splat', fileAnswer(MESH_BYTES), MESH_BYTES],
    ['a file that is called a page', fileAnswer(SPLAT_BYTES, 'text/html'), SPLAT_BYTES],
  ])('%s as it is, with the key', async (_name, answer, expected) => {
    const { bytes, requests } = await fetch(await started(), [result(answer)]);
    expect(await bytes).toEqual(expected);
    expect(requests[0]?.credential).toEqual({ name: '404', header: 'x-api-key' });
  });

  it.each([
    [
      'a page',
      { ...fileAnswer(SPLAT_BYTES), headers: {}, body: new TextEncoder().encode('\n <html>') },
      'ASSET_UNREADABLE',
    ],
    ['a JSON text', { ...jsonAnswer(200, { error: 'x' }) }, 'ASSET_UNREADABLE'],
    ['half a file', { ...fileAnswer(SPLAT_BYTES), body: SPLAT_BYTES.subarray(0, 5) }, 'NETWORK_FAILED'],
    ['a result that is gone', NOT_FOUND, 'OPERATION_EXPIRED'],
    ['a redirect', { status: 302, headers: { location: 'https://evil.example' } }, 'PROVIDER_PROTOCOL'],
    ['an error inside', textAnswer(500, 'Internal Server Error'), 'PROVIDER_UNAVAILABLE'],
    ['a key that is none', textAnswer(401, 'Unauthorized request: Invalid API key'), 'AUTH_REJECTED'],
  ])('%s as a failure', async (_name, answer, code) => {
    const { bytes, requests } = await fetch(await started(), [result(answer)]);
    await expect(bytes).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(1);
  });

  it('further results out of the archive', async () => {
    const archive = zipSync({ '1.spz': SPLAT_BYTES, '2.spz': MESH_BYTES }, { level: 0 });
    const answer = { status: 200, headers: { 'content-type': 'application/zip' }, body: archive };
    const all = result(answer, EU, '&all=true');
    const second = await fetch(await started(), [all], { id: 'candidate-2', kind: 'splat' });
    expect(await second.bytes).toEqual(MESH_BYTES);
    const third = await fetch(await started(), [all], { id: 'candidate-3', kind: 'splat' });
    await expect(third.bytes).rejects.toMatchObject({ code: 'OPERATION_FAILED' });
  });

  it.each(['candidate-1', 'candidate-4', 'other', '../main'])('no "%s"', async (id) => {
    const { bytes, requests } = await fetch(await started(), [], { id, kind: 'splat' });
    await expect(bytes).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(requests).toEqual([]);
  });

  it('an adopted task from whichever gateway has it', async () => {
    const adopted = provider.adopt?.(TASK) as JsonValue;
    const found = await fetch(adopted, [
      result(NOT_FOUND),
      result(NOT_FOUND, EAST),
      result(fileAnswer(SPLAT_BYTES), WEST),
    ]);
    expect(await found.bytes).toEqual(SPLAT_BYTES);
    const gone = await fetch(adopted, [result(NOT_FOUND), result(NOT_FOUND, EAST), result(NOT_FOUND, WEST)]);
    await expect(gone.bytes).rejects.toMatchObject({ code: 'OPERATION_EXPIRED' });
    // the one that is down may have it
    const unsure = await fetch(adopted, [
      result(NOT_FOUND),
      result(textAnswer(500, ''), EAST),
      result(NOT_FOUND, WEST),
    ]);
    await expect(unsure.bytes).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
  });
});
