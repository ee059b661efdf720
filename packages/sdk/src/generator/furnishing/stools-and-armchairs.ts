import type { RandomStream } from '../../foundation/random.ts';
import { cushion, turnedPost } from '../kit/joinery.ts';
import { lathe, torus } from '../kit/lathe.ts';
import { createPart } from '../kit/part.ts';
import { bevelCorners } from '../kit/profile.ts';
import type { Shape } from '../kit/shape.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { finishOf, type LinearRgb, readSpec, SOLID_CLASSES } from './finish.ts';

const HOME_TINTS: readonly LinearRgb[] = [
  [0.035, 0.1, 0.1],
  [0.3, 0.11, 0.025],
  [0.09, 0.11, 0.13],
  [0.22, 0.03, 0.04],
  [0.12, 0.15, 0.06],
  [0.36, 0.27, 0.16],
];

/** Round seats on three or four splayed legs. */
export function stoolParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const reading = readSpec(spec);
  const isLow = spec.variant === 'footstool';
  const height = isLow ? 0.34 : spec.variant === 'barstool' ? style.range(0.7, 0.76) : style.range(0.44, 0.5);
  const radius = isLow ? 0.2 : style.range(0.165, 0.19);
  const count = style.chance(0.4) ? 3 : 4;
  const thickness = style.range(0.035, 0.045);
  const wood = finishOf(spec, palette, {
    classes: SOLID_CLASSES,
    fallback: style.pick(['oak', 'pine', 'walnut', 'birch']),
    parts: ['frame', 'leg'],
    colorIndex: 0,
  });
  const legShape = turnedPost(height - thickness * 0.6, 0.025, random.fork('leg'), 10);
  const shapes: Shape[] = [];
  const splay = 0.16;
  const footRadius = radius * 0.72 + (height - thickness) * splay;
  for (let index = 0; index < count; index += 1) {
    const leg = legShape.clone().map((x, y, z) => [x, y, z + (height - y) * splay]);
    shapes.push(
      leg.translate(0, 0, radius * 0.72 - thickness * splay).rotateY((index + 0.5) * ((2 * Math.PI) / count)),
    );
  }
  const ringY = height * 0.3;
  const ringRadius = footRadius - ringY * splay;
  shapes.push(torus(ringRadius, 0.011, 28, 8).translate(0, ringY, 0));
  const seat = lathe(
    bevelCorners(
      [
        [0, height - thickness],
        [radius * 0.88, height - thickness],
        [radius, height - thickness * 0.55],
        [radius, height - thickness * 0.1],
        [radius * 0.93, height],
        [radius * 0.6, height - 0.006],
        [0, height - 0.009],
      ],
      0.006,
      { minTurnDeg: 20 },
    ),
    { segments: 28 },
  ).crease(45);
  const parts = [createPart('legs', wood, shapes), createPart('seat', wood, seat)];
  const wantsPad =
    reading.feature('cushion', 'pillow', 'seat') !== undefined ||
    spec.materials.some((name) => ['fabric', 'leather'].includes(name));
  if (wantsPad || (spec.variant !== 'stool' && style.chance(0.7))) {
    const cloth = finishOf(spec, palette, {
      classes: ['soft'],
      fallback: 'leather',
      parts: ['cushion', 'pillow', 'seat'],
      colorIndex: 1,
      tint: style.pick(HOME_TINTS),
    });
    const pad = lathe(
      [
        [0, 0],
        [radius * 0.9, 0],
        [radius * 0.99, 0.012],
        [radius, 0.026],
        [radius * 0.96, 0.041],
        [radius * 0.8, 0.052],
        [radius * 0.4, 0.058],
        [0, 0.06],
      ],
      { segments: 28 },
    ).crease(80);
    parts.push(createPart('cushion', cloth, pad.translate(0, height - 0.008, 0)));
  }
  return parts;
}

/** A club chair: cushions in an upholstered frame on short feet. */
export function armchairParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const width = style.range(0.8, 0.88);
  const depth = style.range(0.78, 0.84);
  const isLeather = style.chance(0.4);
  const cloth = finishOf(spec, palette, {
    classes: ['soft'],
    fallback: isLeather ? 'leather' : 'fabric',
    colorIndex: 0,
    tint: isLeather ? [0.2, 0.075, 0.028] : style.pick(HOME_TINTS),
  });
  const wood = finishOf(spec, palette, {
    classes: ['wood', 'metal'],
    fallback: 'walnut',
    parts: ['leg', 'foot', 'frame'],
  });
  const arm = 0.15;
  const seatTop = 0.43;
  const inner = width - 2 * arm;
  const backHeight = style.range(0.82, 0.94);
  const shapes: Shape[] = [];
  shapes.push(cushion(width - 0.03, 0.2, depth - 0.02, 0.02).translate(0, 0.12, 0));
  const armShape = cushion(depth - 0.06, arm, 0.36, 0.06)
    .rotateX(Math.PI / 2)
    .rotateY(Math.PI / 2);
  const armHeight = style.range(0.44, 0.48);
  shapes.push(
    armShape
      .clone()
      .map((x, y, z) => [x, y, z])
      .translate(width / 2 - arm, armHeight - 0.08, 0.02)
      .mirrored('x'),
  );
  const wingRadius = 0.082;
  const roll = lathe(
    bevelCorners(
      [
        [0, -depth / 2 + 0.05],
        [wingRadius, -depth / 2 + 0.05],
        [wingRadius, depth / 2 - 0.04],
        [0, depth / 2 - 0.04],
      ],
      0.022,
      { steps: 3 },
    ),
    { segments: 18 },
  )
    .crease(60)
    .rotateX(Math.PI / 2);
  shapes.push(roll.translate(width / 2 - arm / 2 + 0.008, armHeight + 0.075, 0.02).mirrored('x'));
  const lean = (shape: Shape): Shape => shape.map((x, y, z) => [x, y, z - Math.max(0, y - 0.3) * 0.2]);
  const back = cushion(width - 0.04, 0.17, backHeight - 0.16, 0.05)
    .rotateX(Math.PI / 2)
    .translate(0, 0.14 + (backHeight - 0.16) / 2, -depth / 2 + 0.0);
  shapes.push(lean(back));
  const pads: Shape[] = [];
  pads.push(cushion(inner - 0.004, 0.15, depth - 0.2, 0.2).translate(0, seatTop - 0.155, 0.085));
  const pillowHeight = backHeight - seatTop - 0.02;
  pads.push(
    lean(
      cushion(inner - 0.006, 0.15, pillowHeight, 0.32)
        .rotateX(Math.PI / 2)
        .translate(0, seatTop + pillowHeight / 2 - 0.005, -depth / 2 + 0.15),
    ),
  );
  const feet: Shape[] = [];
  const foot = lathe(
    [
      [0, 0],
      [0.02, 0],
      [0.024, 0.01],
      [0.036, 0.13],
      [0, 0.13],
    ],
    { segments: 12 },
  ).crease(40);
  for (const sx of [1, -1])
    for (const sz of [1, -1]) feet.push(foot.clone().translate(sx * (width / 2 - 0.09), 0, sz * (depth / 2 - 0.09)));
  return [createPart('frame', cloth, shapes), createPart('cushions', cloth, pads), createPart('feet', wood, feet)];
}
