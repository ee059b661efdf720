import { cos, mix, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { readSpec } from '../furnishing/finish.ts';
import { box } from '../kit/box.ts';
import { extrude } from '../kit/extrude.ts';
import { beam } from '../kit/joinery.ts';
import { lathe } from '../kit/lathe.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec2 } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { chooseFinish, finishBuilding, type RoofShapes } from './finishes.ts';
import { addDoor, addWindow, createBuildingParts, type PlaceOnWall } from './openings.ts';
import { coneSkin, conicalTiles } from './roofs.ts';

/** A round stone tower with a pointed roof or battlements, or, low and thatched, a round hut. */
export function towerParts(spec: ObjectSpec, palette: Palette, random: RandomStream, isHut: boolean): GeneratedPart[] {
  return isHut ? hutParts(spec, palette, random) : stoneTowerParts(spec, palette, random);
}

function around(radius: number, angle: number): PlaceOnWall {
  return (shape) => shape.translate(0, 0, radius).rotateY(angle);
}

/** Radius of a profile at a height within it. */
function radiusOf(profile: readonly Vec2[], y: number): number {
  for (let index = 1; index < profile.length; index += 1) {
    const [r0, y0] = profile[index - 1] as Vec2;
    const [r1, y1] = profile[index] as Vec2;
    if (y <= y1) return mix(r0, r1, (y - y0) / (y1 - y0));
  }
  return (profile[profile.length - 1] as Vec2)[0];
}

function stoneTowerParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const reading = readSpec(spec);
  const finish = chooseFinish(spec, palette, style, {
    wall: style.pick(['stone-blocks', 'cobblestone', 'stone-blocks']),
    timbers: ['oak', 'walnut'],
    coverings: ['tiles', 'slate', 'slate', 'shingles'],
  });
  const parts = createBuildingParts();
  const radius = style.range(1.7, 2.05);
  const height = style.range(6.6, 8.4);
  const crown = radius + 0.42;
  const crownHeight = style.range(1.5, 1.9);
  const isBattlement = !reading.is('fantasy') && reading.feature('roof') === undefined && style.chance(0.3);
  const wall = (points: readonly Vec2[]): Shape =>
    lathe(points, { segments: 28, tileM: finish.wall.repeatM }).crease(40);
  const flank: Vec2[] = [
    [radius * 1.24, 0],
    [radius * 1.2, 0.5],
    [radius * 1.08, 1.1],
    [radius * 1.02, 2],
    [radius * 0.97, height * 0.7],
    [radius * 0.96, height],
  ];
  parts.walls.push(wall([[0, 0], ...flank, [0, height]]));
  const ledge = (y: number, r: number, tall: number): Shape =>
    lathe(
      [
        [0, y],
        [r, y],
        [r + 0.07, y + tall * 0.3],
        [r + 0.07, y + tall * 0.8],
        [r, y + tall],
        [0, y + tall],
      ],
      { segments: 28 },
    ).crease(35);
  parts.base.push(ledge(1.02, radius * 1.05, 0.2), ledge(height * 0.55, radius * 0.975, 0.18));
  const corbels = 16;
  for (let index = 0; index < corbels; index += 1) {
    const outline: Vec2[] = [
      [0, 0],
      [0.12, 0],
      [0.42, 0.34],
      [0.46, 0.5],
      [0, 0.5],
    ];
    parts.base.push(
      extrude(outline, { depth: 0.26, bevel: 0.025 })
        .rotateY(-Math.PI / 2)
        .translate(0, height - 0.5, radius * 0.94)
        .rotateY((TAU * index) / corbels),
    );
  }
  parts.walls.push(
    wall([
      [0, height - 0.01],
      [crown, height - 0.01],
      [crown, height + crownHeight],
      [crown - 0.32, height + crownHeight],
      [crown - 0.32, height + crownHeight - 0.55],
      [0, height + crownHeight - 0.55],
    ]),
  );
  parts.base.push(ledge(height - 0.04, crown - 0.01, 0.17));
  const roof: RoofShapes = { light: [], dark: [], snow: [] };
  const top = height + crownHeight;
  if (isBattlement) {
    const merlons = 10;
    for (let index = 0; index < merlons; index += 1) {
      parts.base.push(
        box(0.72, 0.62, 0.36, { bevel: 0.05 })
          .translate(0, top + 0.27, crown - 0.17)
          .rotateY((TAU * (index + 0.5)) / merlons),
      );
    }
  } else {
    const rise = crown * style.range(1.7, 2.2);
    const [light, dark] = conicalTiles(
      crown + 0.42,
      top - 0.16,
      rise,
      { row: 0.44, width: 0.46, thickness: 0.05, irregularity: 0.25 + 0.7 * spec.wear },
      random.fork('tiles'),
    );
    // boards below, and above them a skin of the covering that shows where coarse levels leave pieces out
    roof.light.push(coneSkin(crown + 0.42, top - 0.16, rise), light);
    roof.dark.push(dark);
    parts.timber.push(
      lathe(
        [
          [0, top - 0.02],
          [crown + 0.36, top - 0.2],
          [crown + 0.38, top - 0.15],
        ],
        { segments: 28 },
      ).crease(40),
    );
    if (reading.is('snowy')) roof.snow.push(snowCone(crown + 0.42, top - 0.16, rise, 0.09, style));
    const tip = top - 0.16 + rise;
    parts.iron.push(
      lathe(
        [
          [0, tip - 0.1],
          [0.13, tip - 0.1],
          [0.1, tip + 0.06],
          [0.04, tip + 0.12],
          [0.09, tip + 0.24],
          [0.09, tip + 0.3],
          [0.03, tip + 0.4],
          [0.025, tip + 1.1],
          [0, tip + 1.2],
        ],
        { segments: 10 },
      ).crease(45),
    );
    const flag: Vec2[] = [
      [0.03, 0.62],
      [0.95, 0.82],
      [0.62, 0.98],
      [0.95, 1.12],
      [0.03, 1.06],
    ];
    parts.boards.push(
      extrude(flag, { depth: 0.02, bevel: 0.004 })
        .map((x, y, z) => [x, y + 0.05 * sin(x * 4), z + 0.08 * sin(x * 5)])
        .rotateY(-0.5)
        .translate(0, tip, 0),
    );
  }
  addDoor(parts, around(radius * 1.03, 0), 0, 0.3, {
    width: 1.0,
    height: 2.0,
    isArched: true,
    random: style,
    forward: 0.24,
  });
  const windowPlace = (angle: number, r: number): PlaceOnWall => around(r - 0.03, angle);
  for (const [angle, share] of [
    [0.15, 0.46],
    [-1.25, 0.36],
    [-0.7, 0.72],
    [1.3, 0.55],
    [2.6, 0.5],
    [0.5, 0.8],
  ] as const) {
    addWindow(parts, windowPlace(angle, radiusOf(flank, height * share - 0.2) + 0.02), 0, height * share, {
      width: 0.3,
      height: 0.85,
      columns: 1,
      rows: 2,
      shutters: false,
      flowers: false,
      random: style,
    });
  }
  if (!isBattlement)
    for (let index = 0; index < 8; index += 1)
      addWindow(parts, windowPlace((TAU * index) / 8 + 0.2, crown), 0, height + crownHeight * 0.55, {
        width: 0.46,
        height: 0.78,
        columns: 2,
        rows: 2,
        shutters: false,
        flowers: false,
        random: style,
      });
  return finishBuilding(parts, finish, roof, palette);
}

function hutParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const finish = chooseFinish(spec, palette, style, {
    wall: 'plaster',
    wallTint: style.pick([
      [0.5, 0.36, 0.21],
      [0.58, 0.46, 0.3],
      [0.42, 0.27, 0.15],
    ] as const),
    timbers: ['oak', 'driftwood'],
    coverings: ['thatch'],
  });
  const parts = createBuildingParts();
  const radius = style.range(1.75, 2.1);
  const height = style.range(1.75, 2.0);
  parts.walls.push(
    lathe(
      [
        [0, 0],
        [radius * 1.03, 0],
        [radius, 0.4],
        [radius * 0.97, height],
        [0, height],
      ],
      { segments: 26, tileM: finish.wall.repeatM },
    ).crease(40),
  );
  parts.base.push(
    lathe(
      [
        [0, 0],
        [radius * 1.1, 0],
        [radius * 1.1, 0.16],
        [radius * 1.0, 0.24],
        [0, 0.24],
      ],
      { segments: 22 },
    )
      .crease(35)
      .map((x, y, z) => [
        x * (1 + style.range(-0.02, 0.02)),
        y * (1 + style.range(-0.12, 0.12)),
        z * (1 + style.range(-0.02, 0.02)),
      ]),
  );
  const posts = 12;
  for (let index = 0; index < posts; index += 1) {
    const angle = (TAU * (index + 0.5)) / posts;
    const at = (y: number, r: number): readonly [number, number, number] => [r * sin(angle), y, r * cos(angle)];
    parts.timber.push(beam([at(0, radius * 1.04), at(height + 0.15, radius * 1.0)], 0.14, 0.14, { bevel: 0.05 }));
    parts.timber.push(
      beam([at(height - 0.28, radius * 1.44), at(height + 0.62, radius * 0.72)], 0.09, 0.09, { bevel: 0.03 }),
    );
  }
  const rise = radius * style.range(1.25, 1.5);
  const roof: Shape[] = [];
  const courses = 5;
  for (let index = 0; index < courses; index += 1) {
    const outer = 1 - index / courses;
    const inner = Math.max(0, 1 - (index + 1.7) / courses);
    const rim = (radius + 0.62) * (outer * 0.98 + 0.02);
    const y = height - 0.3 + rise * (1 - outer);
    const up = height - 0.3 + rise * (1 - inner);
    const course = lathe(
      [
        [rim * 0.8, y + 0.02],
        [rim, y - 0.06],
        [rim * 1.02, y + 0.06],
        [rim * 0.97, y + 0.19],
        [Math.max(0, (radius + 0.62) * inner + 0.04), up + 0.16],
        [0, up + (inner === 0 ? 0.3 : 0.16)],
      ],
      { segments: 30, tileM: 1, phase: index * 0.4 },
    ).crease(50);
    roof.push(
      course.map((x, py, z) => {
        const wobble = style.range(-1, 1);
        return [x * (1 + 0.016 * wobble), py + (py < y + 0.1 ? 0.05 : 0.02) * wobble, z * (1 + 0.016 * wobble)];
      }),
    );
  }
  const tip = height - 0.3 + rise;
  const snow = readSpec(spec).is('snowy') ? [snowCone(radius + 0.62, height - 0.3, rise, 0.2, style)] : [];
  for (let index = 0; index < 5; index += 1) {
    const angle = (TAU * index) / 5 + style.range(0, 0.6);
    parts.timber.push(
      beam(
        [
          [0.05 * sin(angle), tip - 0.1, 0.05 * cos(angle)],
          [0.2 * sin(angle), tip + style.range(0.5, 0.8), 0.2 * cos(angle)],
        ],
        0.05,
        0.05,
        { taper: (t) => 1 - 0.4 * t },
      ),
    );
  }
  parts.timber.push(
    lathe(
      [
        [0.1, tip + 0.16],
        [0.17, tip + 0.2],
        [0.17, tip + 0.28],
        [0.1, tip + 0.32],
      ],
      { segments: 12 },
    ).crease(50),
  );
  addDoor(parts, around(radius * 1.0, 0), 0, 0.14, {
    width: 0.92,
    height: 1.62,
    isArched: true,
    random: style,
    forward: 0.06,
  });
  for (const angle of [-0.95, 1.05, 2.9])
    addWindow(parts, around(radius * 0.985, angle), 0, height * 0.55, {
      width: 0.42,
      height: 0.46,
      columns: 2,
      rows: 2,
      shutters: false,
      flowers: false,
      random: style,
    });
  const list = finishBuilding(parts, finish, { light: roof, dark: [], snow }, palette);
  const pots = [
    createPart('jars', palette.material('sandstone', { tint: [0.34, 0.13, 0.06] }), [
      jar(0.24, 0.5).translate(1.05, 0, radius + 0.42),
      jar(0.17, 0.34).translate(1.45, 0, radius + 0.25),
    ]),
  ];
  return [...list, ...pots];
}

/** Snow on a cone: covers its upper part and ends in tongues. */
function snowCone(radius: number, y: number, rise: number, lift: number, random: RandomStream): Shape {
  const at = (share: number, out: number): Vec2 => [Math.max(0.02, radius * share) + out, y + rise * (1 - share) + out];
  const shape = lathe(
    [
      at(0.8, lift * 0.6),
      at(0.82, lift + 0.06),
      at(0.5, lift + 0.1),
      at(0.2, lift + 0.08),
      [0, y + rise + lift + 0.12],
    ],
    { segments: 26 },
  ).crease(75);
  return shape.map((x, py, z) => {
    const tongue = py < y + rise * 0.3 + lift + 0.1 ? random.range(-0.12, 0.14) : 0;
    return [x * (1 + tongue), py - tongue * rise, z * (1 + tongue)];
  });
}

function jar(radius: number, height: number): Shape {
  return lathe(
    [
      [0, 0],
      [radius * 0.6, 0],
      [radius * 0.95, height * 0.35],
      [radius, height * 0.55],
      [radius * 0.62, height * 0.84],
      [radius * 0.58, height * 0.9],
      [radius * 0.7, height],
      [radius * 0.5, height],
      [radius * 0.46, height * 0.8],
      [0, height * 0.7],
    ],
    { segments: 16 },
  ).crease(45);
}
