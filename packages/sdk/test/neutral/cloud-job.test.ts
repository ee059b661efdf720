import { gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/foundation/random.ts';
import { create404Provider } from '../../src/providers/404/provider.ts';
import { readSplat } from '../../src/splat/read-splat.ts';
import { harmonicsCount, type SplatData } from '../../src/splat/splat-data.ts';
import { writePly } from '../../src/splat/write-ply.ts';
import { createStudio } from '../../src/studio/create-studio.ts';
import { writeSpz } from '../../src/testing/gateway/write-spz.ts';
import { type CloudJobOrder, runCloudJob } from './bundle/run-cloud-job.ts';
import type { LocalJobOutcome } from './bundle/run-local-job.ts';
import { buildNeutralBundles } from './support/bundles.ts';
import type { ScriptEngine } from './support/engine.ts';
import { createQuickJsEngine } from './support/quickjs-engine.ts';
import { createVmEngine } from './support/vm-engine.ts';

const COUNT = 500;
const bundles = await buildNeutralBundles();

/** A ball of gaussians whose harmonics differ, with some whose numbers are not finite where the format can say so. */
function makeSplat(): SplatData {
  const random = createRandom('a splat for engines');
  const fill = (length: number, low: number, high: number): Float32Array =>
    Float32Array.from({ length }, () => random.range(low, high));
  const rotations = new Float32Array(COUNT * 4);
  for (let index = 0; index < COUNT; index += 1) {
    const turn = [random.range(-1, 1), random.range(-1, 1), random.range(-1, 1), random.range(0.1, 1)];
    const length = Math.hypot(...turn);
    rotations.set(
      turn.map((value) => value / length),
      index * 4,
    );
  }
  return {
    count: COUNT,
    positions: fill(COUNT * 3, -0.5, 0.5),
    scales: fill(COUNT * 3, -5, -3),
    rotations,
    opacities: fill(COUNT, -2, 4),
    colors: fill(COUNT * 3, -1, 1),
    shDegree: 2,
    harmonics: fill(COUNT * 3 * harmonicsCount(2), -0.4, 0.4),
  };
}

/** The PLY of a splat with three gaussians that cannot be drawn. */
function damagedPly(splat: SplatData): Uint8Array {
  const positions = splat.positions.slice();
  const scales = splat.scales.slice();
  positions[30] = Number.NaN;
  positions[301] = Number.POSITIVE_INFINITY;
  scales[900] = Number.NEGATIVE_INFINITY;
  return writePly({ ...splat, positions, scales });
}

const splat = makeSplat();
const FILES: readonly (readonly [name: string, bytes: Uint8Array, finite: number])[] = [
  ['SPZ in a Zstandard frame', zstdCompressSync(writeSpz(splat)), COUNT],
  ['SPZ in gzip', gzipSync(writeSpz(splat)), COUNT],
  ['PLY', damagedPly(splat), COUNT - 3],
];
const ENGINES: readonly (readonly [name: string, create: () => Promise<ScriptEngine>])[] = [
  ['an empty context', async () => createVmEngine()],
  ['QuickJS', () => createQuickJsEngine()],
];

describe.each(ENGINES)('a splat from 404-GEN in %s', (_name, createEngine) => {
  let engine: ScriptEngine;

  beforeAll(async () => {
    engine = await createEngine();
    for (const name of ['prelude', 'sdk', 'driver'] as const) engine.evaluate(bundles[name], `${name}.js`);
    return () => engine.dispose();
  }, 300_000);

  it.each(FILES)('%s becomes the same files as in Node, bit by bit', async (_file, served, finite) => {
    const order: CloudJobOrder = {
      prompt: 'a mossy stone lantern',
      seed: 7,
      heightM: 1.2,
      thumbnailSize: 16,
      served: [...served],
    };
    const expected = await runCloudJob({ create404Provider, createStudio }, order);
    const { value, buffers } = await engine.call('runInCloud', order);
    const outcome = value as Omit<LocalJobOutcome, 'files'>;
    expect(outcome).toEqual({ phase: expected.phase, events: expected.events, names: expected.names });
    expect(outcome.phase).toBe('succeeded');
    const files = new Map(outcome.names.map((name, index) => [name, buffers[index] as Uint8Array]));
    for (const [index, name] of expected.names.entries()) {
      expect(files.get(name), name).toEqual(expected.files[index]);
    }
    const level0 = readSplat(files.get('lod0.ply') as Uint8Array).splat;
    expect([level0.count, level0.shDegree]).toEqual([finite, 2]);
    expect(readSplat(files.get('lod3.ply') as Uint8Array).splat).toMatchObject({ count: Math.round(finite / 10) });
  });
});
