import { cos, sin } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import type { Shape } from './shape.ts';
import type { Vec3 } from './vector.ts';

/** Scales x and z by `factor(y)`. */
export function taper(shape: Shape, factor: (y: number) => number): Shape {
  return shape.map((x, y, z) => {
    const scale = factor(y);
    return [x * scale, y, z * scale];
  });
}

/** Turns each height about the y axis by `radiansPerMetre · y`. */
export function twist(shape: Shape, radiansPerMetre: number): Shape {
  return shape.map((x, y, z) => {
    const s = sin(radiansPerMetre * y);
    const c = cos(radiansPerMetre * y);
    return [x * c + z * s, y, z * c - x * s];
  });
}

/** Bends what stands on y = 0 towards +X along a circle, `radiansPerMetre` of turn for every metre of height. */
export function bend(shape: Shape, radiansPerMetre: number): Shape {
  if (Math.abs(radiansPerMetre) < 1e-9) return shape;
  const radius = 1 / radiansPerMetre;
  return shape.map((x, y, z) => {
    const angle = y * radiansPerMetre;
    return [radius - (radius - x) * cos(angle), (radius - x) * sin(angle), z];
  });
}

/** Moves every vertex by up to `amount` metres along each axis. Vertices shared by triangles stay shared. */
export function jitter(shape: Shape, amount: number, random: RandomStream): Shape {
  return shape.map((x, y, z) => [
    x + random.range(-amount, amount),
    y + random.range(-amount, amount),
    z + random.range(-amount, amount),
  ]);
}

/** Moves every vertex along its averaged normal by what `amount` says for its position, metres. */
export function displace(shape: Shape, amount: (x: number, y: number, z: number) => number): Shape {
  const normals = vertexNormals(shape);
  let at = 0;
  return shape.map((x, y, z) => {
    const distance = amount(x, y, z);
    const moved: Vec3 = [
      x + (normals[at] as number) * distance,
      y + (normals[at + 1] as number) * distance,
      z + (normals[at + 2] as number) * distance,
    ];
    at += 3;
    return moved;
  });
}

/** Presses everything beyond a plane flat onto it: chisel cuts. `keep` of the height beyond remains, [0, 1]. */
export function flatten(shape: Shape, normal: Vec3, distance: number, keep = 0): Shape {
  return shape.map((x, y, z) => {
    const beyond = x * normal[0] + y * normal[1] + z * normal[2] - distance;
    if (beyond <= 0) return [x, y, z];
    const back = beyond * (1 - keep);
    return [x - normal[0] * back, y - normal[1] * back, z - normal[2] * back];
  });
}

/** Unit normal of every vertex, averaged over its triangles by area; length 3·n. */
export function vertexNormals(shape: Shape): Float64Array {
  const { positions, corners } = shape;
  const normals = new Float64Array(positions.length);
  for (let at = 0; at < corners.length; at += 3) {
    const [a, b, c] = [corners[at] as number, corners[at + 1] as number, corners[at + 2] as number];
    const [p, q, r] = [shape.vertex(a), shape.vertex(b), shape.vertex(c)];
    const nx = (q[1] - p[1]) * (r[2] - p[2]) - (q[2] - p[2]) * (r[1] - p[1]);
    const ny = (q[2] - p[2]) * (r[0] - p[0]) - (q[0] - p[0]) * (r[2] - p[2]);
    const nz = (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
    for (const vertex of [a, b, c]) {
      normals[vertex * 3] = (normals[vertex * 3] as number) + nx;
      normals[vertex * 3 + 1] = (normals[vertex * 3 + 1] as number) + ny;
      normals[vertex * 3 + 2] = (normals[vertex * 3 + 2] as number) + nz;
    }
  }
  for (let at = 0; at < normals.length; at += 3) {
    const [x, y, z] = [normals[at] as number, normals[at + 1] as number, normals[at + 2] as number];
    const length = Math.sqrt(x * x + y * y + z * z);
    if (length < 1e-18) continue;
    normals[at] = x / length;
    normals[at + 1] = y / length;
    normals[at + 2] = z / length;
  }
  return normals;
}
