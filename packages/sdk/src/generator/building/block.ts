import { Shape } from '../kit/shape.ts';

/**
 * A block set on a wall: no back, because nobody sees it. 10 triangles, or 18 with a chamfer around the front.
 *
 * Takes the place of the kit's box where hundreds are needed. Centred on the origin, front towards +Z.
 *
 * @param grain - Axis of the grain, x or y. Default: the longer of width and height.
 */
export function block(
  width: number,
  height: number,
  depth: number,
  bevel = 0,
  grain: 'x' | 'y' = width > height ? 'x' : 'y',
): Shape {
  const shape = new Shape().crease(40);
  const x = width / 2;
  const y = height / 2;
  const z = depth / 2;
  const ring = (inset: number, at: number): number[] => [
    shape.addVertex(-x + inset, -y + inset, at),
    shape.addVertex(x - inset, -y + inset, at),
    shape.addVertex(x - inset, y - inset, at),
    shape.addVertex(-x + inset, y - inset, at),
  ];
  const cut = Math.min(bevel, x * 0.8, y * 0.8, depth * 0.8);
  const rings = cut > 0 ? [ring(0, -z), ring(0, z - cut), ring(cut, z)] : [ring(0, -z), ring(0, z)];
  const uv = (vertex: number, side: number): [number, number] => {
    const [px, py, pz] = shape.vertex(vertex);
    // sides 0 and 2 face down and up, 1 and 3 right and left; 4 is the front
    const along = side === 4 || side % 2 === 1 ? py : px;
    const isAlongGrain = grain === 'y' ? side === 4 || side % 2 === 1 : side % 2 === 0;
    const across = side === 4 ? px : z - pz + 0.37 * (side + 1);
    if (side === 4) return grain === 'y' ? [px, -py] : [py, -px];
    return isAlongGrain ? [across, -along] : [along, -across];
  };
  const addFace = (a: number, b: number, c: number, d: number, side: number): void => {
    const [pa, pb, pc, pd] = [uv(a, side), uv(b, side), uv(c, side), uv(d, side)];
    shape.addQuad(a, b, c, d, pa[0], pa[1], pb[0], pb[1], pc[0], pc[1], pd[0], pd[1]);
  };
  for (let level = 0; level + 1 < rings.length; level += 1) {
    const low = rings[level] as number[];
    const high = rings[level + 1] as number[];
    for (let side = 0; side < 4; side += 1) {
      const next = (side + 1) % 4;
      addFace(low[side] as number, low[next] as number, high[next] as number, high[side] as number, side);
    }
  }
  const front = rings[rings.length - 1] as number[];
  addFace(front[0] as number, front[1] as number, front[2] as number, front[3] as number, 4);
  return shape;
}
