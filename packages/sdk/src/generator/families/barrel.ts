import { cos, sin } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import {
  type BarrelDesign,
  createCradle,
  createHead,
  createHoop,
  createStaves,
  createTap,
  radiusAt,
} from '../cooperage/coopering.ts';
import { createBarrelMoss, createSnowCap } from '../cooperage/covers.ts';
import { buildDrum } from '../cooperage/drum.ts';
import type { Family } from '../family.ts';
import { readSpec } from '../furnishing/finish.ts';
import { lathe } from '../kit/lathe.ts';
import { createModel } from '../kit/model.ts';
import { createPart } from '../kit/part.ts';
import { bevelCorners } from '../kit/profile.ts';
import type { Shape } from '../kit/shape.ts';
import { chooseMaterial, createPalette, type Palette } from '../materials/palette.ts';
import type { GeneratedModel, GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';

/** Metals that a barrel is welded from. */
const DRUM_METALS: readonly string[] = ['steel', 'iron', 'dark-iron', 'rust', 'aluminium', 'painted-metal'];
/** Metals that even the boards may be made of. */
const SHOW_METALS: readonly string[] = ['gold', 'silver', 'copper', 'bronze', 'brass'];

/** Brightness of the boards a barrel is made of. */
const STAVE_SHADES = [1, 0.86, 0.74];

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
  const isBoardNamed = chooseMaterial(spec, ['wood', 'stone', 'glass', 'ceramic'], '') !== '';
  const showMetal = isBoardNamed ? undefined : spec.materials.find((name) => SHOW_METALS.includes(name));
  const woodName = chooseMaterial(
    spec,
    ['wood', 'stone', 'glass', 'ceramic'],
    showMetal ?? draw.pick(['oak', 'oak', 'walnut', 'pine']),
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
    showMetal === undefined ? 0 : 1,
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
    { name: isCask || isKeg ? 'tap' : 'bung', material: palette.material('walnut', { size: 64 }), list: tap },
  ];
  const pose = (shape: Shape): Shape =>
    isCask
      ? shape
          .translate(0, -height / 2, 0)
          .rotateX(Math.PI / 2)
          .translate(0, bilge + 0.07, 0)
      : shape;
  for (const { list } of shapes) list.forEach(pose);
  if (isCask) {
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
      list: [createBarrelMoss(design, height - inset + 0.012, isCask, pose, spec.seed)],
    });
  const parts = shapes.map(({ name, material, list }): GeneratedPart => createPart(name, material, list));
  return createModel(variant, parts, spec.sizeFactor);
}

/** Barrels: coopered ones standing or lying, kegs, and steel drums. */
export const barrelFamily: Family = {
  id: 'barrel',
  typicalHeightM: 0.92,
  styles: ['snowy', 'mossy', 'rustic', 'simple'],
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
    // A barrel of nothing but plain metals is a drum, iron hoops alone make none; one of a precious metal is a showpiece in a cooper's form.
    const own = readSpec(spec).materials;
    const isPlainMetal = own.length > 0 && own.every((name) => DRUM_METALS.includes(name));
    const isSteel = spec.variant === 'drum' || (spec.variant === null && isPlainMetal);
    return isSteel ? buildDrum(spec, random, palette) : buildCoopered(spec, random, palette);
  },
};
