import { cos, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { beam } from '../kit/joinery.ts';
import { lathe } from '../kit/lathe.ts';
import { tube } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import { bevelCorners } from '../kit/profile.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec2 } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { finishOf } from './finish.ts';
import { bail } from './lights.ts';

/** A ribbed paper ball or spindle with black ends and a tassel. */
export function paperLantern(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const radius = style.range(0.16, 0.2);
  const isTall = style.chance(0.4);
  const half = radius * (isTall ? 1.35 : 0.88);
  const ribs = 11;
  const profile: Vec2[] = [];
  for (let step = 0; step <= ribs * 2; step += 1) {
    const angle = 0.32 + ((Math.PI - 0.64) * step) / (ribs * 2);
    const bulge = step % 2 === 1 ? 0.004 : -0.003;
    profile.push([(radius + bulge) * sin(angle), half - half * cos(angle)]);
  }
  const paper = finishOf(spec, palette, {
    classes: [],
    fallback: 'glowing-paper',
    parts: ['paper'],
    colorIndex: 0,
    tint: style.pick([
      [0.62, 0.06, 0.03],
      [0.85, 0.6, 0.3],
      [0.8, 0.72, 0.55],
    ] as const),
  });
  const first = profile[0] as Vec2;
  const last = profile[profile.length - 1] as Vec2;
  const cap = (y: number, size: number): Shape =>
    lathe(
      bevelCorners(
        [
          [0, y - 0.012],
          [size, y - 0.012],
          [size * 1.06, y],
          [size, y + 0.012],
          [0, y + 0.012],
        ],
        0.003,
      ),
      { segments: 24 },
    ).crease(45);
  const black = palette.material('ebony');
  const fittings: Shape[] = [
    cap(first[1], first[0] * 1.04),
    cap(last[1], last[0] * 1.04),
    bail(last[0] * 0.7, 0.09, last[1] + 0.006),
  ];
  const tassel = lathe(
    [
      [0, -0.14],
      [0.016, -0.14],
      [0.012, -0.05],
      [0.016, -0.035],
      [0.011, -0.02],
      [0, -0.015],
    ],
    { segments: 12 },
  ).crease(60);
  tassel.append(
    tube(
      [
        [0, -0.02, 0],
        [0, first[1] - 0.01, 0],
      ],
      0.0025,
      6,
    ),
  );
  return [
    createPart('paper', { ...paper, emissive: [0.32, 0.2, 0.09] }, lathe(profile, { segments: 30 }).crease(25)),
    createPart('fittings', black, fittings),
    createPart('tassel', palette.material('fabric', { tint: [0.5, 0.03, 0.02] }), tassel),
  ];
}

/** A Japanese garden lantern of stone; moss grows on it with age. */
export function stoneLantern(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const stone = finishOf(spec, palette, {
    classes: ['stone', 'masonry'],
    fallback: style.pick(['granite', 'limestone', 'basalt']),
    colorIndex: 0,
  });
  const sides = style.pick([6, 6, 4]);
  const phase = TAU / sides / 2;
  const polygonal = (points: readonly Vec2[]): Shape =>
    lathe(bevelCorners(points, 0.012), { segments: sides, phase }).crease(26);
  const round = (points: readonly Vec2[]): Shape =>
    lathe(bevelCorners(points, 0.01, { steps: 2 }), { segments: 22 }).crease(40);
  const shaft = style.range(0.42, 0.62);
  const y0 = 0.2;
  const y1 = y0 + shaft;
  const y2 = y1 + 0.15;
  const box = style.range(0.24, 0.28);
  const y3 = y2 + box;
  const shapes: Shape[] = [];
  shapes.push(
    polygonal([
      [0, 0],
      [0.36, 0],
      [0.36, 0.09],
      [0, 0.09],
    ]),
  );
  shapes.push(
    round([
      [0, 0.09],
      [0.26, 0.09],
      [0.27, 0.13],
      [0.2, 0.185],
      [0.16, y0],
      [0, y0],
    ]),
  );
  shapes.push(
    round([
      [0, y0],
      [0.145, y0],
      [0.125, y0 + shaft * 0.25],
      [0.12, y0 + shaft * 0.45],
      [0.15, y0 + shaft * 0.47],
      [0.15, y0 + shaft * 0.53],
      [0.12, y0 + shaft * 0.55],
      [0.125, y0 + shaft * 0.75],
      [0.14, y1],
      [0, y1],
    ]),
  );
  shapes.push(
    polygonal([
      [0, y1],
      [0.16, y1],
      [0.3, y1 + 0.07],
      [0.31, y1 + 0.15],
      [0, y1 + 0.15],
    ]),
  );
  const radius = 0.215;
  for (let index = 0; index < sides; index += 1) {
    const angle = phase + (TAU * index) / sides;
    shapes.push(
      beam(
        [
          [radius * sin(angle), y2 - 0.01, radius * cos(angle)],
          [radius * sin(angle), y3 + 0.01, radius * cos(angle)],
        ],
        0.075,
        0.075,
        { bevel: 0.012, up: [sin(angle), 0, cos(angle)] },
      ),
    );
  }
  shapes.push(
    polygonal([
      [0, y3 - 0.045],
      [radius * 1.1, y3 - 0.045],
      [radius * 1.1, y3 + 0.004],
      [0, y3 + 0.004],
    ]),
  );
  // the roof's corners sweep upwards
  const eave = 0.44;
  const roof = lathe(
    [
      [0, y3],
      [eave * 0.5, y3],
      [eave, y3 + 0.015],
      [eave * 1.01, y3 + 0.055],
      [eave * 0.72, y3 + 0.085],
      [eave * 0.45, y3 + 0.14],
      [eave * 0.24, y3 + 0.215],
      [0, y3 + 0.23],
    ],
    { segments: sides * 6, phase },
  );
  roof.map((x, y, z) => {
    const reach = Math.sqrt(x * x + z * z);
    if (reach < 1e-6) return [x, y, z];
    // the ring is drawn in to straight eaves between the corners, which are lifted
    let nearest = -1;
    for (let index = 0; index < sides; index += 1) {
      const angle = phase + (TAU * index) / sides;
      nearest = Math.max(nearest, (x * sin(angle) + z * cos(angle)) / reach);
    }
    const half = cos(TAU / sides / 2);
    const across = (nearest - half) / (1 - half);
    const flat =
      half / (half * nearest + Math.sqrt(Math.max(0, 1 - half * half)) * Math.sqrt(Math.max(0, 1 - nearest * nearest)));
    const out = reach / eave;
    return [x * flat, y + 0.075 * across * across * out * out, z * flat];
  });
  shapes.push(roof.crease(32));
  const y4 = y3 + 0.2;
  shapes.push(
    round([
      [0, y4],
      [0.09, y4],
      [0.11, y4 + 0.03],
      [0.06, y4 + 0.05],
      [0.05, y4 + 0.06],
      [0.085, y4 + 0.1],
      [0.07, y4 + 0.15],
      [0.02, y4 + 0.2],
      [0, y4 + 0.215],
    ]),
  );
  const glow = lathe(
    [
      [radius * 0.86, y2],
      [radius * 0.86, y3 - 0.04],
    ],
    { segments: sides, phase },
  ).crease(20);
  const parts = [createPart('stone', stone, shapes), createPart('light', palette.material('glowing-paper'), glow)];
  if (spec.wear > 0.6 || spec.styles.includes('mossy')) {
    const moss: Shape[] = [];
    for (let index = 0; index < 12; index += 1) {
      const angle = style.range(0, TAU);
      const isHigh = index < 6;
      const reach = isHigh ? style.range(0.1, 0.3) : style.range(0.22, 0.3);
      const y = isHigh ? y3 + 0.075 + 0.14 * (1 - reach / 0.3) : 0.085;
      const size = style.range(0.04, 0.085);
      moss.push(
        lathe(
          [
            [0, -0.01],
            [size, -0.01],
            [size * 0.85, 0.014],
            [size * 0.4, 0.026],
            [0, 0.03],
          ],
          { segments: 9 },
        )
          .crease(90)
          .map((x, my, z) => [x * (1 + 0.3 * sin(x * 90)), my, z * (1 + 0.3 * cos(z * 80))])
          .rotateX(isHigh ? 0.5 : 0)
          .rotateY(angle)
          .translate(reach * sin(angle), y, reach * cos(angle)),
      );
    }
    parts.push(createPart('moss', palette.material('moss'), moss));
  }
  return parts;
}
