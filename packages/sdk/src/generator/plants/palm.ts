import { cos, mix, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { ballProfile, lathe } from '../kit/lathe.ts';
import { tube } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import type { Vec3 } from '../kit/vector.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { foliageColor, trunkMaterial } from './colors.ts';
import { addPalmFrond, LeafBuilder } from './foliage.ts';

/** A leaning palm with ringed trunk, arching fronds and coconuts. */
export function buildPalm(spec: ObjectSpec, random: RandomStream, palette: Palette): GeneratedPart[] {
  const draw = random.fork('palm');
  const height = draw.range(4, 5.2);
  const bark = trunkMaterial(spec, palette, 'bark');
  const lean = draw.range(0.4, 1.2);
  const turn = draw.range(0, TAU);
  const rings = 17;
  const path: Vec3[] = [];
  const radii: number[] = [];
  for (let ring = 0; ring <= rings; ring += 1) {
    // Each ring of old leaf bases swells and then steps back.
    for (const [part, swell] of [
      [0, 0.9],
      [0.72, 1.12],
      [0.98, 1.08],
    ] as const) {
      const t = (ring + part) / (rings + 1);
      path.push([lean * t * t * sin(turn), height * t, lean * t * t * cos(turn)]);
      radii.push(mix(0.15, 0.085, t) * swell * (1 + 0.55 * Math.max(0, 1 - t * 9)));
    }
  }
  const trunk = tube(path, (t) => radii[Math.floor(t * (radii.length - 1) + 0.5)] as number, 12, {
    tileM: bark.repeatM,
  }).crease(35);
  trunk.map((x, y, z) => [x, Math.max(0, y), z]);
  const top = path[path.length - 1] as Vec3;
  const leaves = new LeafBuilder();
  const count = draw.integer(15, 19);
  const tint = foliageColor(
    spec,
    [
      [0.16, 0.32, 0.04],
      [0.1, 0.28, 0.06],
    ],
    random.fork('color'),
  );
  const leaf = palette.material('leaf', { tint });
  for (let frond = 0; frond < count; frond += 1) {
    const level = frond / count;
    const angle = frond * 2.399963 + draw.range(-0.15, 0.15);
    addPalmFrond(
      [top[0], top[1] - 0.02, top[2]],
      angle,
      draw.range(1.8, 2.25),
      mix(0.95, 0.05, level),
      mix(0.62, 0.72, level),
      draw,
      leaves,
    );
  }
  const nuts = Array.from({ length: draw.integer(3, 6) }, (_, index) => {
    const angle = index * 1.3 + draw.range(-0.2, 0.2);
    return lathe(ballProfile(0.095, 8, 0, 0.22), { segments: 12 })
      .crease(80)
      .translate(top[0] + 0.14 * sin(angle), top[1] - 0.3, top[2] + 0.14 * cos(angle));
  });
  return [
    createPart('trunk', bark, trunk),
    leaves.toPart('leaves', leaf),
    createPart('coconuts', palette.material('walnut', { size: 64 }), nuts),
  ];
}
