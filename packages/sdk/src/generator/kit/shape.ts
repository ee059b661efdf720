import { cos, sin } from '../../foundation/math.ts';
import type { Vec3 } from './vector.ts';

/**
 * A mesh under construction.
 *
 * Vertices are shared between triangles; texture coordinates belong to corners, so a seam needs no double vertices and
 * deforming a shape never tears it. Texture coordinates are in **metres**: {@link createPart} divides them by the size
 * of the material's tile, which gives every object the same texel density. Every builder lays V along the grain (length
 * of a plank, height of a lathe, path of a sweep), growing downwards or backwards, and U across it.
 *
 * Methods change the shape in place and return it, so that calls can be chained.
 */
export class Shape {
  /** xyz per vertex, metres, length 3·n. */
  readonly positions: number[] = [];
  /** Vertex of each corner, three to a triangle, counter-clockwise seen from outside. */
  readonly corners: number[] = [];
  /** uv of each corner, metres, length 2·corners. */
  readonly cornerUvs: number[] = [];
  /** Neighbouring triangles are shaded as one surface when the angle between them is smaller. Degrees, default 50. */
  creaseDeg = 50;

  get vertexCount(): number {
    return this.positions.length / 3;
  }

  get triangleCount(): number {
    return this.corners.length / 3;
  }

  /** Adds a vertex and returns its number. */
  addVertex(x: number, y: number, z: number): number {
    this.positions.push(x, y, z);
    return this.positions.length / 3 - 1;
  }

  /** Adds a triangle. One that names a vertex twice is left out, so that poles need no special care. */
  addTriangle(
    a: number,
    b: number,
    c: number,
    ua: number,
    va: number,
    ub: number,
    vb: number,
    uc: number,
    vc: number,
  ): void {
    if (a === b || b === c || c === a) return;
    this.corners.push(a, b, c);
    this.cornerUvs.push(ua, va, ub, vb, uc, vc);
  }

  /** Adds the quadrilateral a b c d (counter-clockwise) as two triangles. */
  addQuad(
    a: number,
    b: number,
    c: number,
    d: number,
    ua: number,
    va: number,
    ub: number,
    vb: number,
    uc: number,
    vc: number,
    ud: number,
    vd: number,
  ): void {
    this.addTriangle(a, b, c, ua, va, ub, vb, uc, vc);
    this.addTriangle(a, c, d, ua, va, uc, vc, ud, vd);
  }

  /** Position of a vertex. */
  vertex(index: number): Vec3 {
    return [
      this.positions[index * 3] as number,
      this.positions[index * 3 + 1] as number,
      this.positions[index * 3 + 2] as number,
    ];
  }

  /** A copy that shares nothing with this shape. */
  clone(): Shape {
    return new Shape().append(this).crease(this.creaseDeg);
  }

  /** Sets the crease angle. 0 shades every triangle flat, 180 everything smooth. */
  crease(degrees: number): this {
    this.creaseDeg = degrees;
    return this;
  }

  /** Copies another shape into this one. This shape's crease angle stays. */
  append(other: Shape): this {
    const first = this.vertexCount;
    for (const value of other.positions) this.positions.push(value);
    for (const corner of other.corners) this.corners.push(corner + first);
    for (const value of other.cornerUvs) this.cornerUvs.push(value);
    return this;
  }

  /** Moves every vertex to where `move` says. */
  map(move: (x: number, y: number, z: number) => Vec3): this {
    const { positions } = this;
    for (let at = 0; at < positions.length; at += 3) {
      const moved = move(positions[at] as number, positions[at + 1] as number, positions[at + 2] as number);
      positions[at] = moved[0];
      positions[at + 1] = moved[1];
      positions[at + 2] = moved[2];
    }
    return this;
  }

  /** Changes the texture coordinates of every corner, metres. */
  mapUv(move: (u: number, v: number) => readonly [number, number]): this {
    const uvs = this.cornerUvs;
    for (let at = 0; at < uvs.length; at += 2) {
      const moved = move(uvs[at] as number, uvs[at + 1] as number);
      uvs[at] = moved[0];
      uvs[at + 1] = moved[1];
    }
    return this;
  }

  translate(x: number, y: number, z: number): this {
    return this.map((px, py, pz) => [px + x, py + y, pz + z]);
  }

  /** Scales about the origin. Negative factors mirror; the triangles are turned round then. Texture density changes. */
  scale(x: number, y = x, z = x): this {
    this.map((px, py, pz) => [px * x, py * y, pz * z]);
    return x * y * z < 0 ? this.flip() : this;
  }

  /** Rotates about the x axis, radians, right-handed. */
  rotateX(angle: number): this {
    const s = sin(angle);
    const c = cos(angle);
    return this.map((x, y, z) => [x, y * c - z * s, y * s + z * c]);
  }

  /** Rotates about the y axis, radians, right-handed: +Z turns towards +X. */
  rotateY(angle: number): this {
    const s = sin(angle);
    const c = cos(angle);
    return this.map((x, y, z) => [x * c + z * s, y, z * c - x * s]);
  }

  /** Rotates about the z axis, radians, right-handed: +X turns towards +Y. */
  rotateZ(angle: number): this {
    const s = sin(angle);
    const c = cos(angle);
    return this.map((x, y, z) => [x * c - y * s, x * s + y * c, z]);
  }

  /** Turns +Y to `direction` (unit), then moves the origin to `origin`. Stands things on surfaces and along branches. */
  place(origin: Vec3, direction: Vec3): this {
    const [dx, dy, dz] = direction;
    // Rotation that takes (0, 1, 0) to the direction by the shortest way; Rodrigues' formula without angles.
    const factor = dy > -0.999999 ? 1 / (1 + dy) : 0;
    if (factor === 0) return this.scale(1, -1, -1).translate(origin[0], origin[1], origin[2]);
    return this.map((x, y, z) => {
      const lean = (x * dx + z * dz) * factor;
      return [origin[0] + x + dx * (y - lean), origin[1] + y * dy - (x * dx + z * dz), origin[2] + z + dz * (y - lean)];
    });
  }

  /** Turns every triangle round, so that inside becomes outside. */
  flip(): this {
    const { corners, cornerUvs } = this;
    for (let at = 0; at < corners.length; at += 3) {
      const second = corners[at + 1] as number;
      corners[at + 1] = corners[at + 2] as number;
      corners[at + 2] = second;
      for (let component = 0; component < 2; component += 1) {
        const uv = cornerUvs[(at + 1) * 2 + component] as number;
        cornerUvs[(at + 1) * 2 + component] = cornerUvs[(at + 2) * 2 + component] as number;
        cornerUvs[(at + 2) * 2 + component] = uv;
      }
    }
    return this;
  }

  /** A mirrored copy together with the original: for pairs of things left and right of the plane across `axis`. */
  mirrored(axis: 'x' | 'y' | 'z'): Shape {
    const copy = this.clone().scale(axis === 'x' ? -1 : 1, axis === 'y' ? -1 : 1, axis === 'z' ? -1 : 1);
    return this.clone().append(copy);
  }

  /** Smallest and largest coordinates. */
  bounds(): { readonly min: Vec3; readonly max: Vec3 } {
    const min: [number, number, number] = [Infinity, Infinity, Infinity];
    const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
    for (let at = 0; at < this.positions.length; at += 1) {
      const value = this.positions[at] as number;
      const axis = (at % 3) as 0 | 1 | 2;
      if (value < min[axis]) min[axis] = value;
      if (value > max[axis]) max[axis] = value;
    }
    return { min, max };
  }
}

/** Puts shapes together into one. The first one's crease angle counts. */
export function mergeShapes(shapes: readonly Shape[]): Shape {
  const merged = new Shape();
  merged.creaseDeg = shapes[0]?.creaseDeg ?? merged.creaseDeg;
  for (const shape of shapes) merged.append(shape);
  return merged;
}
