import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../foundation/bytes.ts';
import { isSdkError, type SdkError } from '../foundation/errors.ts';
import { createRandom } from '../foundation/random.ts';
import { dropNonFinite } from './drop-non-finite.ts';
import { isSplatFile, readSplat } from './read-splat.ts';
import { arraysOf, makeSplat, makeSpz } from './splat.test-kit.ts';
import { SPLAT_LIMITS } from './splat-limits.ts';
import { writePly } from './write-ply.ts';

function failureOf(action: () => unknown): SdkError {
  try {
    action();
  } catch (error) {
    if (isSdkError(error)) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

const NAMES = [
  'x',
  'y',
  'z',
  'f_dc_0',
  'f_dc_1',
  'f_dc_2',
  'opacity',
  'scale_0',
  'scale_1',
  'scale_2',
  'rot_0',
  'rot_1',
  'rot_2',
  'rot_3',
];
const ROW = [1, 2, 3, 0.25, 0.5, 0.75, -1, -2, -3, -4, 0.5, -0.5, 0.5, -0.5];

function header(count: number, properties: readonly string[], encoding = 'binary_little_endian', before = ''): string {
  const lines = properties.map((property) => `property ${property}\n`).join('');
  return `ply\nformat ${encoding} 1.0\n${before}element vertex ${count}\n${lines}end_header\n`;
}

const FLOATS = NAMES.map((name) => `float ${name}`);

function textPly(rows: readonly string[], names = NAMES, lineEnd = '\n'): Uint8Array {
  const text = `${header(
    rows.length,
    names.map((name) => `float ${name}`),
    'ascii',
  )}${rows.join('\n')}\n`;
  return encodeUtf8(text.replaceAll('\n', lineEnd));
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function expectRow(bytes: Uint8Array): void {
  const { splat } = readSplat(bytes);
  expect(splat.count).toBe(1);
  expect([...splat.positions]).toEqual([1, 2, 3]);
  expect([...splat.colors]).toEqual([0.25, 0.5, 0.75]);
  expect([...splat.opacities]).toEqual([-1]);
  expect([...splat.scales]).toEqual([-2, -3, -4]);
  expect([...splat.rotations]).toEqual([-0.5, 0.5, -0.5, 0.5]);
}

describe('a PLY', () => {
  it.each([0, 1, 2, 3] as const)('of degree %i comes back bit for bit', (degree) => {
    const splat = makeSplat(9000, degree, degree);
    const bytes = writePly(splat);
    const again = readSplat(bytes);
    expect(arraysOf(again.splat)).toEqual(arraysOf(splat));
    expect(Buffer.compare(writePly(again.splat), bytes)).toBe(0);
  });

  it('is read with any order, type and byte order of its properties, and others among them', () => {
    for (const isLittle of [true, false]) {
      const types = NAMES.map((_, index) =>
        index < 3 ? (['char', 'ushort', 'int'][index] as string) : index % 2 === 0 ? 'double' : 'float',
      );
      const places = [...NAMES.keys()].reverse();
      const body = new DataView(new ArrayBuffer(200));
      const properties: string[] = [];
      let at = 0;
      for (const place of places) {
        properties.push(`uchar extra_${place}`, `${types[place]} ${NAMES[place]}`);
        body.setUint8(at++, 255);
        const value = ROW[place] as number;
        const type = types[place];
        if (type === 'char') body.setInt8(at, value);
        else if (type === 'ushort') body.setUint16(at, value, isLittle);
        else if (type === 'int') body.setInt32(at, value, isLittle);
        else if (type === 'float') body.setFloat32(at, value, isLittle);
        else body.setFloat64(at, value, isLittle);
        at += { char: 1, ushort: 2, int: 4, float: 4, double: 8 }[type as 'char'];
      }
      const before = 'comment hello\nobj_info x\nelement camera 2\nproperty short a\nproperty uint8 b\n';
      const text = header(1, properties, isLittle ? 'binary_little_endian' : 'binary_big_endian', before);
      expectRow(join(encodeUtf8(text), new Uint8Array(6), new Uint8Array(body.buffer, 0, at)));
    }
  });

  it('is read as text, whatever its line ends', () => {
    expectRow(textPly([ROW.join(' ')]));
    expectRow(textPly([ROW.join('  ')], NAMES, '\r\n'));
    const { splat } = readSplat(textPly([ROW.map((value, index) => (index === 0 ? 'nan' : value)).join(' ')]));
    expect(splat.positions[0]).toBeNaN();
    expect(failureOf(() => readSplat(textPly(['x '.repeat(14)]))).code).toBe('ASSET_UNREADABLE');
  });

  it('puts harmonics from channel by channel to coefficient by coefficient', () => {
    const names = [
      ...NAMES.slice(0, 6),
      ...Array.from({ length: 9 }, (_, index) => `f_rest_${index}`),
      ...NAMES.slice(6),
    ];
    const row = [...ROW.slice(0, 6), 11, 12, 13, 21, 22, 23, 31, 32, 33, ...ROW.slice(6)];
    const { splat } = readSplat(textPly([row.join(' ')], names));
    expect(splat.shDegree).toBe(1);
    expect([...splat.harmonics]).toEqual([11, 21, 31, 12, 22, 32, 13, 23, 33]);
  });

  it('gives quaternions length 1, and calls nothing finite that is not', () => {
    const row = [1, 2, 3, 0, 0, 0, 0, -5, -3, -4, 0, 0, 3, 4];
    const { splat, dropped } = dropNonFinite(readSplat(textPly([row.join(' ')])).splat);
    expect(dropped).toBe(0);
    expect([...splat.rotations]).toEqual([0, Math.fround(0.6), Math.fround(0.8), 0]);
    for (const [place, word] of [
      [6, 'inf'],
      [7, '-inf'],
      [0, 'nan'],
    ] as const) {
      const damaged = row.map((value, index) => (index === place ? word : value));
      expect(dropNonFinite(readSplat(textPly([damaged.join(' ')])).splat).dropped, word).toBe(1);
    }
  });

  it.each([
    [
      'a mesh',
      `ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n`,
      'ASSET_UNREADABLE',
      'triangle mesh',
    ],
    ['points', header(3, ['float x', 'float y', 'float z', 'uchar red']), 'ASSET_UNREADABLE', 'point cloud'],
    [
      'packed gaussians',
      header(3, ['uint packed_position', 'uint packed_rotation']),
      'ASSET_UNREADABLE',
      'compressed PLY',
    ],
    [
      'no vertices',
      'ply\nformat ascii 1.0\nelement cell 3\nproperty float x\nend_header\n',
      'ASSET_UNREADABLE',
      'no vertices',
    ],
    ['an odd number of harmonics', header(0, [...FLOATS, 'float f_rest_0']), 'ASSET_INVALID', '1 harmonics'],
    [
      'harmonics with a gap',
      header(0, [...FLOATS, ...[0, 1, 2, 3, 4, 5, 6, 7, 9].map((place) => `float f_rest_${place}`)]),
      'ASSET_INVALID',
      'f_rest_8',
    ],
    [
      'no opacity',
      header(
        0,
        FLOATS.filter((name) => !name.endsWith('opacity')),
      ),
      'ASSET_INVALID',
      'opacity',
    ],
    [
      'no z',
      header(
        0,
        FLOATS.filter((name) => !name.endsWith(' z')),
      ),
      'ASSET_INVALID',
      'no property z',
    ],
    ['a property twice', header(0, [...FLOATS, 'float x']), 'ASSET_INVALID', 'twice'],
    ['a list', header(0, [...FLOATS, 'list uchar int more']), 'ASSET_INVALID', 'lists'],
    [
      'a list before',
      header(1, FLOATS, 'binary_little_endian', 'element face 1\nproperty list uchar int i\n'),
      'ASSET_UNREADABLE',
      'lists before',
    ],
    ['an unknown type', header(0, ['half x']), 'ASSET_INVALID', 'half x'],
    ['a type of JavaScript', header(0, ['toString x']), 'ASSET_INVALID', 'toString'],
    ['a negative count', header(-1, FLOATS), 'ASSET_INVALID', 'element vertex -1'],
    ['an unknown encoding', header(0, FLOATS, 'binary_middle_endian'), 'ASSET_INVALID', 'middle'],
    ['no encoding', 'ply\nelement vertex 0\nend_header\n', 'ASSET_INVALID', 'encoded'],
    ['an endless header', `ply\ncomment ${'x'.repeat(70_000)}`, 'ASSET_UNREADABLE', 'longer than'],
    ['too many gaussians', header(10_000_001, FLOATS), 'ASSET_TOO_LARGE', '10000001'],
    [
      'as many as it likes',
      header(9_999_999, FLOATS),
      'ASSET_UNREADABLE',
      '9999999 of its 9999999 gaussians are missing',
    ],
    ['as many in text', header(9_999_999, FLOATS, 'ascii'), 'ASSET_UNREADABLE', '9999999 of its 9999999'],
    [
      'rows of nothing',
      header(1, FLOATS, 'ascii', 'element nothing 999999999999999\n'),
      'ASSET_UNREADABLE',
      '1 of its 1',
    ],
  ])('with %s is refused with a sentence that names it', (_, text, code, words) => {
    const bytes = encodeUtf8(text);
    const failure = failureOf(() => readSplat(bytes));
    expect(failure.message).toContain(words);
    expect(failure.code).toBe(code);
    expect(isSplatFile(bytes)).toBe(true);
  });

  it('that is cut off says how many gaussians are missing', () => {
    const bytes = writePly(makeSplat(10, 1, 3));
    const bodyOffset = bytes.length - 10 * 4 * 23;
    for (let length = 4; length < bytes.length; length += 1) {
      const failure = failureOf(() => readSplat(bytes.subarray(0, length)));
      expect(failure.code).toBe('ASSET_UNREADABLE');
      const present = Math.floor((length - bodyOffset) / 92);
      expect(failure.message).toContain(present < 0 ? 'within its header' : `${10 - present} of its 10 gaussians`);
    }
  });
});

describe('an SPZ', () => {
  const payload = makeSpz(40, 1, 'hostile');
  const patched = (offset: number, ...bytes: readonly number[]): Uint8Array => {
    const copy = Uint8Array.from(payload);
    copy.set(bytes, offset);
    return copy;
  };

  it('keeps fully opaque gaussians', () => {
    const bytes = makeSpz(3, 0, 1);
    bytes.set([0, 128, 255], 16 + 27);
    const { splat, dropped } = dropNonFinite(readSplat(bytes).splat);
    expect(dropped).toBe(0);
    expect(1 / (1 + Math.exp(-(splat.opacities[2] as number)))).toBeCloseTo(1, 5);
    expect(1 / (1 + Math.exp(-(splat.opacities[0] as number)))).toBeCloseTo(0, 5);
  });

  it('has positions in fixed point, with sign', () => {
    const bytes = makeSpz(1, 0, 1, 8);
    bytes.set([0x00, 0x01, 0x00, 0xff, 0xff, 0xff, 0x00, 0x00, 0x80], 16);
    expect([...readSplat(bytes).splat.positions]).toEqual([1, -1 / 256, -32_768]);
  });

  it.each([
    ['version 1', patched(4, 1), 'ASSET_UNREADABLE', 'SPZ version 1'],
    ['version 3', patched(4, 3), 'ASSET_UNREADABLE', 'SPZ version 3'],
    ['version 4', patched(4, 4), 'ASSET_UNREADABLE', 'SPZ version 4'],
    ['degree 4', patched(12, 4), 'ASSET_UNREADABLE', 'degree 4'],
    ['255 fractional bits', patched(13, 255), 'ASSET_UNREADABLE', '255 fractional bits'],
    ['4 billion gaussians', patched(8, 255, 255, 255, 255), 'ASSET_TOO_LARGE', '4294967295'],
    ['more gaussians than it holds', patched(8, 41), 'ASSET_UNREADABLE', 'cut off|holds less'],
    ['fewer gaussians than it holds', patched(8, 39), 'ASSET_UNREADABLE', 'holds more'],
  ])('of %s is refused, whatever it is wrapped in', (_, bytes, code, words) => {
    for (const file of [bytes, gzipSync(bytes), zstdCompressSync(bytes)]) {
      const failure = failureOf(() => readSplat(file));
      expect(failure.message).toMatch(new RegExp(words));
      expect(failure.code).toBe(code);
    }
  });

  it.each([
    ['gzip', gzipSync(payload)],
    ['zstd', zstdCompressSync(payload)],
    ['none', payload],
  ])('in %s that is cut off or followed by anything is refused', (container, file) => {
    for (let length = 4; length < file.length; length += 1) {
      expect(failureOf(() => readSplat(file.subarray(0, length))).code).toBe('ASSET_UNREADABLE');
    }
    for (const tail of [Uint8Array.of(0), file, new Uint8Array(20)]) {
      expect(failureOf(() => readSplat(join(file, tail))).code).toBe('ASSET_UNREADABLE');
    }
    const random = createRandom(container);
    for (let round = 0; round < 2000; round += 1) {
      const broken = Uint8Array.from(file);
      const reach = round % 3 === 0 ? 24 : file.length;
      for (let flips = 0; flips < 1 + (round % 3); flips += 1) {
        broken[Math.floor(random.next() * reach)] = Math.floor(random.next() * 256);
      }
      try {
        expect(readSplat(broken).splat.count).toBe(40);
      } catch (error) {
        expect(isSdkError(error), String(error)).toBe(true);
      }
    }
  });

  it('in gzip is checked by its checksum', () => {
    const stored = gzipSync(payload, { level: 0 });
    stored[200] = (stored[200] as number) ^ 1;
    expect(failureOf(() => readSplat(stored)).message).toContain('checksum');
  });

  it('that is a bomb is stopped at what its header declares', () => {
    const bomb = new Uint8Array(200_000_000);
    bomb.set(payload.subarray(0, 16));
    for (const file of [gzipSync(bomb, { level: 1 }), zstdCompressSync(bomb)]) {
      expect(failureOf(() => readSplat(file)).message).toMatch(/more than/);
    }
    const limits = { ...SPLAT_LIMITS, decompressedBytes: 500 };
    expect(failureOf(() => readSplat(gzipSync(payload), limits)).code).toBe('ASSET_TOO_LARGE');
  });
});

describe('readSplat', () => {
  it('refuses what is no splat', () => {
    for (const bytes of [
      new Uint8Array(0),
      encodeUtf8('glTF'),
      encodeUtf8('plywood'),
      Uint8Array.of(0x50, 0x4b, 3, 4),
    ]) {
      expect(isSplatFile(bytes)).toBe(false);
      expect(failureOf(() => readSplat(bytes)).code).toBe('ASSET_UNREADABLE');
    }
    expect(failureOf(() => readSplat(gzipSync('an archive of something else'))).message).toContain(
      'does not hold an SPZ',
    );
    expect(failureOf(() => readSplat(new Uint8Array(9), { ...SPLAT_LIMITS, fileBytes: 8 })).code).toBe(
      'ASSET_TOO_LARGE',
    );
  });
});
