import type { RandomStream } from '../../foundation/random.ts';
import { box } from '../kit/box.ts';
import { extrude } from '../kit/extrude.ts';
import { beam, cushion } from '../kit/joinery.ts';
import { ballProfile, lathe, torus } from '../kit/lathe.ts';
import { createPart } from '../kit/part.ts';
import { mergeShapes, type Shape } from '../kit/shape.ts';
import type { Vec2 } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { finishOf, type LinearRgb, SOLID_CLASSES } from './finish.ts';
import { finial } from './seating.ts';

const ROYAL_TINTS: readonly LinearRgb[] = [
  [0.26, 0.015, 0.03],
  [0.1, 0.02, 0.2],
  [0.02, 0.05, 0.22],
  [0.02, 0.12, 0.06],
];

/** A seat for a ruler: high pointed back, arms, a step, gilded edges and a padded seat. */
export function throneParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const width = style.range(0.74, 0.82);
  const depth = 0.64;
  const height = style.range(1.72, 1.95);
  const seatHeight = 0.5;
  const post = 0.085;
  const body = finishOf(spec, palette, {
    classes: SOLID_CLASSES,
    fallback: style.pick(['walnut', 'ebony', 'mahogany']),
    parts: ['frame'],
    colorIndex: 1,
  });
  const isGold = body.name === 'gold';
  const trim = finishOf(spec, palette, {
    classes: [],
    fallback: isGold ? 'dark-iron' : 'gold',
    parts: ['trim', 'ornament', 'decoration', 'edge'],
  });
  const cloth = finishOf(spec, palette, {
    classes: ['soft'],
    fallback: 'fabric',
    parts: ['cushion', 'upholstery', 'seat', 'pillow'],
    colorIndex: 0,
    tint: style.pick(ROYAL_TINTS),
  });
  const rear = -depth / 2 + post / 2;
  const front = depth / 2 - post / 2;
  const side = width / 2 - post / 2;
  const postTop = height * 0.86;

  const wood: Shape[] = [];
  wood.push(box(width + 0.16, 0.07, depth + 0.22, { bevel: 0.012 }).translate(0, 0.035, 0.05));
  wood.push(box(width + 0.04, 0.06, depth + 0.06, { bevel: 0.012 }).translate(0, 0.1, 0.01));
  wood.push(
    beam(
      [
        [side, 0.1, rear],
        [side, postTop, rear],
      ],
      post,
      post,
      { up: [0, 0, 1] },
    ).mirrored('x'),
  );
  const armY = seatHeight + 0.25;
  wood.push(
    beam(
      [
        [side, 0.1, front],
        [side, armY, front],
      ],
      post,
      post,
      { up: [0, 0, 1] },
    ).mirrored('x'),
  );
  wood.push(
    beam(
      [
        [side, armY + 0.02, rear],
        [side, armY + 0.02, front + 0.07],
      ],
      post * 1.15,
      0.055,
      { bevel: 0.014 },
    ).mirrored('x'),
  );
  // closed sides and front below the seat
  wood.push(
    box(0.03, seatHeight - 0.12, depth - post * 1.6, { bevel: 0.004, grain: 'y' })
      .translate(side, (seatHeight + 0.12) / 2, 0)
      .mirrored('x'),
  );
  wood.push(
    box(0.026, armY - seatHeight - 0.04, depth - post * 1.6, { bevel: 0.004, grain: 'y' })
      .translate(side, (armY + seatHeight) / 2, 0)
      .mirrored('x'),
  );
  wood.push(
    box(width - post * 1.6, seatHeight - 0.12, 0.03, { bevel: 0.004, grain: 'y' }).translate(
      0,
      (seatHeight + 0.12) / 2,
      front,
    ),
  );
  wood.push(box(width - 0.02, 0.05, depth, { bevel: 0.012, grain: 'x' }).translate(0, seatHeight - 0.025, 0.01));
  wood.push(
    box(width - post * 1.6, seatHeight - 0.12, 0.03, { bevel: 0.004, grain: 'y' }).translate(
      0,
      (seatHeight + 0.12) / 2,
      rear,
    ),
  );
  const arch = pointedBack(side, seatHeight - 0.02, postTop - 0.05, height, 0.05);
  wood.push(extrude(arch, { depth: 0.05, bevel: 0.01 }).translate(0, 0, rear));

  const gilded: Shape[] = [];
  const inset = pointedBack(side - 0.07, seatHeight + 0.12, postTop - 0.14, height - 0.13, 0);
  gilded.push(frameAround(inset, 0.024, 0.03).translate(0, 0, rear + 0.026));
  const knob = style.chance(0.5) ? finial(0.055) : spike(0.05, 0.2);
  gilded.push(knob.clone().translate(side, postTop, rear).mirrored('x'));
  gilded.push(spike(0.05, 0.17).translate(0, height - 0.012, rear));
  gilded.push(
    lathe(ballProfile(0.052, 8), { segments: 14 })
      .crease(70)
      .translate(side, armY - 0.01, front + 0.07)
      .mirrored('x'),
  );
  for (const y of [0.165, seatHeight - 0.075])
    gilded.push(
      beam(
        [
          [-(side - post / 2), y, front + 0.016],
          [side - post / 2, y, front + 0.016],
        ],
        0.014,
        0.022,
      ),
    );
  gilded.push(lozenge(0.09, 0.028).translate(0, (0.165 + seatHeight - 0.075) / 2, front + 0.014));
  gilded.push(
    torus(post * 0.6, 0.014, 4, 6)
      .rotateY(Math.PI / 4)
      .translate(side, postTop - 0.02, rear)
      .mirrored('x'),
  );

  const padded = extrude(pointedBack(side - 0.085, seatHeight + 0.135, postTop - 0.15, height - 0.16, 0), {
    depth: 0.05,
    bevel: 0.018,
  }).translate(0, 0, rear + 0.02);
  const seatPad = cushion(width - post * 2.05, 0.095, depth - 0.13, 0.25).translate(0, seatHeight - 0.012, 0.035);
  return [
    createPart('body', body, wood),
    createPart('gilding', trim, gilded),
    createPart('upholstery', cloth, [padded.crease(60), seatPad]),
  ];
}

/** Gothic arch: straight sides to `shoulder`, then two curves that meet in a point at `top`. */
function pointedBack(half: number, low: number, shoulder: number, top: number, lift: number): Vec2[] {
  const right: Vec2[] = [
    [half, low],
    [half, shoulder],
  ];
  for (let step = 1; step <= 5; step += 1) {
    const t = step / 6;
    right.push([half * (1 - t) * (1 + 0.35 * t), shoulder + (top - shoulder) * (t * (2 - t) * 0.75 + 0.25 * t)]);
  }
  const left = right.map(([x, y]): Vec2 => [-x, y]).reverse();
  return [...right, [0, top + lift * 0], ...left];
}

/** A moulding of square section along a closed outline in the xy plane. */
function frameAround(outline: readonly Vec2[], width: number, depth: number): Shape {
  const shapes = outline.map((point, index): Shape => {
    const next = outline[(index + 1) % outline.length] as Vec2;
    return beam(
      [
        [point[0], point[1], 0],
        [next[0], next[1], 0],
      ],
      width,
      depth,
      { up: [0, 0, 1], bevel: width * 0.2 },
    );
  });
  return mergeShapes(shapes);
}

function spike(radius: number, height: number): Shape {
  return lathe(
    [
      [0, 0],
      [radius * 0.9, 0],
      [radius, height * 0.08],
      [radius * 0.55, height * 0.16],
      [radius * 0.85, height * 0.34],
      [radius * 0.5, height * 0.5],
      [0, height],
    ],
    { segments: 12 },
  ).crease(35);
}

function lozenge(size: number, depth: number): Shape {
  return extrude(
    [
      [-size * 1.4, 0],
      [0, -size * 0.8],
      [size * 1.4, 0],
      [0, size * 0.8],
    ],
    { depth, bevel: depth * 0.48, bevelDepth: depth * 0.4 },
  );
}
