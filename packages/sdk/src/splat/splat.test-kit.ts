import {
  type ChunkSource,
  createChunkDataPool,
  type DataTable,
  getInputFormat,
  MemoryReadFileSystem,
  materializeToDataTable,
  readFile,
} from '@playcanvas/splat-transform';
import { createRandom } from '../foundation/random.ts';
import { harmonicsCount, type ShDegree, type SplatData } from './splat-data.ts';

/** A splat of random but ordinary gaussians. */
export function makeSplat(count: number, shDegree: ShDegree, seed: number | string): SplatData {
  const random = createRandom(seed);
  const spread = (length: number, low: number, high: number): Float32Array =>
    Float32Array.from({ length }, () => low + (high - low) * random.next());
  const rotations = spread(4 * count, -1, 1);
  for (let at = 0; at < rotations.length; at += 4) {
    const length = Math.hypot(...rotations.subarray(at, at + 4));
    for (let component = 0; component < 4; component += 1) {
      rotations[at + component] = (rotations[at + component] as number) / length;
    }
  }
  return {
    count,
    positions: spread(3 * count, -2, 3),
    scales: spread(3 * count, -7, -2),
    rotations,
    opacities: spread(count, -4, 6),
    colors: spread(3 * count, -1.5, 1.5),
    shDegree,
    harmonics: spread(3 * harmonicsCount(shDegree) * count, -0.5, 0.5),
  };
}

/** Bytes of an SPZ of version 2 without container, every field random. */
export function makeSpz(count: number, shDegree: number, seed: number | string, fractionalBits = 12): Uint8Array {
  const random = createRandom(seed);
  const perGaussian = 19 + 3 * harmonicsCount(shDegree as ShDegree);
  const bytes = Uint8Array.from({ length: 16 + count * perGaussian }, () => Math.floor(256 * random.next()));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x5053474e, true);
  view.setUint32(4, 2, true);
  view.setUint32(8, count, true);
  bytes.set([shDegree, fractionalBits, 1, 0], 12);
  return bytes;
}

/** The arrays of a splat by name. */
export function arraysOf(splat: SplatData): Record<string, Float32Array> {
  const { positions, scales, rotations, opacities, colors, harmonics } = splat;
  return { positions, scales, rotations, opacities, colors, harmonics };
}

/** Reads a file with the independent reader. Its columns are named as in a 3DGS PLY. */
export async function readIndependently(name: string, bytes: Uint8Array): Promise<DataTable> {
  const fileSystem = new MemoryReadFileSystem();
  fileSystem.set(name, bytes);
  const [source] = (await readFile({ filename: name, inputFormat: getInputFormat(name), fileSystem })) as [ChunkSource];
  const table = await materializeToDataTable(source, createChunkDataPool());
  await source.close();
  return table;
}

/** Largest difference between a splat and what the independent reader found, by property. Quaternions may differ in sign. */
export function differencesFrom(table: DataTable, splat: SplatData): Record<string, number> {
  const coefficients = harmonicsCount(splat.shDegree);
  const column = (name: string): ArrayLike<number> => {
    const data = table.getColumnByName(name)?.data;
    if (data === undefined) throw new Error(`The independent reader found no ${name}.`);
    return data;
  };
  const differ = (name: string, array: Float32Array, stride: number, offset: number): number => {
    const other = column(name);
    let largest = 0;
    for (let index = 0; index < splat.count; index += 1) {
      const difference = Math.abs((other[index] as number) - (array[index * stride + offset] as number));
      if (!(difference <= largest)) largest = difference;
    }
    return largest;
  };
  const harmonics: number[] = [];
  for (let place = 0; place < 3 * coefficients; place += 1) {
    const [channel, coefficient] = [Math.floor(place / coefficients), place % coefficients];
    harmonics.push(differ(`f_rest_${place}`, splat.harmonics, 3 * coefficients, 3 * coefficient + channel));
  }
  let rotation = 0;
  const components = ['rot_1', 'rot_2', 'rot_3', 'rot_0'].map(column);
  for (let index = 0; index < splat.count; index += 1) {
    const theirs = components.map((values) => values[index] as number);
    const length = Math.hypot(...theirs);
    let dot = 0;
    for (let component = 0; component < 4; component += 1) {
      dot += ((theirs[component] as number) / length) * (splat.rotations[4 * index + component] as number);
    }
    rotation = Math.max(rotation, 1 - Math.abs(dot));
  }
  return {
    count: Math.abs(table.numRows - splat.count),
    extraHarmonics: table.hasColumn(`f_rest_${3 * coefficients}`) ? 1 : 0,
    positions: Math.max(...['x', 'y', 'z'].map((name, axis) => differ(name, splat.positions, 3, axis))),
    colors: Math.max(...[0, 1, 2].map((channel) => differ(`f_dc_${channel}`, splat.colors, 3, channel))),
    scales: Math.max(...[0, 1, 2].map((axis) => differ(`scale_${axis}`, splat.scales, 3, axis))),
    opacities: differ('opacity', splat.opacities, 1, 0),
    rotation,
    harmonics: Math.max(0, ...harmonics),
  };
}
