import type { RandomStream } from '../../foundation/random.ts';
import { plank } from '../kit/box.ts';
import type { Shape } from '../kit/shape.ts';
import type { KitMaterial } from '../materials/material.ts';
import type { Palette } from '../materials/palette.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { finishOf, readSpec, SOLID_CLASSES } from './finish.ts';

interface TableFinish {
  readonly top: KitMaterial;
  readonly base: KitMaterial;
}

/** Materials of top and base: a second material of the prompt, and a contrast below glass and marble, go to the base. */
export function finishes(
  spec: ObjectSpec,
  palette: Palette,
  style: RandomStream,
  woods: readonly string[],
): TableFinish {
  const fallback = style.pick(woods);
  const top = finishOf(spec, palette, {
    classes: SOLID_CLASSES,
    fallback,
    parts: ['top', 'tabletop', 'surface', 'plate'],
    colorIndex: 0,
  });
  const named = readSpec(spec).materials;
  // a glass or stone top wants something else to stand on, unless it is all the prompt names for the legs too
  const isHeavyTop = top.name === 'glass' || top.name === 'marble' || top.name === 'crystal';
  const second = named.length > 1 ? (named[1] as string) : undefined;
  const baseName = second ?? (isHeavyTop ? style.pick(['dark-iron', 'brass', 'walnut']) : undefined);
  const base =
    baseName === undefined
      ? finishOf(spec, palette, {
          classes: SOLID_CLASSES,
          fallback,
          parts: ['leg', 'base', 'frame', 'foot'],
          colorIndex: readSpec(spec).colors.length > 1 ? 1 : 0,
        })
      : finishOf(spec, palette, {
          classes: [],
          fallback: baseName,
          parts: ['leg', 'base', 'frame', 'foot'],
          colorIndex: 1,
        });
  return { top, base };
}

/** Boards side by side with bread-board ends. */
export function plankTop(length: number, depth: number, y: number, thickness: number, random: RandomStream): Shape[] {
  const count = random.integer(4, 5);
  const width = depth / count;
  const end = 0.085;
  const shapes: Shape[] = [];
  for (let index = 0; index < count; index += 1) {
    const z = -depth / 2 + width * (index + 0.5);
    const board = plank(length - 2 * end, thickness, width - 0.003, {
      random: random.fork(`board ${index}`),
      bevel: 0.006,
      roughness: 0.3,
    });
    shapes.push(board.translate(0, y + thickness / 2 + random.range(-0.0015, 0.0015), z));
  }
  for (const side of [1, -1]) {
    const cap = plank(end - 0.003, thickness * 1.04, depth + 0.012, {
      random: random.fork(`end ${side}`),
      bevel: 0.007,
      roughness: 0.2,
    });
    shapes.push(cap.translate(side * (length / 2 - end / 2), y + thickness / 2, 0));
  }
  return shapes;
}

/** `wood` for materials that are laid as planks, else the name of the material. */
export function classOfTop(material: KitMaterial): string {
  return [
    'oak',
    'pine',
    'walnut',
    'birch',
    'mahogany',
    'ebony',
    'bamboo',
    'driftwood',
    'painted-wood',
    'planks',
  ].includes(material.name)
    ? 'wood'
    : material.name;
}
