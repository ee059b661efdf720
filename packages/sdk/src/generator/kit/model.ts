import type { GeneratedModel, GeneratedPart } from '../model.ts';

/**
 * Finishes a model: scales it, stands it on y = 0 and centres it on the vertical axis.
 *
 * @param parts - Their arrays become the model's and are changed in place.
 * @param scale - Factor on all lengths; texture density is kept for the unscaled object.
 */
export function createModel(name: string, parts: readonly GeneratedPart[], scale = 1): GeneratedModel {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  for (const { positions } of parts) {
    for (let at = 0; at < positions.length; at += 1) {
      const axis = at % 3;
      const value = positions[at] as number;
      if (value < (min[axis] as number)) min[axis] = value;
      if (value > (max[axis] as number)) max[axis] = value;
    }
  }
  const shift = [
    -((min[0] as number) + (max[0] as number)) / 2,
    -(min[1] as number),
    -((min[2] as number) + (max[2] as number)) / 2,
  ];
  for (const { positions } of parts) {
    for (let at = 0; at < positions.length; at += 1) {
      positions[at] = ((positions[at] as number) + (shift[at % 3] as number)) * scale;
    }
  }
  return { name, parts };
}
