import { expect, it } from 'vitest';
import { convertMeshoptimizer } from '../../../../scripts/wasm-to-js.ts';
import { createRandom, type RandomStream } from '../../src/foundation/random.ts';
import type { Codecs, SimplifyFlag } from '../../src/host/codecs.ts';
import { createNodeCodecs } from '../../src/platform/node/codecs.ts';
import { createSheet } from '../../src/testing/codec-contract-meshes.ts';

await convertMeshoptimizer();
const { createScriptCodecs } = await import('../../src/platform/puerts/codecs.ts');
const original = await createNodeCodecs();
const converted = createScriptCodecs();

const FLAGS: readonly SimplifyFlag[] = [
  'LockBorder',
  'Sparse',
  'ErrorAbsolute',
  'Prune',
  'Regularize',
  'RegularizeLight',
  'Permissive',
  'PreserveFolds',
  'ErrorClamped',
];

/** One call with arguments nobody would think of. */
function randomCall(random: RandomStream): (codecs: Codecs) => readonly unknown[] {
  const mesh = createSheet(random.integer(2, 24), random.pick([0, 0.001, 0.05, 1]), random.integer(0, 1e6));
  const vertexCount = mesh.positions.length / 3;
  const magnitude = random.pick([1e-3, 1, 1, 1, 250, 1e6]);
  const positions = mesh.positions.map((coordinate) => coordinate * magnitude);
  // the sheet or a third of its triangles, a few of them wild
  const step = random.pick([1, 1, 1, 3]);
  const indices = mesh.indices.filter((_, index) => Math.floor(index / 3) % step === 0);
  for (let times = random.integer(0, 4); times > 0; times -= 1) {
    indices[random.integer(0, indices.length - 1)] = random.integer(0, vertexCount - 1);
  }
  const stride = random.pick([0, 1, 2, 3]);
  const attributes = stride === 0 ? null : mesh.attributes.slice(0, stride * vertexCount);
  const weights = Array.from({ length: random.integer(0, stride) }, () => random.pick([0, 0.01, 1, 100]));
  const locks = random.chance(0.3)
    ? Uint8Array.from({ length: vertexCount }, () => random.pick([0, 0, 0, 0, 1, 2, 3]))
    : null;
  const target = 3 * random.integer(0, indices.length / 3);
  const error = random.pick([0, 1e-4, 0.01, 0.1, 1, magnitude]);
  const flags = FLAGS.filter(() => random.chance(0.25));
  return ({ simplifier }) => {
    const result = simplifier?.simplify(indices, positions, attributes, stride, weights, locks, target, error, flags);
    return [Array.from(result?.indices ?? []), result?.error, simplifier?.scale(positions)];
  };
}

it.each([1, 2, 3, 4, 5, 6])('converted simplifier gives what the original gives (seed %i)', (seed) => {
  const random = createRandom(seed);
  let changed = 0;
  for (let call = 0; call < 150; call += 1) {
    const run = randomCall(random);
    const expected = run(original);
    expect(run(converted), `call ${call}`).toStrictEqual(expected);
    if ((expected[0] as readonly number[]).length > 0) changed += 1;
  }
  expect(changed).toBeGreaterThan(100);
});

it('does not convert again what is up to date', async () => {
  expect(await convertMeshoptimizer()).toBe(false);
});

interface FilterEncoder {
  encodeGltfBuffer(source: Uint8Array, count: number, size: number, mode: string, version?: number): Uint8Array;
  encodeFilterOct(source: Float32Array, count: number, stride: number, bits: number): Uint8Array;
  encodeFilterQuat(source: Float32Array, count: number, stride: number, bits: number): Uint8Array;
  encodeFilterExp(source: Float32Array, count: number, stride: number, bits: number, mode?: string): Uint8Array;
  encodeFilterColor(source: Float32Array, count: number, stride: number, bits: number): Uint8Array;
  reorderMesh(indices: Uint32Array, triangles: boolean, optimiseSize: boolean): [Uint32Array, number];
}

it.each([1, 2, 3])('converted encoder writes the bytes the original writes (seed %i)', (seed) => {
  const random = createRandom(seed);
  for (let call = 0; call < 60; call += 1) {
    const count = random.integer(1, 700);
    const size = 4 * random.integer(1, 8);
    const bytes = Uint8Array.from({ length: count * size }, (_, index) => (index % size) * 3 + random.integer(0, 5));
    const floats = Float32Array.from({ length: 4 * count }, () => random.range(-1, 1));
    const indices = Uint32Array.from({ length: 3 * count }, (_, index) => Math.floor(index / 3) + random.integer(0, 3));
    const bits = random.integer(4, 16);
    const mode = random.pick(['Separate', 'SharedVector', 'SharedComponent', 'Clamped']);
    const optimiseSize = random.chance(0.5);
    const run = (codecs: Codecs): readonly unknown[] => {
      const encoder = codecs.meshoptEncoder as unknown as FilterEncoder;
      const ordered = indices.slice();
      return [
        encoder.encodeGltfBuffer(bytes, count, size, 'ATTRIBUTES', call % 2),
        encoder.encodeFilterOct(floats, count, 8, bits),
        encoder.encodeFilterQuat(floats, count, 8, bits),
        encoder.encodeFilterExp(floats, count, 16, bits, mode),
        encoder.encodeFilterColor(floats, count, 8, bits),
        encoder.reorderMesh(ordered, true, optimiseSize),
        encoder.encodeGltfBuffer(new Uint8Array(ordered.buffer), ordered.length, 4, 'TRIANGLES'),
        encoder.encodeGltfBuffer(new Uint8Array(ordered.buffer), ordered.length, 4, 'INDICES'),
        ordered,
      ].map((output) => Array.from(output as Uint8Array));
    };
    expect(run(converted), `call ${call}`).toStrictEqual(run(original));
  }
});
