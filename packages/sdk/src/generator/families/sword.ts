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
  type PommelKind,
} from '../weaponry/hilt.ts';

/** Everything that makes one kind of sword; ranges are drawn from by the seed. */
interface SwordKind {
  readonly bladeLength: readonly [number, number];
  readonly bladeWidth: readonly [number, number];
  readonly thickness: number;
  readonly taper: readonly [number, number];
  readonly point: number;
  readonly fullers: readonly number[];
  readonly edges: 1 | 2;
  readonly curve: number;
  readonly outlines: readonly BladeDesign['outline'][];
  readonly gripLength: readonly [number, number];
  readonly gripRadius: number;
  readonly guards: readonly GuardKind[];
  readonly guardSpan: readonly [number, number];
  readonly pommels: readonly PommelKind[];
  readonly pommelHeight: number;
  readonly wrap: 'strap' | 'diamond' | 'smooth';
}

const LONGSWORD: SwordKind = {
  bladeLength: [0.72, 0.82],
  bladeWidth: [0.062, 0.074],
  thickness: 0.011,
  taper: [0.52, 0.68],
  point: 0.16,
  fullers: [0.58, 0.68, 0.76],
  edges: 2,
  curve: 0,
  outlines: ['straight'],
  gripLength: [0.16, 0.2],
  gripRadius: 0.0185,
  guards: ['bar', 'bar', 'drooping'],
  guardSpan: [0.23, 0.28],
  pommels: ['wheel', 'wheel', 'wheel', 'stopper', 'ball'],
  pommelHeight: 0.07,
  wrap: 'strap',
};

const KINDS: Readonly<Record<string, SwordKind>> = {
  longsword: LONGSWORD,
  shortsword: {
    ...LONGSWORD,
    bladeLength: [0.46, 0.54],
    bladeWidth: [0.055, 0.066],
    taper: [0.72, 0.85],
    point: 0.2,
    fullers: [0, 0.55],
    outlines: ['straight', 'leaf'],
    gripLength: [0.1, 0.115],
    guardSpan: [0.12, 0.15],
    pommels: ['ball', 'lobed'],
    pommelHeight: 0.048,
  },
  gladius: {
    ...LONGSWORD,
    bladeLength: [0.48, 0.52],
    bladeWidth: [0.06, 0.068],
    taper: [0.84, 0.92],
    point: 0.24,
    fullers: [0],
    outlines: ['leaf'],
    gripLength: [0.095, 0.105],
    gripRadius: 0.015,
    guards: ['bar'],
    guardSpan: [0.085, 0.095],
    pommels: ['ball'],
    pommelHeight: 0.05,
    wrap: 'strap',
  },
  viking: {
    ...LONGSWORD,
    bladeLength: [0.72, 0.78],
    bladeWidth: [0.056, 0.064],
    taper: [0.66, 0.76],
    point: 0.12,
    fullers: [0.84],
    gripLength: [0.095, 0.105],
    guards: ['bar'],
    guardSpan: [0.1, 0.125],
    pommels: ['lobed'],
    pommelHeight: 0.048,
  },
  dagger: {
    ...LONGSWORD,
    bladeLength: [0.24, 0.3],
    bladeWidth: [0.034, 0.042],
    thickness: 0.007,
    taper: [0.66, 0.8],
    point: 0.34,
    fullers: [0, 0.5],
    outlines: ['straight', 'leaf'],
    gripLength: [0.095, 0.11],
    gripRadius: 0.0125,
    guardSpan: [0.1, 0.13],
    pommels: ['ball', 'stopper', 'wheel', 'ring'],
    pommelHeight: 0.034,
  },
  greatsword: {
    ...LONGSWORD,
    bladeLength: [1.0, 1.12],
    bladeWidth: [0.076, 0.092],
    thickness: 0.013,
    taper: [0.62, 0.76],
    fullers: [0.4, 0.6],
    outlines: ['straight', 'straight', 'wave'],
    gripLength: [0.32, 0.38],
    gripRadius: 0.0195,
    guards: ['bar', 'drooping'],
    guardSpan: [0.32, 0.37],
    pommels: ['stopper', 'wheel', 'ball'],
    pommelHeight: 0.066,
  },
  claymore: {
    ...LONGSWORD,
    bladeLength: [0.98, 1.06],
    bladeWidth: [0.064, 0.074],
    thickness: 0.012,
    taper: [0.58, 0.66],
    fullers: [0.45],
    gripLength: [0.29, 0.33],
    gripRadius: 0.0165,
    guards: ['quillons'],
    guardSpan: [0.29, 0.33],
    pommels: ['ball', 'wheel'],
    pommelHeight: 0.058,
  },
  rapier: {
    ...LONGSWORD,
    bladeLength: [0.94, 1.04],
    bladeWidth: [0.024, 0.029],
    thickness: 0.009,
    taper: [0.42, 0.5],
    point: 0.1,
    fullers: [0.3],
    gripLength: [0.105, 0.115],
    gripRadius: 0.012,
    guards: ['swept'],
    guardSpan: [0.2, 0.23],
    pommels: ['stopper', 'ball'],
    pommelHeight: 0.052,
  },
  katana: {
    ...LONGSWORD,
    bladeLength: [0.68, 0.74],
    bladeWidth: [0.036, 0.04],
    thickness: 0.011,
    taper: [0.74, 0.82],
    point: 0.06,
    fullers: [0, 0.8],
    edges: 1,
    curve: 0.055,
    gripLength: [0.25, 0.28],
    gripRadius: 0.019,
    guards: ['disc'],
    guardSpan: [0.088, 0.094],
    pommels: ['cap'],
    pommelHeight: 0.03,
    wrap: 'diamond',
  },
  saber: {
    ...LONGSWORD,
    bladeLength: [0.76, 0.84],
    bladeWidth: [0.034, 0.039],
    thickness: 0.008,
    taper: [0.6, 0.7],
    point: 0.12,
    fullers: [0.72, 0.8],
    edges: 1,
    curve: 0.11,
    gripLength: [0.115, 0.125],
    gripRadius: 0.0145,
    guards: ['bar'],
    guardSpan: [0.11, 0.13],
    pommels: ['cap', 'ball'],
    pommelHeight: 0.03,
  },
  scimitar: {
    ...LONGSWORD,
    bladeLength: [0.7, 0.78],
    bladeWidth: [0.04, 0.046],
    thickness: 0.008,
    taper: [0.72, 0.8],
    point: 0.2,
    fullers: [0.62],
    edges: 1,
    curve: 0.16,
    outlines: ['cleaver'],
    gripLength: [0.11, 0.12],
    gripRadius: 0.0145,
    guards: ['drooping'],
    guardSpan: [0.14, 0.16],
    pommels: ['cap', 'ball'],
    pommelHeight: 0.034,
    wrap: 'smooth',
  },
  cutlass: {
    ...LONGSWORD,
    bladeLength: [0.58, 0.66],
    bladeWidth: [0.042, 0.048],
    thickness: 0.0085,
    taper: [0.8, 0.9],
    point: 0.15,
    fullers: [0.62],
    edges: 1,
    curve: 0.07,
    outlines: ['cleaver'],
    gripLength: [0.11, 0.12],
    gripRadius: 0.0145,
    guards: ['shell'],
    guardSpan: [0.11, 0.12],
    pommels: ['cap'],
    pommelHeight: 0.03,
  },
};

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
      ? palette.material(bladeName, { wear: spec.wear * 0.35, tint: brighter(bladeName) })
      : palette.material(bladeName),
    fitting: palette.material(fittingName),
    grip: palette.material(gripName, dye === undefined ? {} : { tint: dye }),
    gem: palette.material('crystal', {
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
    const kind = KINDS[spec.variant ?? 'longsword'] ?? LONGSWORD;
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
