import { describe, expect, it } from 'vitest';
import { collectBytes } from '../../foundation/bytes.ts';
import { createCancelController } from '../../foundation/cancel.ts';
import type { JsonObject } from '../../foundation/json.ts';
import type { CallContext } from '../../provider/provider.ts';
import type { GenerationRequest } from '../../provider/request.ts';
import { providerContract } from '../../testing/provider-contract.ts';
import { createLocalProvider } from './provider.ts';

const context: CallContext = {
  http: () => Promise.reject(new Error('the local provider sends nothing')),
  hasCredential: async () => false,
  log: () => undefined,
  signal: createCancelController().signal,
  readInput: async () => new Uint8Array(),
  idempotencyKey: 'key',
  now: () => 0,
};

function order(text: string, change: Partial<GenerationRequest> = {}, options: JsonObject = {}): GenerationRequest {
  return { prompt: { text }, output: 'mesh', seed: 7, providerOptions: { local: options }, ...change };
}

async function make(request: GenerationRequest): Promise<Uint8Array> {
  const provider = createLocalProvider();
  const { operation } = await provider.start(request, context);
  const status = await provider.poll(operation, context);
  if (status.state !== 'completed') throw new Error(`state ${status.state}`);
  const [offer] = status.assets;
  if (offer === undefined || provider.fetchAsset === undefined) throw new Error('nothing offered');
  return collectBytes(await provider.fetchAsset(offer, JSON.parse(JSON.stringify(operation)), context));
}

describe('the local provider', () => {
  for (const { name, run } of providerContract({ createProvider: createLocalProvider })) it(name, run);

  it('makes the same bytes for the same order, others for another seed or option', async () => {
    const first = await make(order('a wooden stool'));
    expect(new TextDecoder().decode(first.subarray(0, 4))).toBe('glTF');
    const again = await make(order('a wooden stool'));
    expect(again.length === first.length && again.every((byte, index) => byte === first[index])).toBe(true);
    expect(await make(order('a wooden stool', { seed: 8 }))).not.toEqual(first);
    expect(await make(order('a wooden stool', {}, { family: 'barrel' }))).not.toEqual(first);
  });

  it('has the object made where it is told, with what the operation says and the signal of the call', async () => {
    const asked: unknown[] = [];
    const provider = createLocalProvider({
      generate: async (...order) => {
        asked.push(order);
        return new Uint8Array([1, 2, 3]);
      },
    });
    const { operation } = await provider.start(order('a wooden stool'), context);
    expect(asked).toEqual([]);
    const bytes = await provider.fetchAsset?.({ id: 'main', kind: 'mesh' }, operation, context);
    expect(bytes && (await collectBytes(bytes))).toEqual(new Uint8Array([1, 2, 3]));
    expect(asked).toEqual([[operation, context.signal]]);
  });

  it('costs nothing and says so', async () => {
    const provider = createLocalProvider();
    expect(provider.prepare(order('a lamp')).estimate).toEqual({ amount: 0, currency: 'USD' });
    expect((await provider.start(order('a lamp'), context)).spend?.actual?.amount).toBe(0);
    expect(provider.describe()).toMatchObject({ offline: true, outputLicence: 'CC0-1.0', canAdopt: false });
  });

  it('promises that starting again is harmless', async () => {
    expect(await createLocalProvider().lookUp?.(order('a lamp'), context)).toBeNull();
  });

  it('says what it understood before anything starts, and once', async () => {
    const provider = createLocalProvider();
    expect(provider.prepare(order('a dragon')).warnings.map(({ code }) => code)).toEqual(['NOUN_UNKNOWN']);
    expect(provider.prepare(order('a wooden chair')).warnings).toEqual([]);
    expect((await provider.start(order('a dragon'), context)).warnings).toEqual([]);
  });

  it.each([
    ['a splat', order('a lamp', { output: 'splat' }), 'UNSUPPORTED_BY_PROVIDER'],
    [
      'an image',
      order('a lamp', { prompt: { images: [{ key: 'k', mediaType: 'image/png', sizeBytes: 1, digest: 'd' }] } }),
      'UNSUPPORTED_BY_PROVIDER',
    ],
    ['another model', order('a lamp', { model: 'trellis' }), 'UNSUPPORTED_BY_PROVIDER'],
    ['an empty prompt', order('  \n'), 'INPUT_INVALID'],
    ['a prompt without words', order('?!'), 'INPUT_INVALID'],
    ['a long prompt', order('a sword '.repeat(300)), 'INPUT_INVALID'],
    ['two megabytes', order('x'.repeat(2_000_000)), 'INPUT_INVALID'],
    ['an unknown option', order('a lamp', {}, { colour: 'red' }), 'INPUT_INVALID'],
    ['an option of the wrong type', order('a lamp', {}, { family: 3 }), 'INPUT_INVALID'],
    ['an unknown family', order('a lamp', {}, { family: 'boat' }), 'INPUT_INVALID'],
    ['an unknown style', order('a lamp', {}, { style: 'ornate, zzz' }), 'INPUT_INVALID'],
  ])('refuses %s before anything starts', (_name, request, code) => {
    const provider = createLocalProvider();
    expect(() => provider.prepare(request)).toThrow(
      expect.objectContaining({
        code,
        remedy: expect.stringMatching(/\S/),
        message: expect.not.stringMatching(/x{100}/),
      }),
    );
  });

  it('refuses an operation of another version', async () => {
    const newer = { version: 2, prompt: 'a lamp', seed: 1 };
    await expect(createLocalProvider().poll(newer, context)).rejects.toMatchObject({ code: 'PROVIDER_PROTOCOL' });
  });
});
