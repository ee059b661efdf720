import { cos, mix, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import type { Family } from '../family.ts';
import { box } from '../kit/box.ts';
import { extrude } from '../kit/extrude.ts';
import { ballProfile, lathe, torus } from '../kit/lathe.ts';
import { loft } from '../kit/loft.ts';
import { createModel } from '../kit/model.ts';
import { fbm3 } from '../kit/noise.ts';
import { createPart } from '../kit/part.ts';
import { bevelCorners, rectangle } from '../kit/profile.ts';
import { mergeShapes, type Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';
import { chooseMaterial, createPalette, type Palette } from '../materials/palette.ts';
import type { GeneratedModel, GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';

/** Brightness of the boards a barrel is made of. */
const STAVE_SHADES = [1, 0.86, 0.74];

/** Measures of a coopered barrel, metres. */
interface BarrelDesign {
  readonly height: number;
  /** Radius in the middle and at the ends, outside. */
  readonly bilge: number;
  readonly head: number;
  readonly staves: number;
  readonly staveThickness: number;
  /** Hoop heights as shares of half the height, from the middle out; mirrored to the other half. */
  readonly hoops: readonly number[];
  readonly hoopWidth: number;
}

function radiusAt(design: BarrelDesign, y: number): number {
  const t = (2 * y) / design.height - 1;
  return mix(design.bilge, design.head, t * t * (1.12 - 0.12 * t * t));
}

/** Bent boards side by side; every one has its own thickness, length and piece of the texture. */
function createStaves(design: BarrelDesign, wear: number, random: RandomStream): Shape[] {
  const weights = Array.from({ length: design.staves }, () => random.range(0.78, 1.22));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const staves: Shape[] = [];
  let angle = random.range(0, TAU);
  for (const weight of weights) {
    const width = (TAU * weight) / total;
    staves.push(createStave(design, angle, width, wear, random));
    angle += width;
  }
  return staves;
}

function createStave(design: BarrelDesign, angle: number, width: number, wear: number, random: RandomStream): Shape {
  const rows = 10;
  const bulge = random.range(-0.003, 0.003) * (0.5 + wear);
  const low = random.range(0, 0.006) * (0.4 + wear);
  const high = design.height - random.range(0, 0.008) * (0.4 + wear);
  const sections: Vec3[][] = [];
  for (let row = 0; row <= rows; row += 1) {
    const t = row / rows;
    const y = mix(low, high, t);
    const outer = radiusAt(design, y) + bulge;
    const inner = outer - design.staveThickness;
    const isEnd = row === 0 || row === rows;
    const bevel = 0.0065;
    const gap = 0.0011 / outer;
    const cut = bevel / outer;
    const from = angle + gap;
    const to = angle + width - gap;
    const rim = isEnd ? bevel * 0.6 : 0;
    const at = (radius: number, turn: number): Vec3 => [radius * sin(turn), y, radius * cos(turn)];
    // Counter-clockwise seen from above: outside from one seam to the other, then back along the inside.
    sections.push([
      at(outer - bevel - rim, from),
      at(outer - rim, from + cut),
      at(outer - rim, (from + to) / 2),
      at(outer - rim, to - cut),
      at(outer - bevel - rim, to),
      at(inner + rim, to),
      at(inner + rim, from),
    ]);
  }
  const stave = loft(sections).crease(40);
  const u = random.range(0, 3);
  const v = random.range(0, 3);
  return stave.mapUv((pu, pv) => [pu + u, pv + v]);
}

/** A head: boards cut to a circle, lying in the plane y = 0 with their upper face at `thickness` / 2. */
function createHead(radius: number, thickness: number, boards: number, random: RandomStream): Shape[] {
  const pieces: Shape[] = [];
  const weights = Array.from({ length: boards }, () => random.range(0.8, 1.2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = -radius;
  for (const weight of weights) {
    const right = Math.min(radius, left + (2 * radius * weight) / total);
    const outline: Vec2[] = [];
    const steps = 7;
    const x0 = left + 0.0012;
    const x1 = right - 0.0012;
    for (let step = 0; step <= steps; step += 1) {
      const x = mix(x0, x1, step / steps);
      outline.push([x, -Math.sqrt(Math.max(1e-8, radius * radius - x * x))]);
    }
    for (let step = steps; step >= 0; step -= 1) {
      const x = mix(x0, x1, step / steps);
      outline.push([x, Math.sqrt(Math.max(1e-8, radius * radius - x * x))]);
    }
    const board = extrude(outline, { depth: thickness * random.range(0.9, 1.1), bevel: 0.004 })
      .crease(35)
      .rotateX(-Math.PI / 2);
    const u = random.range(0, 3);
    const v = random.range(0, 3);
    pieces.push(board.mapUv((pu, pv) => [pu + u, pv + v]));
    left = right;
  }
  return pieces;
}

/** A hoop that follows the barrel's slope, with the two rivets where its ends overlap. */
function createHoop(design: BarrelDesign, y: number, angle: number): Shape {
  const half = design.hoopWidth / 2;
  const low = radiusAt(design, y - half);
  const high = radiusAt(design, y + half);
  const thick = 0.0065;
  const profile = bevelCorners(
    [
      [low - 0.004, y - half],
      [low + thick, y - half],
      [high + thick, y + half],
      [high - 0.004, y + half],
    ],
    [0, 0.0022, 0.0022, 0],
  );
  const hoop = lathe(profile, { segments: 44, closed: true }).crease(40);
  const lap = loft(
    [-0.11, 0.11].map((turn) =>
      [
        [low + 0.003, -half * 0.96],
        [low + thick + 0.0035, -half * 0.96],
        [high + thick + 0.0035, half * 0.96],
        [high + 0.003, half * 0.96],
      ]
        .map(
          ([radius, dy]): Vec3 => [
            (radius as number) * sin(angle + turn),
            y + (dy as number),
            (radius as number) * cos(angle + turn),
          ],
        )
        .reverse(),
    ),
  ).crease(30);
  const rivets = [-0.06, 0.06].map((turn) => {
    const radius = (low + high) / 2 + thick + 0.003;
    return lathe(
      [
        [0.0085, 0],
        [0.0075, 0.0035],
        [0.004, 0.0058],
        [0, 0.0064],
      ],
      { segments: 8 },
    )
      .crease(60)
      .place([radius * sin(angle + turn), y, radius * cos(angle + turn)], [sin(angle + turn), 0, cos(angle + turn)]);
  });
  return mergeShapes([hoop, lap, ...rivets]);
}

/** A wooden tap that points to +Z from the origin. */
function createTap(scale: number): Shape {
  const spout = lathe(
    bevelCorners(
      [
        [0, 0],
        [0.012, 0],
        [0.015, 0.03],
        [0.019, 0.034],
        [0.019, 0.05],
        [0.013, 0.056],
        [0.013, 0.1],
        [0.017, 0.106],
        [0.017, 0.12],
        [0, 0.12],
      ],
      0.002,
    ),
    { segments: 14 },
  )
    .crease(40)
    .rotateX(Math.PI / 2);
  const nozzle = lathe(
    bevelCorners(
      [
        [0, -0.04],
        [0.008, -0.04],
        [0.011, 0],
        [0, 0],
      ],
      0.0015,
    ),
    { segments: 12 },
  )
    .crease(40)
    .translate(0, -0.004, 0.108);
  const plug = lathe(
    bevelCorners(
      [
        [0, -0.022],
        [0.008, -0.022],
        [0.01, 0.03],
        [0, 0.03],
      ],
      0.002,
    ),
    { segments: 12 },
  )
    .crease(40)
    .translate(0, 0, 0.076);
  const key = box(0.052, 0.013, 0.014, { bevel: 0.003 }).translate(0, 0.034, 0.076);
  return mergeShapes([spout, nozzle, plug, key]).scale(scale);
}

/** A soft cap of snow for a round top of the given radius, standing on y = 0. */
function createSnowCap(radius: number, seed: number): Shape {
  const profile: Vec2[] = [
    [0, -0.012],
    [radius, -0.012],
    [radius * 1.05, 0.012],
    [radius * 1.02, 0.045],
    [radius * 0.9, 0.07],
    [radius * 0.6, 0.086],
    [radius * 0.3, 0.092],
    [0, 0.094],
  ];
  return lathe(profile, { segments: 32 })
    .crease(80)
    .map((x, y, z) => {
      const swell = 1 + 0.07 * fbm3(x * 6, y * 6, z * 6, 2, seed);
      return [x * swell, y * (1 + 0.5 * fbm3(x * 5, 0, z * 5, 2, seed + 3)), z * swell];
    });
}

function buildCoopered(spec: ObjectSpec, random: RandomStream, palette: Palette): GeneratedModel {
  const variant = spec.variant ?? 'barrel';
  const isKeg = variant === 'keg';
  const isCask = variant === 'cask';
  const draw = random.fork('barrel');
  const height = isKeg ? draw.range(0.48, 0.58) : draw.range(0.84, 1.0);
  const bilge = height * (isKeg ? draw.range(0.33, 0.37) : draw.range(0.345, 0.39));
  const hoopStyle = draw.pick([
    [0.4, 0.68, 0.93],
    [0.36, 0.92],
    [0.46, 0.9],
    [0.3, 0.6, 0.92],
  ] as const);
  const design: BarrelDesign = {
    height,
    bilge,
    head: bilge * draw.range(0.74, 0.82),
    staves: draw.integer(15, 20),
    staveThickness: 0.026 * (isKeg ? 0.8 : 1),
    hoops: hoopStyle,
    hoopWidth: draw.range(0.036, 0.046) * (isKeg ? 0.75 : 1),
  };
  const color = spec.colors[0];
  const woodName = chooseMaterial(
    spec,
    ['wood', 'stone', 'glass', 'ceramic'],
    draw.pick(['oak', 'oak', 'walnut', 'pine']),
  );
  const wood =
    color === undefined
      ? palette.material(woodName)
      : palette.material(
          woodName === 'oak' || woodName === 'pine' || woodName === 'walnut' ? 'painted-wood' : woodName,
          { tint: color },
        );
  const headWood = color === undefined ? wood : palette.material('oak');
  const metalName = chooseMaterial(
    spec,
    ['metal'],
    spec.wear > 0.75 ? 'rust' : draw.pick(['dark-iron', 'iron', 'dark-iron']),
  );
  const metal = palette.material(metalName, { wear: Math.min(1, spec.wear + 0.1) });

  const inset = 0.034 * (isKeg ? 0.7 : 1);
  const headRadius = design.head - design.staveThickness * 0.8;
  const heads = [
    ...createHead(headRadius, 0.022, 5, draw).map((board) => board.translate(0, height - inset, 0)),
    ...createHead(headRadius, 0.022, 5, draw).map((board) => board.translate(0, inset, 0)),
  ];
  const staves = createStaves(design, spec.wear, random.fork('staves'));
  const hoops: Shape[] = [];
  for (const share of design.hoops) {
    for (const side of [-1, 1]) {
      const limit = height / 2 - design.hoopWidth * 0.62;
      hoops.push(createHoop(design, height / 2 + side * Math.min(share * (height / 2), limit), draw.range(-0.9, 0.9)));
    }
  }
  const tap: Shape[] = [];
  const turn = draw.range(-0.35, 0.35);
  if (isCask || isKeg) {
    // On a cask lying on its side the tap sits low in the head; on a standing keg low in the staves.
    const y = height * 0.2;
    tap.push(
      isCask
        ? createTap(1.25)
            .rotateX(-Math.PI / 2)
            .translate(0, height - inset, headRadius * 0.62)
        : createTap(0.85).translate(0, y, radiusAt(design, y) - 0.006),
    );
  } else {
    const bung = lathe(
      bevelCorners(
        [
          [0, -0.01],
          [0.03, -0.01],
          [0.027, 0.014],
          [0, 0.014],
        ],
        0.003,
      ),
      { segments: 16 },
    ).crease(40);
    tap.push(
      bung.place(
        [radiusAt(design, height / 2) * sin(turn), height * 0.5, radiusAt(design, height / 2) * cos(turn)],
        [sin(turn), 0, cos(turn)],
      ),
    );
  }
  const shapes: { name: string; material: ReturnType<Palette['material']>; list: Shape[] }[] = [
    ...STAVE_SHADES.map((factor, index) => ({
      name: index === 0 ? 'staves' : `staves-${index + 1}`,
      material: palette.shaded(wood, factor),
      list: staves.filter((_, stave) => ((stave * 7 + spec.seed) % 5) % STAVE_SHADES.length === index),
    })),
    { name: 'heads', material: headWood, list: heads },
    { name: 'hoops', material: metal, list: hoops },
    { name: isCask || isKeg ? 'tap' : 'bung', material: palette.material('walnut'), list: tap },
  ];
  if (isCask) {
    for (const { list } of shapes)
      for (const shape of list)
        shape
          .translate(0, -height / 2, 0)
          .rotateX(Math.PI / 2)
          .translate(0, bilge + 0.07, 0);
    shapes.push({
      name: 'cradle',
      material: palette.material(chooseMaterial(spec, ['wood'], 'oak')),
      list: createCradle(design),
    });
  } else if (spec.styles.includes('snowy')) {
    shapes.push({
      name: 'snow',
      material: palette.material('snow'),
      list: [createSnowCap(design.head, spec.seed).translate(0, height - 0.01, 0)],
    });
  }
  if (spec.styles.includes('mossy'))
    shapes.push({
      name: 'moss',
      material: palette.material('moss'),
      list: createMossPatches(design, isCask, random.fork('moss')),
    });
  const parts = shapes.map(({ name, material, list }): GeneratedPart => createPart(name, material, list));
  return createModel(variant, parts, spec.sizeFactor);
}

/** Two saddles on a pair of runners, for a cask lying along z with its lowest line 7 cm above the ground. */
function createCradle(design: BarrelDesign): Shape[] {
  const pieces: Shape[] = [];
  const radius = radiusAt(design, design.height * 0.2);
  const centre = design.bilge + 0.07;
  for (const side of [-1, 1]) {
    pieces.push(box(0.07, 0.06, design.height * 0.92, { bevel: 0.007 }).translate(side * radius * 0.62, 0.03, 0));
    const outline: Vec2[] = [
      [-radius * 0.86, 0.06],
      [radius * 0.86, 0.06],
      [radius * 0.86, centre - radius * 0.34],
    ];
    const steps = 10;
    for (let step = 0; step <= steps; step += 1) {
      const angle = mix(0.93, -0.93, step / steps);
      outline.push([(radius + 0.004) * sin(angle), centre - (radius + 0.004) * cos(angle)]);
    }
    outline.push([-radius * 0.86, centre - radius * 0.34]);
    pieces.push(
      extrude(outline, { depth: 0.07, bevel: 0.006 })
        .crease(35)
        .translate(0, 0, side * design.height * 0.3),
    );
  }
  return pieces;
}

/** Cushions of moss at the foot and on the upper rim. */
function createMossPatches(design: BarrelDesign, isLying: boolean, random: RandomStream): Shape[] {
  return Array.from({ length: isLying ? 6 : 14 }, (_, index) => {
    const size = random.range(0.04, 0.09);
    const angle = random.range(0, TAU);
    const cushion = lathe(ballProfile(size, 6, -size * 0.16, size * 0.36), { segments: 14 }).crease(80);
    cushion.map((x, y, z) => {
      const swell = 1 + 0.3 * fbm3(x * 22, y * 22, z * 22, 2, index);
      return [x * swell, y * swell, z * swell];
    });
    if (isLying) return cushion.translate(random.range(-0.12, 0.12), 2 * design.bilge + 0.058, random.range(-0.2, 0.2));
    if (index % 3 === 0)
      return cushion.translate(design.head * 0.92 * sin(angle), design.height - 0.008, design.head * 0.92 * cos(angle));
    const y = random.range(0.01, 0.1);
    const radius = radiusAt(design, y);
    return cushion.place([radius * sin(angle), y, radius * cos(angle)], [sin(angle), 0, cos(angle)]);
  });
}

/** Two-hundred-litre steel drum with rolling hoops and bungs. */
function buildDrum(spec: ObjectSpec, random: RandomStream, palette: Palette): GeneratedModel {
  const draw = random.fork('drum');
  const height = draw.range(0.86, 0.9);
  const radius = height * draw.range(0.325, 0.34);
  const profile: Vec2[] = [
    [0, 0.016],
    [radius * 0.93, 0.016],
    [radius * 0.955, 0.002],
    [radius * 1.0, 0],
    [radius * 1.015, 0.008],
    [radius * 1.015, 0.018],
    [radius * 0.985, 0.024],
  ];
  const hoop = (y: number, size: number): void => {
    for (const [dr, dy] of [
      [0, -1.4],
      [0.55, -0.9],
      [1, -0.35],
      [1, 0.35],
      [0.55, 0.9],
      [0, 1.4],
    ] as const)
      profile.push([radius * 0.985 + dr * size, y + dy * size]);
  };
  for (const share of draw.pick([
    [0.345, 0.655],
    [0.34, 0.66, 0.9],
    [0.2, 0.345, 0.655, 0.8],
  ] as const))
    hoop(share * height, draw.range(0.01, 0.014));
  const top = profile
    .slice(0, 7)
    .reverse()
    .map(([r, y]): Vec2 => [r, height - y]);
  profile.push(...top);
  const tint =
    spec.colors[0] ??
    draw.pick([
      [0.02, 0.11, 0.26],
      [0.35, 0.04, 0.03],
      [0.08, 0.16, 0.06],
      [0.55, 0.28, 0.02],
      [0.1, 0.1, 0.11],
    ] as const);
  const named = chooseMaterial(spec, ['metal'], 'painted-metal');
  const isPainted = named === 'painted-metal' || (spec.colors.length > 0 && named !== 'rust');
  const shell = palette.material(isPainted ? 'painted-metal' : named, isPainted ? { tint } : {});
  const body = lathe(profile, { segments: 48, tileM: shell.repeatM }).crease(32);
  const dents = draw.fork('dents');
  const dentCount = Math.floor(1 + spec.wear * 6);
  for (let dent = 0; dent < dentCount; dent += 1) {
    const angle = dents.range(0, TAU);
    const centre: Vec3 = [radius * sin(angle), dents.range(0.15, 0.85) * height, radius * cos(angle)];
    const reach = dents.range(0.07, 0.15);
    const depth = dents.range(0.008, 0.02);
    body.map((x, y, z) => {
      const dx = x - centre[0];
      const dy = (y - centre[1]) * 0.8;
      const dz = z - centre[2];
      const near = 1 - (dx * dx + dy * dy + dz * dz) / (reach * reach);
      if (near <= 0) return [x, y, z];
      const push = 1 - (depth * near * near) / radius;
      return [x * push, y, z * push];
    });
  }
  const cap = (size: number): Shape =>
    mergeShapes([
      lathe(
        bevelCorners(
          [
            [0, 0],
            [size, 0],
            [size, 0.01],
            [0, 0.01],
          ],
          0.002,
        ),
        { segments: 20 },
      ).crease(40),
      lathe(
        bevelCorners(
          [
            [0, 0.01],
            [size * 0.62, 0.01],
            [size * 0.62, 0.018],
            [0, 0.018],
          ],
          0.002,
        ),
        { segments: 6 },
      ).crease(30),
    ]);
  const inside = height - 0.017;
  const fittings = [
    cap(0.034).translate(radius * 0.62, inside, 0.02),
    cap(0.018).translate(-radius * 0.6, inside, 0.05),
    torus(radius * 0.99, 0.009, 48, 8).translate(0, height - 0.01, 0),
    torus(radius * 0.99, 0.009, 48, 8).translate(0, 0.01, 0),
    extrude(rectangle(radius * 0.6, 0.03, 0.006), { depth: 0.004, bevel: 0.0012 })
      .rotateX(-Math.PI / 2)
      .translate(0, inside + 0.001, radius * 0.45),
  ];
  const parts = [
    createPart('shell', shell, body),
    createPart('fittings', palette.material(isPainted ? (spec.wear > 0.6 ? 'rust' : 'steel') : named), fittings),
  ];
  if (spec.styles.includes('snowy'))
    parts.push(
      createPart(
        'snow',
        palette.material('snow'),
        createSnowCap(radius * 0.98, spec.seed).translate(0, height - 0.008, 0),
      ),
    );
  return createModel('drum', parts, spec.sizeFactor);
}

/** Barrels: coopered ones standing or lying, kegs, and steel drums. */
export const barrelFamily: Family = {
  id: 'barrel',
  typicalHeightM: 0.92,
  nouns: {
    barrel: null,
    keg: 'keg',
    cask: 'cask',
    tun: 'cask',
    hogshead: null,
    drum: 'drum',
    'oil drum': 'drum',
    canister: 'drum',
    firkin: 'keg',
  },
  build(spec, random) {
    const palette = createPalette(spec);
    const isSteel =
      spec.variant === 'drum' ||
      (spec.variant === null &&
        chooseMaterial(spec, ['wood', 'metal'], 'oak') !== 'oak' &&
        spec.styles.includes('modern'));
    return isSteel ? buildDrum(spec, random, palette) : buildCoopered(spec, random, palette);
  },
};
