import { clamp, cos, sin, smoothstep, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import { flatten, vertexNormals } from '../kit/deform.ts';
import { fbm3, noise3 } from '../kit/noise.ts';
import type { Shape } from '../kit/shape.ts';
import { icosphere, projectAround } from '../kit/sphere.ts';
import type { Vec3 } from '../kit/vector.ts';

/** How a boulder is shaped. */
export interface BoulderDesign {
  readonly radius: number;
  /** Size along x, y, z relative to the radius. */
  readonly stretch: Vec3;
  /** Chisel cuts; fewer and deeper make it blocky. */
  readonly cuts: number;
  readonly cutDepth: number;
  /** Roundness of the weathering: 0 keeps the cuts sharp. */
  readonly bumps: number;
  readonly frequency: number;
}

/** A unit vector, evenly spread over the sphere. */
function randomDirection(random: RandomStream): Vec3 {
  const y = random.range(-1, 1);
  const angle = random.range(0, TAU);
  const across = Math.sqrt(1 - y * y);
  return [across * sin(angle), y, across * cos(angle)];
}

/** One boulder, its underside pressed flat near y = 0. */
export function createBoulder(design: BoulderDesign, tileM: number, random: RandomStream): Shape {
  const { radius, stretch } = design;
  const seed = random.integer(1, 1_000_000);
  const rock = icosphere(1, design.frequency);
  // Large lumps first, so that no two silhouettes are alike.
  rock.map((x, y, z) => {
    const lump = 1 + 0.24 * fbm3(x * 0.9, y * 0.9, z * 0.9, 2, seed);
    return [x * lump, y * lump, z * lump];
  });
  // Cuts with slightly wavy planes make the facets; the sharp ridges between them catch the light.
  for (let cut = 0; cut < design.cuts; cut += 1) {
    const normal = randomDirection(random);
    const distance = random.range(1 - design.cutDepth, 0.96);
    const wave = random.range(0.01, 0.035);
    const phase = random.integer(0, 1000);
    rock.map((x, y, z) => {
      const level = x * normal[0] + y * normal[1] + z * normal[2] - distance;
      // Well inside: no need to ask how the plane waves here.
      if (level < -0.05) return [x, y, z];
      const beyond = level - wave * noise3(x * 2.5, y * 2.5, z * 2.5 + phase, seed);
      if (beyond <= 0) return [x, y, z];
      const back = beyond * 0.96;
      return [x - normal[0] * back, y - normal[1] * back, z - normal[2] * back];
    });
  }
  flatten(rock, [0, -1, 0], random.range(0.34, 0.5), 0.02);
  const normals = vertexNormals(rock);
  let at = 0;
  rock.map((x, y, z) => {
    const crag =
      design.bumps *
      (0.036 * fbm3(x * 3.2, y * 3.2, z * 3.2, 3, seed + 7) -
        0.03 * smoothstep(0.06, 0, Math.abs(noise3(x * 2.1, y * 2.1, z * 2.1, seed + 9))));
    const moved: Vec3 = [
      x + (normals[at] as number) * crag,
      y + (normals[at + 1] as number) * crag,
      z + (normals[at + 2] as number) * crag,
    ];
    at += 3;
    return moved;
  });
  rock.scale(radius * stretch[0], radius * stretch[1], radius * stretch[2]);
  const low = rock.bounds().min[1];
  // Small stones show the texture smaller, or one cloud of it would cover them.
  const finer = clamp(0.45 / radius, 1, 4);
  return projectAround(rock.translate(0, -low, 0), tileM / finer)
    .mapUv((u, v) => [u * finer, v * finer])
    .crease(30);
}
