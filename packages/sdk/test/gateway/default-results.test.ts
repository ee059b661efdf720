import { unzipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { createNodeCodecs } from '../../src/platform/node/codecs.ts';
import { readSplat } from '../../src/splat/read-splat.ts';
import { createGatewayStandIn, type StartGatewayOptions } from '../../src/testing/index.ts';
import { type Bench, createBench, PICTURE } from './bench.ts';

const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
const open: Bench[] = [];

async function start(options: StartGatewayOptions = {}): Promise<Bench> {
  const bench = await createBench({ limits: 'off', workers: () => [{}, {}, {}], ...options });
  open.push(bench);
  return bench;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.close()));
});

/** Lowest and highest coordinate of an axis. */
function extent(positions: Float32Array, axis: number): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = axis; at < positions.length; at += 3) {
    low = Math.min(low, positions[at] as number);
    high = Math.max(high, positions[at] as number);
  }
  return [low, high];
}

describe('files the stand-in makes', () => {
  it('serves a splat of the object in the prompt, upright, as one Zstandard frame', async () => {
    const bench = await start();
    const id = await bench.submit({ prompt: 'a medieval sword', seed: 7 });
    const { bytes } = await bench.result(id);
    expect([...bytes.subarray(0, 4)]).toEqual(ZSTD);
    const { splat, format, container } = readSplat(bytes);
    expect({ format, container, shDegree: splat.shDegree }).toEqual({ format: 'spz', container: 'zstd', shDegree: 0 });
    expect(splat.count).toBeGreaterThan(20_000);
    const [low, high] = extent(splat.positions, 1);
    const [left, right] = extent(splat.positions, 0);
    expect(low).toBeCloseTo(0, 1);
    expect(high - low).toBeGreaterThan(2 * (right - left));
    expect([...splat.positions, ...splat.scales, ...splat.opacities].every(Number.isFinite)).toBe(true);
  });

  it('gives different files from different workers and the same ones for the same order', async () => {
    const bench = await start();
    const order = { prompt: 'wooden barrel', seed: 3 };
    const [first, again] = [await bench.submit(order), await bench.submit(order)];
    const files = unzipSync((await bench.result(first, '&all=true')).bytes);
    expect(Object.keys(files)).toEqual(['1.spz', '2.spz', '3.spz']);
    const [one, two, three] = Object.values(files).map((file) => Buffer.from(file).toString('base64'));
    expect(new Set([one, two, three]).size).toBe(3);
    expect(Buffer.from((await bench.result(again)).bytes).toString('base64')).toBe(one);
  });

  it('needs no compressor: stored frames hold the same splat', async () => {
    const bench = await start();
    const gateway = createGatewayStandIn({ workers: () => [{}, {}, {}] });
    const headers = { 'x-api-key': gateway.key, 'content-type': 'application/json' };
    const body = new TextEncoder().encode('{"prompt":"red chair","seed":5}');
    const request = { headers, remoteAddress: '192.0.2.1', readBody: async () => body };
    await gateway.handle({ ...request, method: 'POST', path: '/add_task', query: '' });
    const query = `id=${gateway.tasks[0]?.id}`;
    const stored = await gateway.handle({ ...request, method: 'GET', path: '/get_result', query });
    const served = await bench.result(await bench.submit({ prompt: 'red chair', seed: 5 }));
    const [left, right] = [readSplat(stored.body as Uint8Array), readSplat(served.bytes)];
    expect(left).toEqual(right);
    expect((stored.body as Uint8Array).length).toBeGreaterThan(served.bytes.length);
  });

  it('serves a mesh for a picture: a GLB without a fault', async () => {
    const bench = await start();
    const answer = await bench.postForm([
      ['image', PICTURE],
      ['model', '404-mesh-v2'],
      ['seed', '9'],
    ]);
    const { bytes } = await bench.result((answer.json as { id: string }).id);
    expect(Buffer.from(bytes.subarray(0, 4)).toString()).toBe('glTF');
    const { validator } = await createNodeCodecs();
    expect(await validator?.validate(bytes)).toMatchObject({ errors: 0, warnings: 0 });
  });

  it('makes something of a prompt without words', async () => {
    const bench = await start();
    const { bytes } = await bench.result(await bench.submit({ prompt: '123' }));
    expect(readSplat(bytes).splat.count).toBeGreaterThan(20_000);
  });
});
