import { cos, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { extrude } from '../kit/extrude.ts';
import { lathe, torus } from '../kit/lathe.ts';
import { createModel } from '../kit/model.ts';
import { createPart } from '../kit/part.ts';
import { bevelCorners, rectangle } from '../kit/profile.ts';
import { mergeShapes, type Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';
import { chooseMaterial, type Palette } from '../materials/palette.ts';
import type { GeneratedModel } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { createSnowCap } from './covers.ts';

/** Two-hundred-litre steel drum with rolling hoops and bungs. */
export function buildDrum(spec: ObjectSpec, random: RandomStream, palette: Palette): GeneratedModel {
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
