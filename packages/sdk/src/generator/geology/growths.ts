import { cos, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { flatten } from '../kit/deform.ts';
import { lathe } from '../kit/lathe.ts';
import { Shape } from '../kit/shape.ts';
import { normalizeVector, type Vec3 } from '../kit/vector.ts';

/** How far what lies below `height` reaches from the axis in the direction (x, z), metres. */
export function footprintAt(shape: Shape, x: number, z: number, height: number): number {
  let reach = 0;
  for (let vertex = 0; vertex < shape.vertexCount; vertex += 1) {
    const [px, py, pz] = shape.vertex(vertex);
    const along = px * x + pz * z;
    // Only what lies close to the ray counts; a corner beside it does not.
    if (py < height && Math.abs(px * z - pz * x) < height * 0.6 && along > reach) reach = along;
  }
  return reach;
}

/** A tuft of grass blades about the origin. */
export function createTuft(height: number, random: RandomStream): Shape {
  const tuft = new Shape().crease(30);
  const blades = random.integer(6, 9);
  for (let blade = 0; blade < blades; blade += 1) {
    const angle = random.range(0, TAU);
    const lean = random.range(0.15, 0.6);
    const tall = height * random.range(0.6, 1);
    const width = height * 0.075;
    const [s, c] = [sin(angle), cos(angle)];
    const foot = random.range(0, height * 0.15);
    const ring = (t: number, half: number): [number, number, number] => {
      const out = foot + lean * tall * t * t;
      const y = tall * t * (1 - 0.25 * lean * t);
      return [
        tuft.addVertex(s * out - c * half, y, c * out + s * half),
        tuft.addVertex(s * (out + half * 0.7), y, c * (out + half * 0.7)),
        tuft.addVertex(s * out + c * half, y, c * out - s * half),
      ];
    };
    const low = ring(-0.1, width);
    const middle = ring(0.55, width * 0.75);
    const tipOut = foot + lean * tall;
    const tip = tuft.addVertex(s * tipOut, tall * (1 - 0.25 * lean), c * tipOut);
    // A blade is a folded three-sided spike: seen from every side without two-sided materials.
    for (let side = 0; side < 3; side += 1) {
      const next = (side + 1) % 3;
      const [u0, u1] = [side * width, (side + 1) * width];
      tuft.addQuad(
        low[next] as number,
        low[side] as number,
        middle[side] as number,
        middle[next] as number,
        u1,
        0,
        u0,
        0,
        u0,
        -tall * 0.55,
        u1,
        -tall * 0.55,
      );
      tuft.addTriangle(
        middle[next] as number,
        middle[side] as number,
        tip,
        u1,
        -tall * 0.55,
        u0,
        -tall * 0.55,
        (u0 + u1) / 2,
        -tall,
      );
    }
  }
  return tuft;
}

/** A six-sided crystal with a cut point, standing on the origin. */
function createCrystal(height: number, radius: number, random: RandomStream): Shape {
  const sides = 6;
  const shoulder = height * random.range(0.66, 0.8);
  const crystal = lathe(
    [
      [0, -height * 0.15],
      [radius * 0.74, -height * 0.15],
      [radius, shoulder * 0.5],
      [radius * 0.9, shoulder],
      [radius * 0.08, height],
      [0, height],
    ],
    {
      segments: sides,
      phase: random.range(0, TAU),
    },
  );
  const bevelled = new Shape().append(crystal).crease(4);
  const slant: Vec3 = normalizeVector([random.range(-0.5, 0.5), 1, random.range(-0.5, 0.5)]);
  return flatten(bevelled, slant, height * random.range(0.8, 0.95), 0.02);
}

/** Crystals of many sizes leaning outwards from the tallest, on a disc about the origin; `size` is the height of the tallest. */
export function createCrystalCluster(size: number, random: RandomStream): Shape[] {
  const crystals: Shape[] = [];
  const count = random.integer(12, 17);
  for (let index = 0; index < count; index += 1) {
    const reach = index === 0 ? 0 : random.range(0.1, 0.32);
    const angle = index * 2.4 + random.range(-0.3, 0.3);
    const height = size * (index === 0 ? 1 : random.range(0.34, 0.85) * (1.1 - reach));
    const crystal = createCrystal(height, height * random.range(0.12, 0.17) + size * 0.025, random);
    const out = size * reach;
    const lean = index === 0 ? 0.08 : reach * random.range(1.1, 1.9);
    crystals.push(
      crystal.place(
        [sin(angle) * out, size * 0.1 * (1 - reach), cos(angle) * out],
        normalizeVector([sin(angle) * lean, 1, cos(angle) * lean]),
      ),
    );
  }
  return crystals;
}
