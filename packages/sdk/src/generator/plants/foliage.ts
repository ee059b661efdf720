import { clamp, cos, mix, sin, smoothstep, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { noise3 } from '../kit/noise.ts';
import { Shape } from '../kit/shape.ts';
import { icosphere, projectBox } from '../kit/sphere.ts';
import {
  addVectors,
  crossVectors,
  dotVectors,
  lengthOfVector,
  normalizeVector,
  perpendicularTo,
  scaleVector,
  subtractVectors,
  type Vec3,
} from '../kit/vector.ts';
import type { KitMaterial } from '../materials/material.ts';
import { LEAF_COLUMNS } from '../materials/soft.ts';
import type { GeneratedPart } from '../model.ts';

/** A ball of foliage. */
export interface Clump {
  readonly centre: Vec3;
  readonly radius: number;
  /** Height relative to width. */
  readonly squash: number;
}

/** Collects leaves, each two triangles folded along the midrib, lit as part of the mass they belong to. */
export class LeafBuilder {
  readonly #positions: number[] = [];
  readonly #normals: number[] = [];
  readonly #uvs: number[] = [];
  readonly #indices: number[] = [];

  get leafCount(): number {
    return this.#indices.length / 6;
  }

  /**
   * Adds a leaf.
   *
   * @param across - From the midrib to the right rim.
   * @param fold - Moves both rims, to fold the leaf.
   * @param normal - Direction the leaf is lit from as a whole, unit.
   * @param column - Brightness column of the leaf texture, 0 dark to LEAF_COLUMNS - 1 light.
   */
  addLeaf(base: Vec3, tip: Vec3, across: Vec3, fold: Vec3, normal: Vec3, column: number): void {
    const first = this.#positions.length / 3;
    const middle = addVectors(addVectors(scaleVector(base, 0.55), scaleVector(tip, 0.45)), fold);
    const left = subtractVectors(middle, across);
    const right = addVectors(middle, across);
    const side = scaleVector(normalizeVector(across), 0.35);
    const normals = [
      normal,
      normalizeVector(addVectors(normal, side)),
      normal,
      normalizeVector(subtractVectors(normal, side)),
    ];
    [base, right, tip, left].forEach((point, index) => {
      this.#positions.push(point[0], point[1], point[2]);
      const [nx, ny, nz] = normals[index] as Vec3;
      this.#normals.push(nx, ny, nz);
    });
    const u = (column + 0.5) / LEAF_COLUMNS;
    const half = 0.46 / LEAF_COLUMNS;
    this.#uvs.push(u, 0.98, u + half, 0.55, u, 0.02, u - half, 0.55);
    // The face that looks along the normal is wound counter-clockwise; the material shows both.
    const facing = dotVectors(crossVectors(subtractVectors(right, base), subtractVectors(tip, base)), normal);
    if (facing >= 0) this.#indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
    else this.#indices.push(first, first + 2, first + 1, first, first + 3, first + 2);
  }

  /** Adds a flat strip along `path`, `depth` metres deep below it: the rib that leaflets hang on, and that holds them together. */
  addRib(path: readonly Vec3[], depth: number, column: number): void {
    const first = this.#positions.length / 3;
    const u = (column + 0.5) / LEAF_COLUMNS;
    path.forEach((point, index) => {
      const next = path[Math.min(index + 1, path.length - 1)] as Vec3;
      const before = path[Math.max(index - 1, 0)] as Vec3;
      const forward = subtractVectors(next, before);
      const sideways = normalizeVector([forward[2], 0, -forward[0]]);
      const thick = depth * (1 - index / path.length);
      for (const low of [0, thick]) {
        this.#positions.push(point[0], point[1] - low, point[2]);
        this.#normals.push(sideways[0], sideways[1], sideways[2]);
        this.#uvs.push(u + (low > 0 ? 0.3 / LEAF_COLUMNS : 0), 1 - index / path.length);
      }
      if (index === 0) return;
      const at = first + index * 2;
      this.#indices.push(at - 2, at - 1, at + 1, at - 2, at + 1, at);
    });
  }

  /** Adds a sheet between two paths of equally many points, seen from where its triangles turn counter-clockwise. */
  addSheet(left: readonly Vec3[], right: readonly Vec3[], normals: readonly Vec3[], column: number): void {
    const first = this.#positions.length / 3;
    const u = (column + 0.5) / LEAF_COLUMNS;
    left.forEach((point, index) => {
      const v = 0.9 - (0.8 * index) / left.length;
      const [nx, ny, nz] = normals[index] as Vec3;
      for (const [[x, y, z], rim] of [
        [point, -0.3],
        [right[index] as Vec3, 0.3],
      ] as const) {
        this.#positions.push(x, y, z);
        this.#normals.push(nx, ny, nz);
        this.#uvs.push(u + rim / LEAF_COLUMNS, v);
      }
      if (index === 0) return;
      const at = first + index * 2;
      this.#indices.push(at - 2, at - 1, at + 1, at - 2, at + 1, at);
    });
  }

  /** The finished part. */
  toPart(name: string, material: KitMaterial): GeneratedPart {
    return {
      name,
      material,
      positions: new Float32Array(this.#positions),
      normals: new Float32Array(this.#normals),
      uvs: new Float32Array(this.#uvs),
      indices: new Uint32Array(this.#indices),
    };
  }
}

/** The dark, opaque inside of a clump, a little smaller than the layer of leaves around it. */
export function createClumpCore(clump: Clump, seed: number, frequency: number): Shape {
  const { centre, radius, squash } = clump;
  const core = icosphere(1, frequency).map((x, y, z) => {
    const lump = 0.84 + 0.16 * noise3(x * 1.8 + seed, y * 1.8, z * 1.8, seed);
    const size = radius * lump;
    return [centre[0] + x * size, centre[1] + y * size * squash, centre[2] + z * size];
  });
  return projectBox(core).crease(80);
}

/** Everything that decides how leaves cover clumps. Metres. */
export interface LeafCover {
  readonly leafLength: number;
  /** Half width as a share of the length. */
  readonly leafWidth: number;
  /** Leaves per square metre of clump. */
  readonly density: number;
  /** 0 leaves stand off in all directions, 1 they hang. */
  readonly droop: number;
  /** Where leaves go that face up so steeply: snow. Above 1 for nowhere. */
  readonly topLimit: number;
}

/** Covers clumps with leaves. Leaves that would lie inside another clump are left out. */
export function coverWithLeaves(
  clumps: readonly Clump[],
  cover: LeafCover,
  crownCentre: Vec3,
  random: RandomStream,
  leaves: LeafBuilder,
  topLeaves: LeafBuilder,
): void {
  for (const clump of clumps) {
    const count = Math.floor(2 * TAU * clump.radius * clump.radius * cover.density);
    const seed = random.integer(1, 100000);
    const spin = random.range(0, TAU);
    const joints: Vec3[] = [];
    for (let index = 0; index < count; index += 1) {
      // Points of a spiral lie evenly on the sphere; a little chance hides the spiral.
      const y = clamp(1 - (2 * (index + 0.5)) / count + random.range(-0.06, 0.06), -1, 1);
      const angle = spin + index * 2.399963 + random.range(-0.25, 0.25);
      const ring = Math.sqrt(1 - y * y);
      const out: Vec3 = [ring * sin(angle), y, ring * cos(angle)];
      const lump = 0.92 + 0.16 * noise3(out[0] * 1.8 + seed, out[1] * 1.8, out[2] * 1.8, seed);
      const reach = clump.radius * lump * random.range(0.94, 1.07);
      const at: Vec3 = [
        clump.centre[0] + out[0] * reach,
        clump.centre[1] + out[1] * reach * clump.squash,
        clump.centre[2] + out[2] * reach,
      ];
      const isHidden = clumps.some(
        (other) =>
          other !== clump &&
          lengthOfVector(subtractVectors(at, other.centre)) < other.radius * 0.82 * Math.min(1, other.squash),
      );
      if (isHidden) continue;
      const tangent = perpendicularTo(out);
      const other = crossVectors(out, tangent);
      const turn = random.range(0, TAU);
      const along: Vec3 = addVectors(scaleVector(tangent, cos(turn)), scaleVector(other, sin(turn)));
      const heading = normalizeVector([
        along[0] + out[0] * 0.55,
        along[1] * (1 - cover.droop) + out[1] * 0.55 - 0.25 - cover.droop * 1.2,
        along[2] + out[2] * 0.55,
      ]);
      const length = cover.leafLength * random.range(0.75, 1.2);
      const across = scaleVector(normalizeVector(crossVectors(heading, out)), length * cover.leafWidth);
      const fromCrown = normalizeVector(subtractVectors(at, crownCentre));
      const normal = normalizeVector([
        out[0] * 0.6 + fromCrown[0] * 0.6,
        out[1] * 0.6 + fromCrown[1] * 0.6 + 0.25,
        out[2] * 0.6 + fromCrown[2] * 0.6,
      ]);
      const light = 0.44 + 0.4 * normal[1] + 1.4 * (lump - 0.92) + random.range(-0.2, 0.2);
      const column = Math.floor(clamp(light, 0, 0.999) * LEAF_COLUMNS);
      const to = normal[1] + random.range(-0.12, 0.12) > cover.topLimit ? topLeaves : leaves;
      // Leaves spring from each other where one is near. Besides looking like sprigs, a clump then hangs together, and
      // coarser levels may drop single leaves of it; leaves on their own would all have to be kept.
      const base = nearestJoint(joints, addVectors(at, scaleVector(heading, -length * 0.4)), length * 0.95);
      const tip = addVectors(at, scaleVector(heading, length * 0.6));
      joints.push(base, tip);
      to.addLeaf(base, tip, across, scaleVector(out, length * 0.1), normal, column);
    }
  }
}

/** The joint nearest to a point, or the point itself when none is within `limit`. */
function nearestJoint(joints: readonly Vec3[], point: Vec3, limit: number): Vec3 {
  let best = point;
  let bestSquare = limit * limit;
  for (const joint of joints) {
    const x = joint[0] - point[0];
    const y = joint[1] - point[1];
    const z = joint[2] - point[2];
    const square = x * x + y * y + z * z;
    if (square >= bestSquare) continue;
    best = joint;
    bestSquare = square;
  }
  return best;
}

/**
 * A branch of a conifer: a long, drooping, toothed leaf from the trunk outwards, folded like a roof.
 *
 * @param angle - Direction about the trunk, radians.
 * @param rise - Height of the tip above the foot; negative hangs.
 * @returns Shape open below; textured by metres. Meant for a two-sided material.
 */
export function createConiferFrond(
  foot: Vec3,
  angle: number,
  length: number,
  width: number,
  rise: number,
  random: RandomStream,
): Shape {
  const shape = new Shape().crease(75);
  const steps = 6;
  const [s, c] = [sin(angle), cos(angle)];
  const spine: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  for (let step = 0; step <= steps; step += 1) {
    const t = step / steps;
    // Falls first, then the tip lifts again, as a loaded branch does.
    const y = foot[1] + rise * t * (1.35 - 0.35 * t) + length * 0.16 * t * t * t;
    const out = length * t;
    const tooth = step % 2 === 1 ? 1 : 0.62;
    const half =
      step === 0
        ? width * 0.2
        : step === steps
          ? width * 0.05
          : width * tooth * smoothstep(0, 0.25, t) * smoothstep(1.25, 0.45, t) * random.range(0.85, 1.15);
    const drop = half * 0.62;
    const reach = out + (step % 2 === 1 ? length * 0.07 : 0);
    spine.push(shape.addVertex(foot[0] + s * out, y, foot[2] + c * out));
    left.push(shape.addVertex(foot[0] + s * reach - c * half, y - drop, foot[2] + c * reach + s * half));
    right.push(shape.addVertex(foot[0] + s * reach + c * half, y - drop, foot[2] + c * reach - s * half));
  }
  for (let step = 0; step < steps; step += 1) {
    const [a, b] = [step, step + 1];
    const [v0, v1] = [-(length * a) / steps, -(length * b) / steps];
    shape.addQuad(
      spine[a] as number,
      left[a] as number,
      left[b] as number,
      spine[b] as number,
      0,
      v0,
      -width,
      v0,
      -width,
      v1,
      0,
      v1,
    );
    shape.addQuad(
      right[a] as number,
      spine[a] as number,
      spine[b] as number,
      right[b] as number,
      width,
      v0,
      0,
      v0,
      0,
      v1,
      width,
      v1,
    );
  }
  return shape.flip();
}

/** Share of a palm leaflet that lies in the sheet along the rib. */
const SHEET_SHARE = 0.5;

/**
 * A palm leaf: an arching rib with leaflets down both sides.
 *
 * Near the rib the leaflets overlap, which a sheet stands for. It also keeps the shape of the leaf where coarse levels
 * leave leaflets out.
 */
export function addPalmFrond(
  foot: Vec3,
  angle: number,
  length: number,
  lift: number,
  droop: number,
  random: RandomStream,
  leaves: LeafBuilder,
): void {
  const [s, c] = [sin(angle), cos(angle)];
  const points: Vec3[] = [];
  const steps = 18;
  for (let step = 0; step <= steps; step += 1) {
    const t = step / steps;
    const out = length * (t - 0.22 * droop * t * t * t);
    const y = foot[1] + length * (lift * t - droop * t * t);
    points.push([foot[0] + s * out, y, foot[2] + c * out]);
  }
  const spine: Vec3[] = [];
  const rims: [Vec3[], Vec3[]] = [[], []];
  const normals: Vec3[] = [];
  for (let step = 2; step <= steps; step += 1) {
    const t = step / steps;
    const at = points[step] as Vec3;
    const forward = normalizeVector(subtractVectors(at, points[step - 1] as Vec3));
    const sideways: Vec3 = [c, 0, -s];
    const up = crossVectors(forward, sideways);
    const facing = up[1] < 0 ? scaleVector(up, -1) : up;
    if (step % 2 === 0) {
      spine.push(at);
      normals.push(normalizeVector([facing[0], facing[1] + 0.3, facing[2]]));
    }
    for (const side of [-1, 1]) {
      const size =
        length * 0.38 * smoothstep(0, 0.3, t) * mix(1, 0.32, smoothstep(0.45, 1, t)) * random.range(0.88, 1.1);
      const heading = normalizeVector([
        sideways[0] * side + forward[0] * 0.75,
        sideways[1] * side + forward[1] * 0.75 - 0.42,
        sideways[2] * side + forward[2] * 0.75,
      ]);
      const tip = addVectors(at, scaleVector(heading, size));
      if (step % 2 === 0) {
        const rim = addVectors(
          at,
          addVectors(scaleVector(heading, size * SHEET_SHARE), scaleVector(facing, -size * 0.02)),
        );
        rims[side < 0 ? 0 : 1].push(rim);
      }
      const across = scaleVector(normalizeVector(crossVectors(heading, facing)), size * 0.11);
      const column = Math.floor(clamp(0.3 + 0.5 * t + random.range(-0.2, 0.2), 0, 0.999) * LEAF_COLUMNS);
      leaves.addLeaf(
        at,
        tip,
        across,
        scaleVector(facing, size * 0.03),
        normalizeVector([facing[0], facing[1] + 0.3, facing[2]]),
        column,
      );
    }
  }
  // the right rim lies to the right of the rib for who looks down along it
  leaves.addSheet(spine, rims[0], normals, 1);
  leaves.addSheet(rims[1], spine, normals, 1);
  leaves.addRib(points, length * 0.022, 1);
}
