import { cos, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import { normalizeVector } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { trunkMaterial } from './colors.ts';
import { createTrunk, createTwigs, pointOnPath } from './wood.ts';

/** A bare, weathered tree: branches forking three times over. */
export function buildDead(spec: ObjectSpec, random: RandomStream, palette: Palette): GeneratedPart[] {
  const draw = random.fork('dead');
  const height = draw.range(1.9, 2.4);
  const bark = trunkMaterial(spec, palette, 'dead-bark');
  const radius = draw.range(0.19, 0.25);
  const trunk = createTrunk(
    { height, radius, taper: 0.62, sway: 0.3, flare: 0.8, tileM: bark.repeatM },
    random.fork('trunk'),
  );
  const wood: Shape[] = [trunk.shape];
  const count = draw.integer(4, 5);
  const spin = draw.range(0, TAU);
  for (let branch = 0; branch < count; branch += 1) {
    const angle = spin + (TAU * branch) / count + draw.range(-0.4, 0.4);
    const t = branch === 0 ? 0.97 : draw.range(0.6, 0.95);
    const up = branch === 0 ? 1.2 : draw.range(0.35, 0.9);
    const direction = normalizeVector([
      sin(angle) * (branch === 0 ? 0.3 : 1),
      up,
      cos(angle) * (branch === 0 ? 0.3 : 1),
    ]);
    createTwigs(
      pointOnPath(trunk.path, t),
      direction,
      draw.range(0.95, 1.35),
      radius * (branch === 0 ? 0.6 : draw.range(0.34, 0.46)),
      3,
      bark.repeatM,
      draw,
      wood,
    );
  }
  return [createPart('wood', bark, wood)];
}
