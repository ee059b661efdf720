import type { RandomStream } from '../../foundation/random.ts';
import { chooseMaterial, type Palette } from '../materials/palette.ts';
import type { ObjectSpec } from '../object-spec.ts';

/** Linear RGB. */
export type LinearColor = readonly [number, number, number];

const AUTUMN: readonly LinearColor[] = [
  [0.62, 0.24, 0.02],
  [0.6, 0.13, 0.02],
  [0.7, 0.4, 0.04],
];

/** Colour of the leaves: the one named, one of autumn, or one of the tree's own. */
export function foliageColor(spec: ObjectSpec, own: readonly LinearColor[], random: RandomStream): LinearColor {
  const isAutumn = spec.styles.some((style) => style === 'autumn' || style === 'autumnal' || style === 'fall');
  return spec.colors[0] ?? random.pick(isAutumn ? AUTUMN : own);
}

/** The material of trunk and branches; a prompt can ask for a golden or a stone tree. */
export function trunkMaterial(spec: ObjectSpec, palette: Palette, own: string) {
  return palette.material(chooseMaterial(spec, ['metal', 'stone', 'glass', 'plant'], own));
}
