import { cos, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { beam, turnedProfile } from '../kit/joinery.ts';
import { ballProfile, lathe, torus } from '../kit/lathe.ts';
import { tube } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import { bevelCorners } from '../kit/profile.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';
import type { KitMaterial } from '../materials/material.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { finishOf, type SpecReading } from './finish.ts';
import { bail, GLOW, lampShade } from './lights.ts';

const GLAZES: readonly (readonly [number, number, number])[] = [
  [0.03, 0.13, 0.16],
  [0.42, 0.12, 0.05],
  [0.05, 0.09, 0.25],
  [0.62, 0.56, 0.44],
  [0.09, 0.2, 0.11],
  [0.32, 0.2, 0.06],
];

const VASES: readonly (readonly Vec2[])[] = [
  [
    [0.062, 0.03],
    [0.07, 0.045],
    [0.105, 0.11],
    [0.115, 0.16],
    [0.095, 0.215],
    [0.05, 0.262],
    [0.028, 0.285],
    [0.026, 0.3],
  ],
  [
    [0.05, 0.03],
    [0.055, 0.05],
    [0.034, 0.07],
    [0.075, 0.14],
    [0.1, 0.205],
    [0.092, 0.25],
    [0.04, 0.286],
    [0.026, 0.3],
  ],
  [
    [0.075, 0.03],
    [0.088, 0.05],
    [0.088, 0.09],
    [0.07, 0.13],
    [0.042, 0.2],
    [0.032, 0.26],
    [0.03, 0.3],
  ],
  [
    [0.06, 0.03],
    [0.086, 0.06],
    [0.086, 0.1],
    [0.05, 0.13],
    [0.062, 0.16],
    [0.07, 0.185],
    [0.042, 0.215],
    [0.05, 0.24],
    [0.052, 0.26],
    [0.028, 0.285],
    [0.026, 0.3],
  ],
];

function shadeFinish(spec: ObjectSpec, palette: Palette, colorIndex: number): KitMaterial {
  const named = finishOf(spec, palette, {
    classes: ['soft'],
    fallback: 'glowing-paper',
    parts: ['shade', 'lampshade'],
    colorIndex,
  });
  return named.name === 'paper' || named.emissive !== undefined
    ? named
    : { ...named, emissive: [0.1, 0.065, 0.03], doubleSided: true };
}

/** A turned body with a cloth or paper shade on a harp. */
export function tableLamp(
  spec: ObjectSpec,
  palette: Palette,
  reading: SpecReading,
  style: RandomStream,
): GeneratedPart[] {
  const body = finishOf(spec, palette, {
    classes: ['wood', 'metal', 'stone', 'glass', 'ceramic', 'masonry'],
    fallback: reading.is('modern')
      ? style.pick(['ceramic', 'marble', 'oak'])
      : style.pick(['ceramic', 'ceramic', 'brass', 'walnut']),
    parts: ['base', 'foot', 'stand', 'body'],
    colorIndex: 0,
    ...(reading.materials.length === 0 ? { tint: style.pick(GLAZES) } : {}),
  });
  const metal = finishOf(spec, palette, {
    classes: [],
    fallback: body.name === 'brass' ? 'dark-iron' : 'brass',
    parts: ['fitting', 'neck'],
  });
  const vase = style.pick(VASES).map(([radius, y]): Vec2 => [radius * 0.98, y]);
  const stretch = style.range(0.88, 1.12);
  const neckY = 0.3 * stretch;
  const bodyShape = lathe(
    turnedProfile(
      vase.map(([radius, y]): Vec2 => [radius, y * stretch]),
      4,
    ),
    { segments: 28 },
  ).crease(70);
  const foot = (vase[0] as Vec2)[0] + 0.02;
  const fittings: Shape[] = [
    lathe(
      bevelCorners(
        [
          [0, 0],
          [foot, 0],
          [foot, 0.012 * stretch],
          [foot * 0.9, 0.022 * stretch],
          [foot * 0.8, 0.036 * stretch],
          [0, 0.036 * stretch],
        ],
        0.003,
        { steps: 2 },
      ),
      { segments: 28 },
    ).crease(45),
    lathe(
      [
        [0, neckY - 0.006],
        [0.032, neckY - 0.006],
        [0.03, neckY + 0.006],
        [0.014, neckY + 0.014],
        [0.011, neckY + 0.05],
        [0.017, neckY + 0.055],
        [0.018, neckY + 0.095],
        [0, neckY + 0.1],
      ],
      { segments: 16 },
    ).crease(45),
  ];
  const low = style.range(0.145, 0.175);
  const high = low * style.range(0.5, 0.82);
  const shadeHeight = style.range(0.19, 0.24);
  const shadeY = neckY + 0.05;
  const { skin, rims } = lampShade(low, high, shadeY, shadeHeight);
  const harpTop = shadeY + shadeHeight - 0.012;
  fittings.push(bail(0.05, harpTop - neckY - 0.05, neckY + 0.05));
  for (let spoke = 0; spoke < 3; spoke += 1) {
    const angle = (TAU * spoke) / 3;
    fittings.push(
      tube(
        [
          [0, harpTop, 0],
          [high * 0.995 * sin(angle), harpTop, high * 0.995 * cos(angle)],
        ],
        0.002,
        5,
      ),
    );
  }
  fittings.push(
    lathe(
      [
        [0, 0],
        [0.007, 0],
        [0.006, 0.008],
        [0.01, 0.014],
        [0.009, 0.022],
        [0, 0.028],
      ],
      { segments: 12 },
    )
      .crease(60)
      .translate(0, harpTop, 0),
  );
  const chainX = 0.045;
  for (let bead = 0; bead < 9; bead += 1)
    fittings.push(
      lathe(ballProfile(bead === 8 ? 0.0062 : 0.0028, 4), { segments: 6 })
        .crease(90)
        .translate(chainX, neckY + 0.056 - bead * 0.0075, 0.02),
    );
  const bulb = lathe(
    turnedProfile(
      [
        [0.013, neckY + 0.095],
        [0.016, neckY + 0.11],
        [0.03, neckY + 0.14],
        [0.026, neckY + 0.165],
        [0.004, neckY + 0.178],
      ],
      3,
    ),
    { segments: 14 },
  ).crease(90);
  return [
    createPart('body', body, bodyShape),
    createPart('fittings', metal, [...fittings, rims]),
    createPart('shade', shadeFinish(spec, palette, body.name === 'ceramic' || reading.colors.length > 1 ? 1 : 9), skin),
    createPart('bulb', GLOW, bulb),
  ];
}

/** A tripod or a slim pole under a wide shade. */
export function floorLamp(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const isTripod = spec.noun?.startsWith('tripod') === true || style.chance(0.55);
  const height = style.range(1.15, 1.3);
  const stand = finishOf(spec, palette, {
    classes: ['wood', 'metal'],
    fallback: isTripod ? style.pick(['oak', 'walnut', 'birch']) : style.pick(['brass', 'dark-iron', 'steel']),
    parts: ['stand', 'base', 'leg', 'pole'],
    colorIndex: 0,
  });
  const metal = stand.name === 'brass' ? stand : palette.material('brass');
  const shapes: Shape[] = [];
  const fittings: Shape[] = [];
  if (isTripod) {
    const leg = beam(
      [
        [0, 0, 0.36],
        [0, height, 0.03],
      ],
      0.034,
      0.034,
      { bevel: 0.011, taper: (t) => 0.72 + 0.32 * t, up: [1, 0, 0] },
    );
    for (let index = 0; index < 3; index += 1) {
      shapes.push(leg.clone().rotateY((TAU * (index + 0.5)) / 3));
      const angle = (TAU * (index + 0.5)) / 3;
      const at = (y: number, radius: number): Vec3 => [radius * sin(angle), y, radius * cos(angle)];
      fittings.push(tube([[0, height * 0.5, 0], at(height * 0.5, 0.2)], 0.006, 8));
      fittings.push(
        lathe(
          [
            [0, 0],
            [0.012, 0],
            [0.017, 0.012],
            [0.013, 0.02],
            [0, 0.02],
          ],
          { segments: 10 },
        ).translate(...at(0, 0.36)),
      );
    }
    fittings.push(
      lathe(
        [
          [0, height - 0.03],
          [0.052, height - 0.03],
          [0.056, height],
          [0.03, height + 0.016],
          [0.014, height + 0.02],
          [0.014, height + 0.1],
          [0, height + 0.1],
        ],
        { segments: 18 },
      ).crease(45),
    );
    fittings.push(
      lathe(
        [
          [0, 0],
          [0.02, 0],
          [0.026, 0.014],
          [0.02, 0.028],
          [0, 0.028],
        ],
        { segments: 12 },
      ).translate(0, height * 0.5 - 0.014, 0),
    );
  } else {
    shapes.push(
      lathe(
        bevelCorners(
          [
            [0, 0],
            [0.15, 0],
            [0.15, 0.014],
            [0.12, 0.024],
            [0.035, 0.034],
            [0.02, 0.06],
            [0.013, 0.075],
            [0.013, 0.6],
            [0.02, 0.61],
            [0.02, 0.63],
            [0.013, 0.64],
            [0.011, height + 0.08],
            [0, height + 0.08],
          ],
          0.004,
        ),
        { segments: 28 },
      ).crease(40),
    );
    fittings.push(torus(0.15, 0.006, 28, 6).translate(0, 0.014, 0));
  }
  const low = style.range(0.2, 0.25);
  const high = low * (isTripod ? style.range(0.8, 0.95) : style.range(0.55, 0.8));
  const tall = style.range(0.27, 0.33);
  const { skin, rims } = lampShade(low, high, height + 0.03, tall, 40);
  const spider = height + 0.03 + tall - 0.03;
  fittings.push(
    tube(
      [
        [0, height + 0.08, 0],
        [0, spider, 0],
      ],
      0.006,
      8,
    ),
    rims,
  );
  for (let spoke = 0; spoke < 3; spoke += 1) {
    const angle = (TAU * spoke) / 3;
    fittings.push(
      tube(
        [
          [0, spider, 0],
          [high * 1.01 * sin(angle), spider, high * 1.01 * cos(angle)],
        ],
        0.003,
        5,
      ),
    );
  }
  fittings.push(lathe(ballProfile(0.014, 6), { segments: 10 }).crease(90).translate(0, spider, 0));
  const bulb = lathe(ballProfile(0.045, 8), { segments: 14 })
    .crease(90)
    .translate(0, height + 0.1, 0);
  return [
    createPart('stand', stand, shapes),
    createPart('fittings', metal, fittings),
    createPart('shade', shadeFinish(spec, palette, 1), skin),
    createPart('bulb', GLOW, bulb),
  ];
}
