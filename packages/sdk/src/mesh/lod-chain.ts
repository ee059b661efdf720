import { SdkError } from '../foundation/errors.ts';
import { pow } from '../foundation/math.ts';
import type { Warning } from '../foundation/warning.ts';
import type { MeshSimplifier, SimplifyFlag } from '../host/codecs.ts';
import { type Components, findComponents } from './components.ts';
import { dropPieces, findCoveringPieces } from './covering-pieces.ts';
import type { JointMesh } from './joint-mesh.ts';
import { createDeviationMeter, type DeviationMeter } from './surface-distance.ts';

/** One level of detail over the vertices of the joint mesh. */
export interface ChainLevel {
  /** 3·m indices into the joint vertices. */
  readonly indices: Uint32Array;
  /** Deviation from level 0 that 99 % of the surface stays below, fraction of the bounding radius, measured. */
  readonly error: number;
  /** Largest deviation found, fraction of the bounding radius. */
  readonly maxError: number;
}

/** A level may have this much more than its target before harder means are tried. */
const TARGET_TOLERANCE = 1.02;
/** A level that keeps more than this share of the one before is not worth a file. */
const LEAST_GAIN = 0.98;
/** Pieces larger than this share of the model's diagonal are kept at fine levels. */
const KEPT_PIECE = 0.02;
/** Share of the limit a level may measure that was made without heeding the limit: it has torn places, if any has. */
const MEASURED_SHARE = 0.65;

/** The boxes of two levels differ by no more than this share of their width, height or depth. */
const BOX_SLACK = 0.004;

/** Levels with a smaller share of the triangles do without pieces that lie on a larger one of their material. */
const COVERED_RATIO = 0.3;

const KEEP = 1;
const PROTECT_SEAM = 2;

/**
 * Ways to reach a target, each tried where the ones before it stop too early.
 *
 * Plain collapses keep every seam. Permissive ones may cross seams of texture and shading where that costs little, but
 * never borders between materials. Pruning may remove small separate pieces. At last the simplifier's own error, which
 * also counts shading, may exceed the limit, and only the measured deviation must not.
 *
 * Even triangles are asked for throughout: at 10 % of FlightHelmet, lambo and a textured scan the similarity of rendered
 * pictures changed by +0.007, +0.015 and -0.001; models that bend need it for their joints.
 */
const ATTEMPTS: readonly { readonly flags: readonly SimplifyFlag[]; readonly slack: number }[] = [
  { flags: ['Sparse', 'ErrorClamped'], slack: 1 },
  { flags: ['Sparse', 'ErrorClamped', 'Permissive'], slack: 1 },
  { flags: ['Sparse', 'ErrorClamped', 'Permissive', 'Prune'], slack: 1 },
  { flags: ['Sparse', 'ErrorClamped', 'Permissive', 'Prune'], slack: 4 },
  { flags: ['Sparse', 'ErrorClamped', 'Permissive', 'Prune'], slack: 16 },
];

/**
 * Largest deviation a level may have, as a fraction of the model's size.
 *
 * Without a limit a model of many closed pieces is wrecked: rivets cannot get smaller, so staves are torn instead. With
 * few triangles even the best approximation is coarse: about 4 / n of the radius for a sphere of n triangles, and models
 * are four times as curved.
 *
 * @param ratio - Share of level 0's triangles; a half may deviate by 2 %, a tenth by 6 %.
 * @param triangles - Triangles of the level.
 */
function errorLimit(ratio: number, triangles: number): number {
  return Math.min(0.2, Math.max(0.0125 * pow(ratio, -0.7), 15 / triangles));
}

/**
 * Makes coarser and coarser levels of a model, each from the one before.
 *
 * The vertices that span the box are kept, so that all levels fill the same box within 0.4 %. No material disappears, and no piece larger than
 * 2 % of the model, growing to 5 % in the coarsest levels, unless it lies on a larger piece of the same material.
 *
 * @param targets - Triangle counts of the levels after level 0, falling.
 * @param warn - Told once if levels miss their targets or are left out.
 * @returns Level 0 and the levels after it, triangle counts strictly falling.
 */
export function buildLodChain(
  mesh: JointMesh,
  targets: readonly number[],
  simplifier: MeshSimplifier,
  warn: (warning: Warning) => void,
): ChainLevel[] {
  const components = findComponents(mesh.indices, mesh.points, mesh.pointCount, mesh.positions);
  const outermost = findOutermost(mesh, components);
  const covering = findCoveringPieces(mesh, components);
  const locks = lockVertices(mesh, outermost);
  const levels: ChainLevel[] = [{ indices: mesh.indices, error: 0, maxError: 0 }];
  const meter = createDeviationMeter(mesh.positions, mesh.points, mesh.pointCount, mesh.indices);
  const missed: { target: number; reached: number }[] = [];
  for (const target of targets) {
    const previous = levels[levels.length - 1] as ChainLevel;
    const level =
      target < previous.indices.length / 3
        ? simplifyOnce(mesh, previous, target, { locks, outermost, components, covering, simplifier, meter })
        : previous;
    const reached = level.indices.length / 3;
    if (level === previous || reached > target * TARGET_TOLERANCE + 2) missed.push({ target, reached });
    if (level !== previous) levels.push(level);
  }
  if (missed.length > 0) warn(shortfall(missed, targets.length));
  return levels;
}

/** One warning about all levels that miss their targets. */
function shortfall(missed: readonly { target: number; reached: number }[], count: number): Warning {
  const list = missed.map(({ target, reached }) => `${reached} instead of ${target}`).join(', ');
  const last = missed[missed.length - 1] as { target: number; reached: number };
  return {
    code: 'LEVEL_SHORTFALL',
    message: `The model keeps more triangles than asked for in ${missed.length} of ${count} levels, to keep its parts: ${list}.`,
    details: { ...last, levels: missed.map((level) => ({ ...level })) },
  };
}

/** What is the same for all levels of a model. */
interface ChainTools {
  readonly locks: Uint8Array;
  readonly outermost: readonly number[];
  readonly components: Components;
  readonly covering: Uint8Array;
  readonly simplifier: MeshSimplifier;
  readonly meter: DeviationMeter;
}

/** The best level that can be made from another one, or that one itself if none is coarser. */
function simplifyOnce(mesh: JointMesh, previous: ChainLevel, target: number, tools: ChainTools): ChainLevel {
  const { locks, simplifier, meter } = tools;
  const { radius } = mesh.bounds;
  const ratio = target / (mesh.indices.length / 3);
  const limit = errorLimit(ratio, target);
  const from =
    ratio < COVERED_RATIO
      ? dropPieces(mesh, tools.components, tools.covering, previous.indices, target)
      : previous.indices;
  let best = previous;
  for (const { flags, slack } of ATTEMPTS) {
    const simplified = simplifier.simplify(
      from,
      mesh.positions,
      mesh.attributes,
      mesh.attributeStride,
      mesh.attributeWeights,
      locks,
      target * 3,
      Math.min(1, limit * slack),
      [...flags, mesh.deforms ? 'Regularize' : 'RegularizeLight'],
    ).indices;
    const pieces = Math.min(0.05, Math.max(KEPT_PIECE, limit * 0.75));
    const indices = restoreLost(mesh, previous.indices, keepParts(mesh, simplified), tools, pieces);
    if (indices.length > best.indices.length * LEAST_GAIN) continue;
    const deviation = meter.measure(indices);
    if (slack > 1 && deviation.most > MEASURED_SHARE * limit * radius) break;
    // levels are made from one another: a coarser one counts as at least as far away as the one before
    best = {
      indices,
      error: Math.max(previous.error, deviation.most / radius),
      maxError: Math.max(previous.maxError, deviation.largest / radius),
    };
    if (indices.length / 3 <= target * TARGET_TOLERANCE + 2) break;
  }
  return best;
}

/** Fails on triangles between two materials: the simplifier was told to keep those borders. */
function keepParts(mesh: JointMesh, indices: Uint32Array): Uint32Array {
  for (let at = 0; at < indices.length; at += 3) {
    const part = mesh.partOfVertex[indices[at] as number];
    if (
      part !== mesh.partOfVertex[indices[at + 1] as number] ||
      part !== mesh.partOfVertex[indices[at + 2] as number]
    ) {
      throw new SdkError({ code: 'STEP_FAILED', message: 'The step simplify mixed two materials in one triangle.' });
    }
  }
  return indices;
}

/** Brings back materials, large pieces and the outermost vertices if a simplification removed them. */
function restoreLost(
  mesh: JointMesh,
  from: Uint32Array,
  indices: Uint32Array,
  { components, covering, outermost }: ChainTools,
  keptPiece: number,
): Uint32Array {
  const parts = new Uint8Array(mesh.parts.length);
  const pieces = new Uint8Array(components.count);
  for (const vertex of indices) {
    parts[mesh.partOfVertex[vertex] as number] = 1;
    pieces[components.ofPoint[mesh.points[vertex] as number] as number] = 1;
  }
  const important = keptPiece * 2 * mesh.bounds.radius;
  // a locked vertex stays where it is, but goes with its triangles when their other corners collapse onto each other
  const unseen = new Set(outermost);
  for (const vertex of indices) unseen.delete(mesh.points[vertex] as number);
  const spans = (at: number): boolean => unseen.has(mesh.points[from[at] as number] as number);
  const restored: number[] = [];
  for (let at = 0; at < from.length; at += 3) {
    const vertex = from[at] as number;
    const piece = components.ofPoint[mesh.points[vertex] as number] as number;
    const lost = pieces[piece] === 0 && covering[piece] === 0 && (components.sizes[piece] as number) > important;
    const spanning = unseen.size > 0 && (spans(at) || spans(at + 1) || spans(at + 2));
    if (lost || spanning || parts[mesh.partOfVertex[vertex] as number] === 0) {
      restored.push(vertex, from[at + 1] as number, from[at + 2] as number);
    }
  }
  if (restored.length === 0) return indices;
  const joined = new Uint32Array(indices.length + restored.length);
  joined.set(indices);
  joined.set(restored, indices.length);
  return joined;
}

/**
 * The points that span the box, one in each of the six directions.
 *
 * Where a larger piece reaches almost as far as the outermost point, its point is taken: better a tip of the whole than
 * a leaf that hangs in the air because everything round it has gone.
 */
function findOutermost(mesh: JointMesh, components: Components): number[] {
  const { positions, points, indices, bounds } = mesh;
  const found: number[] = [];
  for (let axis = 0; axis < 3; axis += 1) {
    const slack = BOX_SLACK * ((bounds.max[axis] as number) - (bounds.min[axis] as number));
    let low = Infinity;
    let high = -Infinity;
    for (const vertex of indices) {
      const value = positions[vertex * 3 + axis] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    for (const side of [-1, 1]) {
      const limit = side < 0 ? -low - slack : high - slack;
      let best = -1;
      let bestSize = -1;
      let bestReach = -Infinity;
      for (const vertex of indices) {
        const reach = side * (positions[vertex * 3 + axis] as number);
        if (reach < limit) continue;
        const point = points[vertex] as number;
        const size = components.sizes[components.ofPoint[point] as number] as number;
        if (size < bestSize || (size === bestSize && reach <= bestReach)) continue;
        best = point;
        bestSize = size;
        bestReach = reach;
      }
      found.push(best);
    }
  }
  return found;
}

/** Keeps the outermost points, and protects places where two primitives meet. */
function lockVertices(mesh: JointMesh, outermost: readonly number[]): Uint8Array {
  const { positions, points, pointCount, partOfVertex } = mesh;
  const vertexCount = positions.length / 3;
  const locks = new Uint8Array(vertexCount);
  const kept = new Uint8Array(pointCount);
  for (const point of outermost) kept[point] = 1;
  const partOfPoint = new Int32Array(pointCount).fill(-1);
  const shared = new Uint8Array(pointCount);
  for (let vertex = 0; vertex < vertexCount; vertex += 1) {
    const point = points[vertex] as number;
    const part = partOfVertex[vertex] as number;
    if (partOfPoint[point] === -1) partOfPoint[point] = part;
    else if (partOfPoint[point] !== part) shared[point] = 1;
  }
  for (let vertex = 0; vertex < vertexCount; vertex += 1) {
    const point = points[vertex] as number;
    locks[vertex] = (kept[point] === 1 ? KEEP : 0) | (shared[point] === 1 ? PROTECT_SEAM : 0);
  }
  return locks;
}
