import type { Vec3 } from './camera.ts';
import { keyDirections, type Occlusion, skyDirections } from './lighting.ts';
import type { OcclusionMap } from './occlusion-maps.ts';
import type { RenderSplats } from './render-splats.ts';
import type { SplatBounds } from './splat-bounds.ts';
import { createSplatShape, readSplatShape } from './splat-shape.ts';

/** Cells of space that hold back light: centres, xyz, and the share of light each holds back. */
interface Cells {
  readonly count: number;
  readonly centers: Float32Array;
  readonly opacities: Float32Array;
  /** Side of a cell, metres. */
  readonly cellM: number;
}

/** Points a gaussian is spread over along each own axis at most, and all gaussians together. */
const MOST_STEPS = 15;
const MOST_POINTS = 6_000_000;
/** Cells that hold back less than this of the light are left out, and those surrounded by cells that hold back more than that. */
const FAINT = 0.05;
const SOLID = 0.7;
const GOLDEN_STEP = 0x9e3779b9;

/**
 * Depth maps of a splat for the light on the floor around it. Space is cut into cells that collect the opacity of the
 * gaussians in them, and the cells are drawn instead: each into that share of the maps that it holds back of the light.
 * What lies outside the bounds, as floaters do, throws no shadow.
 */
export function createSplatOcclusion(
  splats: RenderSplats,
  bounds: SplatBounds,
  cameraAzimuthDeg: number,
  quality: number,
): Occlusion {
  const cells = fillCells(splats, bounds, quality > 0 ? 96 : 56);
  const keyCount = quality > 0 ? 12 : 5;
  const skyCount = quality > 0 ? 40 : 14;
  const keySize = quality > 0 ? 224 : 144;
  const skySize = quality > 0 ? 128 : 80;
  return {
    key: keyDirections(cameraAzimuthDeg, keyCount).map((direction, number) =>
      drawCells(cells, direction, 1 / keyCount, keySize, number),
    ),
    sky: skyDirections(skyCount).map((direction, number) => drawCells(cells, direction, 1, skySize, number)),
  };
}

function fillCells(splats: RenderSplats, bounds: SplatBounds, perSide: number): Cells {
  const { min, max } = bounds;
  const cellM = Math.max(max[0] - min[0], max[1] - min[1], max[2] - min[2], 1e-6) / perSide;
  const sides = ([0, 1, 2] as const).map((axis) => Math.max(1, Math.ceil((max[axis] - min[axis]) / cellM)));
  const [sideX, sideY, sideZ] = sides as unknown as Vec3;
  const depths = new Float32Array(sideX * sideY * sideZ);
  const mostSteps = Math.min(MOST_STEPS, Math.max(1, Math.floor(Math.cbrt(MOST_POINTS / Math.max(1, splats.count)))));
  const shape = createSplatShape();
  const { axes } = shape;
  const steps = [1, 1, 1];
  for (let index = 0; index < splats.count; index += 1) {
    if (!readSplatShape(splats, index, shape)) continue;
    const sigmas = [0, 3, 6].map((at) =>
      Math.sqrt((axes[at] as number) ** 2 + (axes[at + 1] as number) ** 2 + (axes[at + 2] as number) ** 2),
    );
    const [a, b, c] = sigmas as unknown as Vec3;
    // Mean over all directions of opacity times area of the footprint, in faces of a cell.
    const amount = (shape.alpha * 0.8 * Math.PI * (a * b + b * c + c * a)) / (cellM * cellM);
    let points = 1;
    for (const own of [0, 1, 2] as const) {
      steps[own] = Math.min(mostSteps, 1 + Math.floor((2.4 * (sigmas[own] as number)) / cellM));
      points *= steps[own] as number;
    }
    for (let point = 0; point < points; point += 1) {
      let rest = point;
      let x = shape.x;
      let y = shape.y;
      let z = shape.z;
      for (let own = 0; own < 3; own += 1) {
        const along = steps[own] as number;
        const offset = along === 1 ? 0 : 3 * (((rest % along) + 0.5) / along - 0.5);
        rest = Math.floor(rest / along);
        x += offset * (axes[own * 3] as number);
        y += offset * (axes[own * 3 + 1] as number);
        z += offset * (axes[own * 3 + 2] as number);
      }
      const column = Math.floor((x - min[0]) / cellM);
      const level = Math.floor((y - min[1]) / cellM);
      const line = Math.floor((z - min[2]) / cellM);
      if (!(column >= 0 && level >= 0 && line >= 0 && column < sideX && level < sideY && line < sideZ)) continue;
      const at = (line * sideY + level) * sideX + column;
      depths[at] = (depths[at] as number) + amount / points;
    }
  }
  for (let at = 0; at < depths.length; at += 1) depths[at] = 1 - Math.exp(-(depths[at] as number));
  const centers: number[] = [];
  const opacities: number[] = [];
  const neighbours = [-1, 1, -sideX, sideX, -sideX * sideY, sideX * sideY];
  for (let at = 0; at < depths.length; at += 1) {
    const opacity = depths[at] as number;
    if (!(opacity > FAINT)) continue;
    // Light that arrives here has been held back on every way. What lies outside the array is not solid.
    if (neighbours.every((step) => (depths[at + step] as number) > SOLID)) continue;
    opacities.push(opacity);
    const level = Math.floor(at / sideX);
    centers.push(
      min[0] + ((at % sideX) + 0.5) * cellM,
      min[1] + ((level % sideY) + 0.5) * cellM,
      min[2] + (Math.floor(level / sideY) + 0.5) * cellM,
    );
  }
  return {
    count: opacities.length,
    centers: Float32Array.from(centers),
    opacities: Float32Array.from(opacities),
    cellM,
  };
}

/** Draws the cells as squares along a direction. `number` tells maps apart, so that half-transparent cells alternate. */
function drawCells(cells: Cells, direction: Vec3, weight: number, size: number, number: number): OcclusionMap {
  const { count, centers, opacities, cellM } = cells;
  const level = Math.sqrt(direction[0] * direction[0] + direction[2] * direction[2]);
  const right: Vec3 = level > 1e-6 ? [direction[2] / level, 0, -direction[0] / level] : [1, 0, 0];
  const up: Vec3 = [
    direction[1] * right[2] - direction[2] * right[1],
    direction[2] * right[0] - direction[0] * right[2],
    direction[0] * right[1] - direction[1] * right[0],
  ];
  const projected = new Float32Array(count * 3);
  let minX = Infinity;
  let maxX = -Infinity;
  let minY = Infinity;
  let maxY = -Infinity;
  for (let at = 0; at < projected.length; at += 3) {
    const px = centers[at] as number;
    const py = centers[at + 1] as number;
    const pz = centers[at + 2] as number;
    const x = px * right[0] + py * right[1] + pz * right[2];
    const y = px * up[0] + py * up[1] + pz * up[2];
    projected[at] = x;
    projected[at + 1] = y;
    projected[at + 2] = px * direction[0] + py * direction[1] + pz * direction[2];
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  const extent = Math.max(maxX - minX, maxY - minY, 0) + 2 * cellM;
  const scale = (size - 4) / extent;
  const offsetX = count === 0 ? 0 : size / 2 - ((minX + maxX) / 2) * scale;
  const offsetY = count === 0 ? 0 : size / 2 - ((minY + maxY) / 2) * scale;
  const nearness = new Float32Array(size * size).fill(-Infinity);
  // Half the side of a square as large as a cube's mean shadow.
  const half = 0.61 * cellM * scale;
  for (let cell = 0; cell < count; cell += 1) {
    // Steps of the golden ratio, in 32 bits: any run of them is spread evenly.
    if ((opacities[cell] as number) * 0x100000000 < Math.imul(cell + number * 13, GOLDEN_STEP) >>> 0) continue;
    const x = (projected[cell * 3] as number) * scale + offsetX - 0.5;
    const y = (projected[cell * 3 + 1] as number) * scale + offsetY - 0.5;
    const near = projected[cell * 3 + 2] as number;
    for (let row = Math.ceil(y - half); row <= y + half; row += 1) {
      for (let column = Math.ceil(x - half); column <= x + half; column += 1) {
        const at = row * size + column;
        if (near > (nearness[at] as number)) nearness[at] = near;
      }
    }
  }
  const matrix = Float64Array.of(
    ...[right[0] * scale, right[1] * scale, right[2] * scale, offsetX - 0.5],
    ...[up[0] * scale, up[1] * scale, up[2] * scale, offsetY - 0.5],
    ...[direction[0], direction[1], direction[2], 0],
  );
  return { direction, weight, size, nearness, matrix, texelM: 1 / scale };
}
