import { atan2, clamp, cos, mix, sin, smoothstep, TAU } from '../../foundation/math.ts';
import { box } from '../kit/box.ts';
import { extrude } from '../kit/extrude.ts';
import { ballProfile, lathe, torus } from '../kit/lathe.ts';
import { loft, smoothPath, sweep, tube } from '../kit/loft.ts';
import { bevelCorners, ellipse, rectangle } from '../kit/profile.ts';
import { mergeShapes, type Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';

/** Shapes of crossguards. */
export type GuardKind = 'bar' | 'drooping' | 'winged' | 'disc' | 'swept' | 'shell' | 'quillons';

/** Shapes of pommels. */
export type PommelKind = 'wheel' | 'stopper' | 'ball' | 'lobed' | 'cap' | 'ring';

/** A guard about y = 0 whose arms reach `span` / 2 to ±x. `lift` bends the ends towards the blade (+) or the hand (-). */
export function createBarGuard(
  span: number,
  thickness: number,
  lift: number,
  finial: 'flare' | 'ball' | 'spade',
): Shape {
  const half = span / 2;
  const path: Vec3[] = [];
  const steps = 28;
  for (let step = 0; step <= steps; step += 1) {
    const x = mix(-half, half, step / steps);
    const t = Math.abs(x) / half;
    path.push([x, lift * t * t, 0]);
  }
  const outline = (share: number): Vec2[] => {
    const t = Math.abs(share * 2 - 1);
    // Waisted arms: strong at the blade, slender in the middle, swelling again before the rounded end.
    const waist = mix(1, 0.62, smoothstep(0.05, 0.55, t));
    const flare = finial === 'flare' ? 0.62 * smoothstep(0.6, 0.95, t) : 0.1 * smoothstep(0.6, 0.95, t);
    const close = t > 0.97 ? 0.72 : 1;
    const size = thickness * (waist + flare) * close;
    return rectangle(size * 1.12, size, size * 0.24);
  };
  const arms = sweep(path, outline, { up: [0, 1, 0] }).crease(38);
  const pieces = [arms];
  if (finial !== 'flare') {
    for (const side of [-1, 1]) {
      const end: Vec3 = [side * half, lift, 0];
      const ball =
        finial === 'ball'
          ? lathe(ballProfile(thickness * 0.78, 10, -thickness * 0.78), { segments: 14 })
          : lathe(
              bevelCorners(
                [
                  [0, -thickness * 0.9],
                  [thickness * 0.5, -thickness * 0.6],
                  [thickness * 1.05, thickness * 0.25],
                  [thickness * 0.5, thickness * 1.1],
                  [0, thickness * 1.35],
                ],
                thickness * 0.1,
              ),
              { segments: 8 },
            ).scale(1, 1, 0.6);
      pieces.push(
        ball
          .crease(finial === 'ball' ? 60 : 25)
          .rotateZ((-side * Math.PI) / 2)
          .translate(...end),
      );
    }
  }
  const block = box(thickness * 2.5, thickness * 1.75, thickness * 1.9, { bevel: thickness * 0.28, grain: 'x' }).crease(
    40,
  );
  // The block narrows towards the grip like an old écusson.
  block.map((x, y, z) => [x * (1 + (0.16 * y) / thickness), y, z]);
  pieces.push(block);
  return mergeShapes(pieces);
}

/** Wings sweeping up beside the blade: guards of ornate and fantastic swords. */
export function createWingedGuard(span: number, thickness: number): Shape {
  const half = span / 2;
  const wing: Vec2[] = bevelCorners(
    [
      [0, -thickness * 0.7],
      [half * 0.35, -thickness * 0.55],
      [half * 0.72, thickness * 0.1],
      [half, thickness * 2.6],
      [half * 0.86, thickness * 1.9],
      [half * 0.74, thickness * 2.1],
      [half * 0.66, thickness * 1.25],
      [half * 0.5, thickness * 1.35],
      [half * 0.42, thickness * 0.72],
      [0, thickness * 0.8],
    ],
    [0, 0.006, 0.01, 0, 0.003, 0, 0.003, 0, 0.003, 0],
    { closed: true, steps: 2 },
  );
  const right = extrude(wing, { depth: thickness * 1.05, bevel: thickness * 0.2, bevelDepth: thickness * 0.3 }).crease(
    30,
  );
  right.map((x, y, z) => [x, y, z * mix(1.15, 0.5, clamp(x / half, 0, 1))]);
  const block = box(thickness * 2.7, thickness * 2, thickness * 2.1, { bevel: thickness * 0.32, grain: 'x' }).crease(
    40,
  );
  return mergeShapes([right.mirrored('x'), block]);
}

/** Round or lobed plate, as on katanas. */
export function createDiscGuard(radius: number, thickness: number, lobes: number): Shape {
  const count = 40;
  const outline = Array.from({ length: count }, (_, index): Vec2 => {
    const angle = (TAU * index) / count;
    const lobe = lobes > 0 ? 1 - 0.1 * (0.5 + 0.5 * cos(angle * lobes + Math.PI)) : 1;
    return [radius * lobe * cos(angle), radius * 0.93 * lobe * sin(angle)];
  });
  const plate = extrude(outline, { depth: thickness * 0.75, bevel: thickness * 0.3 })
    .rotateX(-Math.PI / 2)
    .crease(35);
  const rim = torus(radius * 0.94, thickness * 0.5, 40, 8).scale(1, 1, 0.93);
  if (lobes > 0) return plate;
  return mergeShapes([plate, rim]);
}

/** Knuckle bow from the guard's front end down to the pommel, drawn as a strap; `length` is the grip's. */
export function createKnuckleBow(reach: number, length: number, thickness: number): Shape {
  const path = smoothPath(
    [
      [0, 0, 0],
      [reach * 0.7, thickness * 0.2, 0],
      [reach, -length * 0.18, 0],
      [reach * 0.95, -length * 0.6, 0],
      [reach * 0.55, -length * 0.93, 0],
      [0.004, -length, 0],
    ],
    6,
  );
  return sweep(
    path,
    (t) => rectangle(thickness * 0.5, thickness * (1.5 - 0.5 * Math.abs(2 * t - 1)), thickness * 0.14),
    { up: [0, 0, 1] },
  ).crease(40);
}

/** Rings, cup and bow of a rapier. */
export function createSweptGuard(span: number, length: number, thickness: number): Shape {
  const pieces: Shape[] = [createBarGuard(span, thickness, 0.006, 'ball')];
  const wire = thickness * 0.42;
  const arc = (points: readonly Vec3[]): void => {
    pieces.push(tube(smoothPath(points, 7), wire, 8));
  };
  for (const side of [1, -1]) {
    arc([
      [-0.018, 0, 0],
      [-0.022, 0.03, side * 0.014],
      [0, 0.045, side * 0.038],
      [0.028, 0.028, side * 0.03],
      [0.045, 0, side * 0.004],
    ]);
    arc([
      [0.05, 0, 0],
      [0.036, 0.012, side * 0.04],
      [-0.005, 0.012, side * 0.052],
      [-0.042, 0, side * 0.012],
    ]);
  }
  pieces.push(createKnuckleBow(span * 0.34, length, thickness * 0.8));
  const cup = lathe(
    [
      [0.012, 0.026],
      [0.03, 0.028],
      [0.041, 0.02],
      [0.043, 0.013],
      [0.04, 0.013],
      [0.03, 0.023],
      [0.012, 0.022],
    ]
      .map(([r, y]): Vec2 => [r as number, y as number])
      .reverse(),
    {
      segments: 28,
      closed: true,
    },
  );
  pieces.push(cup.crease(50));
  return mergeShapes(pieces);
}

/** Clamshell plate with a knuckle bow: cutlasses. */
export function createShellGuard(radius: number, length: number, thickness: number): Shape {
  const rows = 10;
  const profile: Vec2[] = [];
  for (let row = 0; row <= rows; row += 1) profile.push([(radius * row) / rows, -0.022 * (row / rows) * (row / rows)]);
  for (let row = rows; row >= 0; row -= 1)
    profile.push([(radius * row) / rows, -0.022 * (row / rows) * (row / rows) + thickness * 0.5]);
  const shell = lathe(profile, { segments: 48 });
  // Ribs fan out from the blade like those of a scallop and end in a lobed rim.
  shell.map((x, y, z) => {
    const reach = Math.sqrt(x * x + z * z) / radius;
    const rib = 0.5 + 0.5 * cos(atan2(z, x) * 12);
    const lobe = 1 + 0.05 * rib * reach;
    return [x * lobe * 1.15 + radius * 0.22, y + 0.004 * rib * smoothstep(0.15, 0.9, reach), z * lobe * 0.9];
  });
  return mergeShapes([shell.crease(40), createKnuckleBow(radius * 1.3, length, thickness)]);
}

/** A handle from y = 0 up to `length`, oval, with a strap wound round it in `turns` raised turns (0 for smooth). */
export function createGrip(length: number, radius: number, turns: number, waist: number, tileM: number): Shape {
  const rows = turns > 0 ? Math.min(96, turns * 6) : 16;
  const sides = turns > 0 ? 16 : 20;
  const sections: Vec3[][] = [];
  for (let row = 0; row <= rows; row += 1) {
    const t = row / rows;
    const swell = 1 + waist * sin(Math.PI * smoothstep(0, 1, t)) - 0.14 * t;
    sections.push(
      ellipse(radius, radius * 0.78, sides).map(([x, z], side): Vec3 => {
        const phase = turns * t + side / sides;
        const inTurn = phase - Math.floor(phase);
        const belly = turns > 0 ? 0.9 + 0.2 * (1 - (2 * inTurn - 1) * (2 * inTurn - 1)) : 1;
        return [x * swell * belly, t * length, -z * swell * belly];
      }),
    );
  }
  return loft(sections, { tileM }).crease(turns > 0 ? 34 : 60);
}

/** A collar of metal round the grip, `height` tall from y = 0. */
export function createCollar(radius: number, height: number): Shape {
  const rim = height * 0.22;
  const profile = bevelCorners(
    [
      [radius * 0.7, 0],
      [radius * 1.12, 0],
      [radius * 1.12, rim * 1.4],
      [radius, rim * 1.8],
      [radius, height - rim * 1.8],
      [radius * 1.12, height - rim * 1.4],
      [radius * 1.12, height],
      [radius * 0.7, height],
    ],
    height * 0.06,
  );
  return lathe(profile, { segments: 24, closed: true }).scale(1, 1, 0.8).crease(38);
}

/** A pommel from y = 0 up to its `height`. */
export function createPommel(kind: PommelKind, height: number): Shape {
  const r = height / 2;
  if (kind === 'wheel') {
    const profile = bevelCorners(
      [
        [0, -r * 0.62],
        [r * 0.42, -r * 0.62],
        [r * 0.5, -r * 0.46],
        [r * 0.66, -r * 0.46],
        [r, -r * 0.24],
        [r, r * 0.24],
        [r * 0.66, r * 0.46],
        [r * 0.5, r * 0.46],
        [r * 0.42, r * 0.62],
        [0, r * 0.62],
      ],
      r * 0.07,
    );
    const wheel = lathe(profile, { segments: 28 })
      .rotateX(Math.PI / 2)
      .translate(0, r, 0);
    const nut = lathe(
      bevelCorners(
        [
          [0, 0],
          [r * 0.2, 0],
          [r * 0.24, r * 0.2],
          [0, r * 0.2],
        ],
        r * 0.05,
      ),
      { segments: 8 },
    ).translate(0, -r * 0.12, 0);
    return mergeShapes([wheel.crease(30), nut.crease(30)]).translate(0, r * 0.12, 0);
  }
  if (kind === 'stopper') {
    const profile = bevelCorners(
      [
        [0, 0],
        [r * 0.34, 0],
        [r * 0.78, r * 0.42],
        [r * 0.84, r * 0.66],
        [r * 0.4, r * 1.9],
        [r * 0.46, r * 2],
        [0, r * 2],
      ],
      r * 0.07,
    );
    return lathe(profile, { segments: 8, phase: TAU / 16 })
      .scale(1, 1, 0.85)
      .crease(24);
  }
  if (kind === 'lobed') {
    const lobes = [-1, 0, 1].map((side) =>
      lathe(ballProfile(r * (side === 0 ? 0.62 : 0.46), 10, 0, r * (side === 0 ? 1.5 : 1.1)), { segments: 16 })
        .scale(1, 1, 0.62)
        .rotateZ(-side * 0.5)
        .translate(side * r * 0.62, side === 0 ? 0 : r * 0.24, 0),
    );
    const base = box(r * 2.3, r * 0.5, r * 0.95, { bevel: r * 0.12 }).translate(0, r * 1.45, 0);
    return mergeShapes([...lobes.map((lobe) => lobe.crease(60)), base]).crease(50);
  }
  if (kind === 'ring') {
    const ring = torus(r * 0.72, r * 0.26, 28, 10)
      .rotateX(Math.PI / 2)
      .translate(0, r * 0.98, 0);
    const neck = lathe(
      bevelCorners(
        [
          [0, r * 1.7],
          [r * 0.42, r * 1.7],
          [r * 0.42, r * 2],
          [0, r * 2],
        ],
        r * 0.06,
      ),
      { segments: 16 },
    );
    return mergeShapes([ring, neck]);
  }
  if (kind === 'cap') {
    const profile = bevelCorners(
      [
        [0, 0],
        [0.017, 0],
        [0.0205, r * 0.6],
        [0.0195, r * 2],
        [0, r * 2],
      ],
      r * 0.3,
      { steps: 3 },
    );
    return lathe(profile, { segments: 24 }).scale(1, 1, 0.8).crease(45);
  }
  const ball = lathe(ballProfile(r * 0.92, 14), { segments: 20 })
    .crease(60)
    .scale(1, 0.92, 1);
  const collar = torus(r * 0.42, r * 0.16, 20, 8).translate(0, r * 1.72, 0);
  const nut = lathe(
    bevelCorners(
      [
        [0, 0],
        [r * 0.22, 0],
        [r * 0.22, r * 0.16],
        [0, r * 0.16],
      ],
      r * 0.05,
    ),
    { segments: 10 },
  ).translate(0, -r * 0.08, 0);
  return mergeShapes([ball, collar, nut]).translate(0, r * 0.08, 0);
}

/** A cut stone set in metal, facing +z and -z at the height y. */
export function createGem(
  radius: number,
  y: number,
  depth: number,
): { readonly stone: Shape; readonly setting: Shape } {
  const cut = lathe(
    [
      [0, 0],
      [radius, 0],
      [radius, radius * 0.28],
      [radius * 0.62, radius * 0.62],
      [0, radius * 0.66],
    ],
    { segments: 8 },
  );
  const stone = cut
    .crease(12)
    .rotateX(Math.PI / 2)
    .translate(0, y, depth);
  const setting = torus(radius * 1.04, radius * 0.2, 20, 6)
    .rotateX(Math.PI / 2)
    .translate(0, y, depth);
  return { stone: stone.mirrored('z').crease(12), setting: setting.mirrored('z') };
}
