import { encodeUtf8 } from '../foundation/bytes.ts';
import { isSdkError } from '../foundation/errors.ts';
import { hash32 } from '../foundation/random.ts';
import type { Codecs, MeshSimplifier, SimplifyFlag } from '../host/codecs.ts';
import { createSheet, type TestMesh } from './codec-contract-meshes.ts';
import { type ContractCase, expectRejection, expectSame, expectTrue } from './contract-case.ts';

/** meshoptimizer's encoder and decoder as far as glTF-Transform calls them. */
interface BufferEncoder {
  encodeGltfBuffer(source: Uint8Array, count: number, size: number, mode: string, version?: number): Uint8Array;
}
interface BufferDecoder {
  decodeGltfBuffer(target: Uint8Array, count: number, size: number, source: Uint8Array, mode: string): void;
}

/**
 * What every build of the codecs must do. Codecs that are absent are not tested; the three of meshoptimizer must be there.
 *
 * Fixed digests hold all builds to the same indices, so that no step can tell them apart.
 */
export function codecContract(codecs: Codecs): readonly ContractCase[] {
  const { simplifier, meshoptEncoder, meshoptDecoder, draco, validator } = codecs;
  if (simplifier === undefined || meshoptEncoder === undefined || meshoptDecoder === undefined) {
    throw new Error('The codecs of meshoptimizer are missing.');
  }
  const encoder = meshoptEncoder as unknown as BufferEncoder;
  const decoder = meshoptDecoder as unknown as BufferDecoder;
  return [
    ...simplifierCases(simplifier),
    {
      name: 'encoder and decoder are ready and give back what was encoded',
      async run() {
        await meshoptEncoder.ready;
        await meshoptDecoder.ready;
        expectTrue(meshoptEncoder.supported && meshoptDecoder.supported, 'both codecs to say they are supported');
        const mesh = createSheet(12, 0.1, 3);
        const vertices = new Uint8Array(mesh.positions.buffer);
        const vertexCount = mesh.positions.length / 3;
        for (const version of [0, 1]) {
          const packed = encoder.encodeGltfBuffer(vertices, vertexCount, 12, 'ATTRIBUTES', version);
          const unpacked = new Uint8Array(vertices.length);
          decoder.decodeGltfBuffer(unpacked, vertexCount, 12, packed, 'ATTRIBUTES');
          expectSame(unpacked, vertices, `vertices written as version ${version}`);
        }
        const indices = mesh.indices.slice();
        simplifier.reorder(indices);
        const indexBytes = new Uint8Array(indices.buffer);
        const packed = encoder.encodeGltfBuffer(indexBytes, indices.length, 4, 'INDICES');
        const unpacked = new Uint8Array(indexBytes.length);
        decoder.decodeGltfBuffer(unpacked, indices.length, 4, packed, 'INDICES');
        expectSame(unpacked, indexBytes, 'indices');
        expectTrue(packed.length < indexBytes.length / 2, 'packed indices to be at most half as long');
      },
    },
    ...(draco === undefined
      ? []
      : [
          {
            name: 'draco loads both modules once',
            async run() {
              const modules = await draco.load();
              expectTrue(typeof modules.encoder === 'object' && modules.encoder !== null, 'an encoder module');
              expectTrue(typeof modules.decoder === 'object' && modules.decoder !== null, 'a decoder module');
              expectTrue((await draco.load()) === modules, 'the second load to give the same modules');
            },
          },
        ]),
    ...(validator === undefined
      ? []
      : [
          {
            name: 'validator passes a clean file and refuses bytes that are no glTF',
            async run() {
              const clean = await validator.validate(encodeUtf8('{"asset":{"version":"2.0"}}'));
              expectSame([clean.errors, clean.warnings, clean.issues], [0, 0, []], 'the report of a clean file');
              await expectRejection(
                validator.validate(new Uint8Array([1, 2, 3])),
                'ASSET_UNREADABLE',
                'validating garbage',
              );
            },
          },
          {
            name: 'validator fetches nothing and reports external resources as missing',
            async run() {
              const text = '{"asset":{"version":"2.0"},"buffers":[{"uri":"other.bin","byteLength":4}],"scene":3}';
              const report = await validator.validate(encodeUtf8(text));
              const codes = report.issues.map((issue) => `${issue.severity} ${issue.code} ${issue.pointer}`);
              expectTrue(codes.includes('error IO_ERROR /buffers/0/uri'), `IO_ERROR among ${codes.join(', ')}`);
              expectTrue(
                codes.includes('error UNRESOLVED_REFERENCE /scene'),
                `UNRESOLVED_REFERENCE among ${codes.join(', ')}`,
              );
              expectSame(report.errors, 2, 'the number of errors');
            },
          },
        ]),
  ];
}

function simplifierCases(simplifier: MeshSimplifier): readonly ContractCase[] {
  const plain = (mesh: TestMesh, target: number, error: number, flags: readonly SimplifyFlag[] = []) =>
    simplifier.simplify(mesh.indices, mesh.positions, null, 0, [], null, target, error, flags);
  return [
    {
      name: 'simplifier flattens a flat sheet to its target without error',
      async run() {
        const result = plain(createSheet(16, 0, 1), 60, 0.01);
        expectTrue(result.indices.length <= 60, `at most 20 triangles, found ${result.indices.length / 3}`);
        expectTrue(result.error < 1e-3, `next to no error, found ${result.error}`);
      },
    },
    {
      name: 'simplifier keeps arguments untouched and gives the same result twice',
      async run() {
        const mesh = createSheet(20, 0.05, 2);
        const before = [mesh.indices.slice(), mesh.positions.slice(), mesh.attributes.slice()];
        const run = () =>
          simplifier.simplify(mesh.indices, mesh.positions, mesh.attributes, 3, [1, 1, 0.2], null, 300, 1, [
            'Permissive',
          ]);
        const [first, second] = [run(), run()];
        expectSame([...first.indices, first.error], [...second.indices, second.error], 'the second result');
        expectSame([mesh.indices, mesh.positions, mesh.attributes], before, 'the arguments');
      },
    },
    {
      name: 'simplifier stops at the error it is given',
      async run() {
        const mesh = createSheet(20, 0.2, 4);
        const result = plain(mesh, 3, 0.02);
        expectTrue(result.error <= 0.02, `an error of at most 0.02, found ${result.error}`);
        expectTrue(result.indices.length > 3, 'more triangles than the target, because the error forbids it');
        expectTrue(result.indices.length < mesh.indices.length, 'fewer triangles than before');
      },
    },
    {
      name: 'simplifier gives the input back when the target is above it',
      async run() {
        const mesh = createSheet(4, 0.1, 5);
        const result = plain(mesh, mesh.indices.length + 3, 1);
        expectSame([[...result.indices], result.error], [[...mesh.indices], 0], 'the result');
        expectTrue(result.indices !== mesh.indices, 'a copy of the indices');
      },
    },
    {
      name: 'simplifier keeps locked vertices',
      async run() {
        const mesh = createSheet(12, 0.02, 6);
        const locks = new Uint8Array(mesh.positions.length / 3);
        for (let vertex = 0; vertex < locks.length; vertex += 7) locks[vertex] = 1;
        const result = simplifier.simplify(mesh.indices, mesh.positions, null, 0, [], locks, 3, 1, []);
        const left = new Set(result.indices);
        const lost = [...locks.keys()].filter((vertex) => locks[vertex] === 1 && !left.has(vertex));
        expectSame(lost, [], 'the locked vertices that are gone');
        expectTrue(result.indices.length < mesh.indices.length, 'fewer triangles than before');
      },
    },
    {
      name: 'simplifier gives absolute errors in the unit of the positions',
      async run() {
        const sheet = createSheet(16, 0.1, 7);
        const mesh = { ...sheet, positions: sheet.positions.map((coordinate) => coordinate * 250) };
        const scale = simplifier.scale(mesh.positions);
        expectTrue(Math.abs(scale - 250) < 1e-3, `a scale of 250, found ${scale}`);
        const relative = plain(mesh, 240, 1);
        const absolute = plain(mesh, 240, scale, ['ErrorAbsolute']);
        expectSame([...absolute.indices], [...relative.indices], 'the triangles of both runs');
        const difference = Math.abs(absolute.error - relative.error * scale);
        expectTrue(difference < 1e-4 * scale, `an error of ${relative.error * scale}, found ${absolute.error}`);
      },
    },
    {
      name: 'simplifier refuses what would reach outside its memory, and works on afterwards',
      async run() {
        const mesh = createSheet(6, 0.1, 8);
        const expected = plain(mesh, 30, 1);
        const outside = mesh.indices.slice();
        outside[10] = mesh.positions.length / 3;
        const locks = new Uint8Array(3);
        const simplify = simplifier.simplify;
        expectCode(() => plain({ ...mesh, indices: outside }, 30, 1), 'ASSET_INVALID');
        expectCode(() => plain({ ...mesh, indices: mesh.indices.slice(1) }, 30, 1), 'INPUT_INVALID');
        expectCode(() => plain({ ...mesh, positions: mesh.positions.slice(1) }, 30, 1), 'INPUT_INVALID');
        expectCode(() => plain(mesh, 31, 1), 'INPUT_INVALID');
        expectCode(() => plain(mesh, 30, Number.NaN), 'INPUT_INVALID');
        expectCode(() => simplify(mesh.indices, mesh.positions, null, 0, [], locks, 30, 1, []), 'INPUT_INVALID');
        const attributes = mesh.attributes;
        expectCode(() => simplify(mesh.indices, mesh.positions, attributes, 2, [1], null, 30, 1, []), 'INPUT_INVALID');
        expectCode(() => simplify(mesh.indices, mesh.positions, attributes, 3, [-1], null, 30, 1, []), 'INPUT_INVALID');
        const result = plain(mesh, 30, 1);
        expectSame([...result.indices], [...expected.indices], 'the result afterwards');
      },
    },
    {
      name: 'simplifier grows its memory for a large mesh, with the indices of every other build',
      async run() {
        const mesh = createSheet(120, 0.02, 9);
        const result = simplifier.simplify(
          mesh.indices,
          mesh.positions,
          mesh.attributes,
          3,
          [0.5, 0.5, 0.01],
          null,
          6000,
          1,
          ['Prune', 'Regularize'],
        );
        expectSame(digest(result.indices), 3639458369, 'the digest of the indices');
      },
    },
    {
      name: 'simplifier allows collapses across attribute seams where asked',
      async run() {
        const mesh = createSheet(24, 0, 10);
        const run = (flags: readonly SimplifyFlag[]) =>
          simplifier.simplify(mesh.indices, mesh.positions, mesh.attributes, 3, [0, 0, 0], null, 3, 1, flags).indices;
        expectSame(
          [digest(run([])), digest(run(['Permissive'])), digest(run(['LockBorder']))],
          [1671120349, 1757264061, 2147826556],
          'the digests',
        );
      },
    },
    {
      name: 'reorder permutes triangles and numbers vertices by first use',
      async run() {
        const mesh = createSheet(10, 0.1, 11);
        const before = mesh.indices.slice(60); // leaves some vertices unused
        const after = before.slice();
        const [remap, used] = simplifier.reorder(after);
        expectSame(used, new Set(before).size, 'the number of vertices in use');
        expectSame(triangleKeys(after), triangleKeys(before.map((index) => remap[index] as number)), 'the triangles');
        let next = 0;
        for (const index of after) {
          expectTrue(index <= next, `vertex ${next} to be numbered before ${index}`);
          if (index === next) next += 1;
        }
        const unused = [...remap.keys()].filter((vertex) => !before.includes(vertex));
        expectTrue(
          unused.length > 0 && unused.every((vertex) => remap[vertex] === 0xffffffff),
          'unused vertices to have no number',
        );
      },
    },
  ];
}

/** Triangles as text, each from its smallest corner on, sorted. */
function triangleKeys(indices: Uint32Array): readonly string[] {
  const keys: string[] = [];
  for (let start = 0; start < indices.length; start += 3) {
    const [a, b, c] = [...indices.subarray(start, start + 3)] as [number, number, number];
    keys.push(a <= b && a <= c ? `${a} ${b} ${c}` : b <= c ? `${b} ${c} ${a}` : `${c} ${a} ${b}`);
  }
  return keys.sort();
}

function digest(indices: Uint32Array): number {
  return hash32(indices.join(' '));
}

function expectCode(work: () => unknown, code: string): void {
  try {
    work();
  } catch (error) {
    if (isSdkError(error) && error.code === code) return;
    throw new Error(`Expected ${code}, found ${String(error)}.`);
  }
  throw new Error(`Expected ${code}, but nothing was thrown.`);
}
