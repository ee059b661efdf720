import { SdkError } from '../foundation/errors.ts';
import type { RasterImage } from '../host/host.ts';
import { fromLinear } from '../image/srgb.ts';
import { type Backdrop, createBackdrop } from './backdrop.ts';
import { blendTriangles } from './blend-triangles.ts';
import { fitView, type Vec3, type View } from './camera.ts';
import { createCutOutTest, createProjector, type DrawPart } from './draw-triangles.ts';
import { createFloorLight } from './floor-light.ts';
import { createOcclusion } from './lighting.ts';
import { type PreparedMesh, type PreparedScene, prepareScene } from './prepared-scene.ts';
import { createSampleGrid, rasterizeTriangle, type SampleGrid } from './rasterize.ts';
import type { RenderMaterial, RenderOptions, RenderScene } from './render-scene.ts';
import { createShade, type Shade } from './shade.ts';
import { toneMap } from './tone.ts';

/** Most samples a picture may have: 4096 × 4096 at 2 × 2 samples a pixel, 512 MiB of working memory. */
const MAX_SAMPLES = 4096 * 4096 * 4;

function assertOptions(width: number, height: number, side: number): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1;
  if (whole && width * height * side * side <= MAX_SAMPLES) return;
  throw new SdkError({ code: 'INPUT_INVALID', message: `A picture of ${width} × ${height} pixels cannot be drawn.` });
}

/**
 * Draws a scene on the CPU: a studio picture with soft shadows. The same scene and options give the same bytes on one
 * engine; between engines single values may differ by rounding.
 *
 * Owns nothing of the scene. An empty scene gives the empty studio. One sample a pixel means haste: fewer directions of
 * light, for slow engines. Throws `INPUT_INVALID` for sizes that are not whole, positive and below 64 Mi samples.
 */
export function renderScene(input: RenderScene, options: RenderOptions): RasterImage {
  const { width, height, frame } = options;
  const side = Math.min(8, Math.max(1, Math.round(options.supersample ?? 2)));
  assertOptions(width, height, side);
  const quality = side > 1 ? 1 : 0;
  const azimuthDeg = options.camera.azimuthDeg;
  const scene = prepareScene(input);
  const view = fitView(frame === undefined ? scene.positions : cornersOf(frame.min, frame.max), options);
  const { min, max } = frame ?? scene;
  const floorY = min[1];

  const occlusion = createOcclusion(scene, azimuthDeg, quality, (triangle) =>
    createCutOutTest(scene, triangle, 1, 1, 1),
  );
  const reach = Math.max(max[0] - min[0], max[2] - min[2]) * 0.8 + (max[1] - min[1]) * 1.2;
  const center: Vec3 = [(min[0] + max[0]) / 2, floorY, (min[2] + max[2]) / 2];
  const floor =
    options.ground === false ? undefined : createFloorLight(occlusion, center, Math.max(reach, 1e-6), quality);

  const grid = createSampleGrid(width * side, height * side, side, true);
  const projector = createProjector(scene, view, grid.width, grid.height);
  const drawSolid: DrawPart = (id, a, b, c) =>
    rasterizeTriangle(grid, id, a[0], a[1], a[2], b[0], b[1], b[2], c[0], c[1], c[2]);
  const drawCutOut: DrawPart = (id, a, b, c) => {
    const test = createCutOutTest(scene, id, a[2], b[2], c[2]);
    rasterizeTriangle(grid, id, a[0], a[1], a[2], b[0], b[1], b[2], c[0], c[1], c[2], test);
  };
  const blended: number[] = [];
  for (let triangle = 0; triangle < scene.triangleCount; triangle += 1) {
    const { alphaMode } = materialOf(scene, triangle);
    if (alphaMode === 'BLEND') {
      blended.push(triangle);
      continue;
    }
    projector.project(triangle, alphaMode === 'MASK' ? drawCutOut : drawSolid);
  }

  const pixelExtent = (2 * view.tanY) / height;
  const shade = createShade({ scene, view, occlusion, floor, floorY, cameraAzimuthDeg: azimuthDeg, pixelExtent });
  const backdrop = createBackdrop(options.background, view, floor, floorY);
  const pixels = resolvePixels(grid, side, view, shade, backdrop);
  blendTriangles({ grid, side, view, pixels, width }, blended, projector, shade);

  const data = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      data[pixel * 4 + channel] = fromLinear(pixels[pixel * 3 + channel] as number);
    }
  }
  return { width, height, data };
}

function cornersOf(min: Vec3, max: Vec3): number[] {
  const corners: number[] = [];
  for (const x of [min[0], max[0]]) {
    for (const y of [min[1], max[1]]) for (const z of [min[2], max[2]]) corners.push(x, y, z);
  }
  return corners;
}

function materialOf(scene: PreparedScene, triangle: number): RenderMaterial {
  return (scene.meshes[scene.owners[triangle] as number] as PreparedMesh).material.source;
}

/** Marks a sample that is counted already. Beside triangles (0 and up) and the backdrop (−1). */
const DONE = -2;

/** Shades what every sample shows and averages the samples of a pixel, after tone mapping. Linear RGB per pixel. */
function resolvePixels(grid: SampleGrid, side: number, view: View, shade: Shade, backdrop: Backdrop): Float32Array {
  const owners = grid.owners as Int32Array;
  const width = grid.width / side;
  const height = grid.height / side;
  const perPixel = side * side;
  const pixels = new Float32Array(width * height * 3);
  const ids = new Int32Array(perPixel);
  const color = new Float64Array(4);
  const shadeAt = (id: number, x: number, y: number): void => {
    const screenX = ((2 * x) / grid.width - 1) * view.tanX;
    const screenY = (1 - (2 * y) / grid.height) * view.tanY;
    if (id < 0) backdrop(screenX, screenY, color);
    else {
      shade(id, screenX, screenY, color);
      toneMap(color);
    }
  };
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const left = (pixel % width) * side;
    const top = Math.floor(pixel / width) * side;
    for (let sample = 0; sample < perPixel; sample += 1) {
      ids[sample] = owners[(top + Math.floor(sample / side)) * grid.width + left + (sample % side)] as number;
    }
    const firstId = ids[0] as number;
    let uniform = true;
    for (let sample = 1; sample < perPixel; sample += 1) if (ids[sample] !== firstId) uniform = false;
    if (uniform) {
      // The usual case: one triangle, or none, fills the pixel. The shifts of its samples cancel out.
      shadeAt(firstId, left + side / 2, top + side / 2);
      pixels[pixel * 3] = color[0] as number;
      pixels[pixel * 3 + 1] = color[1] as number;
      pixels[pixel * 3 + 2] = color[2] as number;
      continue;
    }
    for (let first = 0; first < perPixel; first += 1) {
      const id = ids[first] as number;
      if (id === DONE) continue;
      // Samples of one triangle are shaded once, at their middle: inside a surface that is once per pixel.
      let count = 0;
      let x = 0;
      let y = 0;
      for (let sample = first; sample < perPixel; sample += 1) {
        if (ids[sample] !== id) continue;
        ids[sample] = DONE;
        const column = sample % side;
        const row = Math.floor(sample / side);
        count += 1;
        x += left + column + 0.5 + (grid.shifts[row] as number);
        y += top + row + 0.5 - (grid.shifts[column] as number);
      }
      shadeAt(id, x / count, y / count);
      for (let channel = 0; channel < 3; channel += 1) {
        const at = pixel * 3 + channel;
        pixels[at] = (pixels[at] as number) + ((color[channel] as number) * count) / perPixel;
      }
    }
  }
  return pixels;
}
