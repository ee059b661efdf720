import { harmonicsCount, type ShDegree, type SplatData } from '../splat-data.ts';

/** Where the values of a property lie: one number per gaussian, `stride` apart, the first at `offset`. */
export interface PlyColumn {
  readonly name: string;
  readonly array: Float32Array;
  readonly stride: number;
  readonly offset: number;
}

/** A splat with room for `count` gaussians, all zeros. */
export function allocateSplat(count: number, shDegree: ShDegree): SplatData {
  return {
    count,
    positions: new Float32Array(3 * count),
    scales: new Float32Array(3 * count),
    rotations: new Float32Array(4 * count),
    opacities: new Float32Array(count),
    colors: new Float32Array(3 * count),
    shDegree,
    harmonics: new Float32Array(3 * harmonicsCount(shDegree) * count),
  };
}

/**
 * The properties of a 3DGS PLY in their usual order, each with its place in the splat.
 *
 * The file has harmonics channel by channel, the splat coefficient by coefficient; the file has w of a quaternion first, the
 * splat last.
 *
 * @source graphdeco-inria/gaussian-splatting, scene/gaussian_model.py, construct_list_of_attributes.
 */
export function plyColumns(splat: SplatData): readonly PlyColumn[] {
  const columns: PlyColumn[] = [];
  const add = (name: string, array: Float32Array, stride: number, offset: number): void => {
    columns.push({ name, array, stride, offset });
  };
  for (let axis = 0; axis < 3; axis += 1) add('xyz'.charAt(axis), splat.positions, 3, axis);
  for (let channel = 0; channel < 3; channel += 1) add(`f_dc_${channel}`, splat.colors, 3, channel);
  const coefficients = harmonicsCount(splat.shDegree);
  for (let channel = 0; channel < 3; channel += 1) {
    for (let coefficient = 0; coefficient < coefficients; coefficient += 1) {
      add(
        `f_rest_${channel * coefficients + coefficient}`,
        splat.harmonics,
        3 * coefficients,
        3 * coefficient + channel,
      );
    }
  }
  add('opacity', splat.opacities, 1, 0);
  for (let axis = 0; axis < 3; axis += 1) add(`scale_${axis}`, splat.scales, 3, axis);
  for (let component = 0; component < 4; component += 1)
    add(`rot_${component}`, splat.rotations, 4, (component + 3) % 4);
  return columns;
}
