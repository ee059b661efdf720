import { cos, mix, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { lathe } from '../kit/lathe.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec3 } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { foliageColor, trunkMaterial } from './colors.ts';
import { createConiferFrond } from './foliage.ts';
import { createTrunk, pointOnPath } from './wood.ts';

/** A fir: tiers of drooping, toothed branches round a straight trunk. */
export function buildConifer(spec: ObjectSpec, random: RandomStream, palette: Palette): GeneratedPart[] {
  const draw = random.fork('conifer');
  const height = draw.range(5, 6.4);
  const spread = height * draw.range(0.24, 0.3);
  const bark = trunkMaterial(spec, palette, 'bark');
  const trunk = createTrunk(
    {
      height: height * 0.94,
      radius: height * 0.026,
      taper: 0.12,
      sway: height * 0.012,
      flare: 0.55,
      tileM: bark.repeatM,
    },
    random.fork('trunk'),
  );
  const tint = foliageColor(
    spec,
    [
      [0.115, 0.2, 0.04],
      [0.14, 0.22, 0.04],
      [0.09, 0.18, 0.06],
    ],
    random.fork('color'),
  );
  const needles = { ...palette.material('needles', { tint }), doubleSided: true };
  const isSnowy = spec.styles.includes('snowy');
  const tiers = draw.integer(12, 14);
  const bottom = height * draw.range(0.13, 0.19);
  const fronds: Shape[] = [];
  const snow: Shape[] = [];
  const core: [number, number][] = [[0, bottom + height * 0.05]];
  const grow = random.fork('fronds');
  for (let tier = 0; tier < tiers; tier += 1) {
    const t = tier / (tiers - 1);
    const y = mix(bottom + spread * 0.32, height * 0.94, t * (0.72 + 0.28 * t));
    const length = spread * ((height * 1.03 - y) / (height - bottom)) * grow.range(0.92, 1.06);
    const count = Math.floor(mix(15, 7, t));
    const spin = grow.range(0, TAU);
    core.push([length * 0.34, y - length * 0.36]);
    for (let frond = 0; frond < count; frond += 1) {
      const angle = spin + (TAU * frond) / count + grow.range(-0.14, 0.14);
      const own = length * grow.range(0.84, 1.12);
      const foot = pointOnPath(trunk.path, Math.min(0.99, y / (height * 0.94)));
      const rise = -own * grow.range(0.52, 0.72);
      const start: Vec3 = [foot[0], y + grow.range(-0.05, 0.05), foot[2]];
      const shape = createConiferFrond(start, angle, own, own * grow.range(0.25, 0.31), rise, grow);
      fronds.push(shape);
      if (isSnowy && grow.chance(0.85)) {
        const cap = shape.clone();
        const middle: Vec3 = [start[0] + sin(angle) * own * 0.5, 0, start[2] + cos(angle) * own * 0.5];
        snow.push(cap.map((px, py, pz) => [mix(middle[0], px, 0.86), py + 0.035, mix(middle[2], pz, 0.86)]));
      }
    }
  }
  core.push([0.01, height * 0.97], [0, height]);
  const inside = lathe(core, { segments: 14, tileM: needles.repeatM }).crease(80);
  const tip = trunk.path[trunk.path.length - 1] as Vec3;
  inside.map((x, y, z) => [x + (tip[0] * y) / height, y, z + (tip[2] * y) / height]);
  const dark = palette.shaded(palette.material('needles', { tint }), 0.5);
  const parts = [
    createPart('wood', bark, trunk.shape),
    createPart('inside', dark, inside),
    createPart('needles', needles, fronds),
  ];
  if (snow.length > 0) parts.push(createPart('snow', { ...palette.material('snow'), doubleSided: true }, snow));
  return parts;
}
