import type { RandomStream } from '../../foundation/random.ts';
import type { Family } from '../family.ts';
import { createModel } from '../kit/model.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import { chooseMaterial, createPalette, materialClassOf, type Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { type BladeDesign, createBlade } from '../weaponry/blade.ts';
import {
  createBarGuard,
  createCollar,
  createDiscGuard,
  createGem,
  createGrip,
  createKnuckleBow,
  createPommel,
  createShellGuard,
  createSweptGuard,
  createWingedGuard,
  type GuardKind,
} from '../weaponry/hilt.ts';
import { LONGSWORD, SWORD_KINDS, type SwordKind } from '../weaponry/sword-kinds.ts';

const TILE_M = 0.1;

/** Materials of the parts, from what the prompt named: the first material that can be a blade is the blade. */
function chooseMaterials(spec: ObjectSpec, palette: Palette, kind: SwordKind, random: RandomStream) {
  const isOrnate = spec.styles.some((style) => style === 'ornate' || style === 'fantasy' || style === 'royal');
  const bladeName = chooseMaterial(spec, ['metal', 'wood', 'stone', 'glass'], 'steel');
  const fittingDefault = isOrnate
    ? 'gold'
    : kind.wrap === 'diamond'
      ? 'dark-iron'
      : random.pick(['iron', 'brass', 'bronze', 'dark-iron', 'steel']);
  // One named metal colours the whole sword; a second one is that of guard and pommel.
  const onlyOne =
    materialClassOf(bladeName) === 'metal' && spec.materials.length > 0 && bladeName !== 'steel'
      ? bladeName
      : fittingDefault;
  const fittingName =
    materialClassOf(bladeName) === 'wood'
      ? bladeName
      : chooseMaterial(spec, ['metal'], onlyOne, materialClassOf(bladeName) === 'metal' ? 1 : 0);
  const gripName = chooseMaterial(
    spec,
    ['soft'],
    kind.wrap === 'diamond' ? 'diamond-wrap' : kind.wrap === 'smooth' ? 'walnut' : 'leather',
  );
  const [color, secondColor] = spec.colors;
  const leathers = [
    [0.11, 0.045, 0.02],
    [0.035, 0.022, 0.016],
    [0.13, 0.025, 0.02],
    [0.02, 0.03, 0.06],
    [0.05, 0.05, 0.025],
  ] as const;
  const dye = color ?? (gripName === 'leather' ? random.pick(leathers) : undefined);
  const isMetal = materialClassOf(bladeName) === 'metal';
  return {
    blade: palette.material(bladeName),
    edge: isMetal
      ? palette.material(bladeName, { wear: spec.wear * 0.35, tint: brighter(bladeName), size: 64 })
      : palette.material(bladeName),
    fitting: palette.material(fittingName),
    grip: palette.material(gripName, dye === undefined ? {} : { tint: dye }),
    gem: palette.material('crystal', {
      size: 64,
      tint:
        secondColor ??
        color ??
        random.pick([
          [0.5, 0.01, 0.02],
          [0.01, 0.08, 0.45],
          [0.01, 0.3, 0.09],
          [0.25, 0.03, 0.4],
        ] as const),
    }),
    isOrnate,
  };
}

/** Linear colour of freshly ground metal. */
function brighter(name: string): readonly [number, number, number] {
  if (name === 'gold' || name === 'brass') return [1, 0.86, 0.5];
  if (name === 'copper' || name === 'bronze') return [1, 0.72, 0.5];
  return [0.8, 0.82, 0.84];
}

function createGuard(
  kind: GuardKind,
  span: number,
  gripLength: number,
  isOrnate: boolean,
  random: RandomStream,
): Shape {
  const thickness = Math.min(0.024, 0.008 + span * 0.058);
  if (kind === 'disc') return createDiscGuard(span / 2, 0.009, random.pick([0, 4, 6, 8]));
  if (kind === 'swept') return createSweptGuard(span, gripLength + 0.012, 0.0105);
  if (kind === 'shell') return createShellGuard(span / 2, gripLength + 0.012, 0.008);
  if (kind === 'winged') return createWingedGuard(span, thickness * 1.1);
  if (kind === 'quillons') return createBarGuard(span, thickness, span * 0.17, 'spade');
  const finial = random.pick(isOrnate ? (['ball', 'spade', 'flare'] as const) : (['flare', 'flare', 'ball'] as const));
  return createBarGuard(span, thickness, kind === 'drooping' ? span * 0.09 : random.pick([0, 0, 0.012]), finial);
}

/** A sword that stands on its pommel, point up, flat of the blade towards the front. */
export const swordFamily: Family = {
  id: 'sword',
  typicalHeightM: 1.1,
  styles: ['ornate', 'fantasy', 'medieval', 'simple'],
  nouns: {
    sword: null,
    blade: null,
    longsword: 'longsword',
    broadsword: 'longsword',
    'arming sword': 'longsword',
    shortsword: 'shortsword',
    gladius: 'gladius',
    'viking sword': 'viking',
    dagger: 'dagger',
    knife: 'dagger',
    dirk: 'dagger',
    stiletto: 'dagger',
    greatsword: 'greatsword',
    zweihander: 'greatsword',
    flamberge: 'greatsword',
    claymore: 'claymore',
    rapier: 'rapier',
    foil: 'rapier',
    katana: 'katana',
    sabre: 'saber',
    saber: 'saber',
    scimitar: 'scimitar',
    cutlass: 'cutlass',
    falchion: 'cutlass',
    machete: 'cutlass',
  },
  build(spec, random) {
    const kind = SWORD_KINDS[spec.variant ?? 'longsword'] ?? LONGSWORD;
    const draw = random.fork('sword');
    const palette = createPalette(spec);
    const materials = chooseMaterials(spec, palette, kind, random.fork('materials'));
    const range = (limits: readonly [number, number]): number => draw.range(limits[0], limits[1]);
    const isFantasy = spec.styles.includes('fantasy');

    const gripLength = range(kind.gripLength);
    const span = range(kind.guardSpan) * (isFantasy ? 1.15 : 1);
    const pommelHeight = kind.pommelHeight;
    const guardY = pommelHeight + gripLength;
    const design: BladeDesign = {
      length: range(kind.bladeLength),
      width: range(kind.bladeWidth) * (isFantasy ? 1.3 : 1),
      thickness: kind.thickness,
      taper: range(kind.taper),
      point: kind.point,
      fuller: draw.pick(kind.fullers),
      edges: kind.edges,
      curve: kind.curve,
      outline:
        isFantasy && kind.edges === 2 ? draw.pick(['leaf', 'wave', 'straight'] as const) : draw.pick(kind.outlines),
    };
    const guardKind =
      (isFantasy || materials.isOrnate) && kind.guards.includes('bar')
        ? draw.pick(['winged', 'bar', 'winged'] as const)
        : draw.pick(kind.guards);
    const isDisc = guardKind === 'disc';

    const blade = createBlade(design, spec.wear, random.fork('blade'));
    const base = guardY + 0.004;
    blade.body.translate(0, base, 0);
    blade.edge.translate(0, base, 0);

    const fittings: Shape[] = [
      createGuard(guardKind, span, gripLength, materials.isOrnate, random.fork('guard')).translate(0, guardY, 0),
    ];
    const pommel = createPommel(draw.pick(kind.pommels), pommelHeight);
    fittings.push(pommel);
    const turns =
      kind.wrap === 'strap' && materials.grip.name !== 'oak' ? Math.floor(gripLength / draw.range(0.011, 0.015)) : 0;
    const grip = createGrip(
      gripLength,
      kind.gripRadius,
      turns,
      kind.wrap === 'diamond' ? -0.1 : 0.1,
      Math.min(materials.grip.repeatM, TILE_M),
    );
    grip.translate(0, pommelHeight, 0);
    fittings.push(createCollar(kind.gripRadius * 1.0, 0.013).translate(0, pommelHeight - 0.003, 0));
    fittings.push(
      createCollar(kind.gripRadius * (isDisc ? 1.12 : 0.95), 0.012).translate(0, guardY - (isDisc ? 0.015 : 0.018), 0),
    );
    if (isDisc)
      fittings.push(
        createCollar(design.width * 0.5, 0.024)
          .scale(1, 1, 0.55)
          .translate(0, guardY + 0.002, 0),
      );
    if (guardKind === 'bar' && kind.edges === 1)
      fittings.push(createKnuckleBow(span * 0.42, gripLength + 0.01, 0.009).translate(0, guardY, 0));

    const parts: GeneratedPart[] = [
      createPart('blade', materials.blade, blade.body),
      createPart('edge', materials.edge, blade.edge),
      createPart('fittings', materials.fitting, fittings),
      createPart('grip', materials.grip, grip),
    ];
    if (materials.isOrnate) {
      const gem = createGem(
        0.012,
        guardY,
        Math.min(0.024, 0.008 + span * 0.058) * (guardKind === 'winged' ? 1.15 : 0.95),
      );
      parts.push(createPart('gem', materials.gem, gem.stone), createPart('setting', materials.fitting, gem.setting));
    }
    return createModel('sword', parts, spec.sizeFactor);
  },
};
