import type { RasterImage } from '../host/host.ts';
import { fractionToLinear, fromLinear } from '../image/srgb.ts';
import { fitView, type Vec3, type View } from './camera.ts';
import { createFloorLight, createOcclusion } from './lighting.ts';
import { type PreparedMesh, type PreparedScene, prepareScene } from './prepared-scene.ts';
import { type FragmentTest, rasterizeTriangle, rookShifts, type SampleGrid } from './rasterize.ts';
import type { RenderOptions, RenderScene } from './render-scene.ts';
import { createShade, type Shade } from './shade.ts';
import { sampleTexture } from './texture.ts';
import { toneMap } from './tone.ts';

/**
 * Draws a scene on the CPU: a studio picture with soft shadows. The same scene and options give the same bytes on one
 * engine; between engines single values may differ by rounding.
 *
 * Owns nothing of the scene. An empty scene gives the empty studio.
 */
export function renderScene(input: RenderScene, options: RenderOptions): RasterImage {
  const side = Math.min(8, Math.max(1, Math.round(options.supersample ?? 2)));
  const { width, height } = options;
  const scene = prepareScene(input);
  const frame = options.frame;
  const view = fitView(frame === undefined ? scene.positions : cornersOf(frame.min, frame.max), options);
  const azimuthDeg = options.camera.azimuthDeg;
  const quality = side > 1 ? 1 : 0;
  const occlusion = createOcclusion(scene, azimuthDeg, quality, shadowTests(scene));

  const min = frame?.min ?? scene.min;
  const max = frame?.max ?? scene.max;
  const center: Vec3 = [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
  const spread = Math.max(max[0] - min[0], max[2] - min[2]) * 0.75 + (max[1] - min[1]) * 1.1;
  const floorY = min[1];
  const floor =
    options.ground === false
      ? undefined
      : createFloorLight(occlusion, [center[0], floorY, center[2]], Math.max(spread, 1e-6), floorY, quality);

  const shifts = rookShifts(side);
  const grid: SampleGrid & { readonly owners: Int32Array } = {
    width: width * side,
    height: height * side,
    nearness: new Float32Array(width * height * side * side),
    owners: new Int32Array(width * height * side * side).fill(-1),
    shifts,
  };
  const blended = drawTriangles(scene, view, grid);
  const shade = createShade({
    scene,
    view,
    occlusion,
    floor,
    cameraAzimuthDeg: azimuthDeg,
    pixelExtent: (2 * view.tanY) / height,
  });
  const pixels = new Float32Array(width * height * 3);
  const backdrop = createBackdrop(options, view, floor, floorY);
  resolve(grid, width, height, side, view, shade, backdrop, pixels);
  blend(scene, view, grid, blended, width, side, shade, pixels);
  const data = new Uint8Array(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    data[pixel * 4] = fromLinear(pixels[pixel * 3] as number);
    data[pixel * 4 + 1] = fromLinear(pixels[pixel * 3 + 1] as number);
    data[pixel * 4 + 2] = fromLinear(pixels[pixel * 3 + 2] as number);
    data[pixel * 4 + 3] = 255;
  }
  return { width, height, data };
}

function cornersOf(min: Vec3, max: Vec3): number[] {
  const corners: number[] = [];
  for (const x of [min[0], max[0]])
    for (const y of [min[1], max[1]]) for (const z of [min[2], max[2]]) corners.push(x, y, z);
  return corners;
}

/** Cut-outs let light through where they are cut out; half-transparent surfaces throw no shadow. */
function shadowTests(scene: PreparedScene): (triangle: number) => FragmentTest | undefined | null {
  return (triangle) => {
    const mesh = scene.meshes[scene.owners[triangle] as number] as PreparedMesh;
    const { source } = mesh.material;
    if (source.alphaMode === 'OPAQUE') return undefined;
    if (source.alphaMode === 'BLEND') return null;
    return cutOutTest(scene, triangle, mesh, 1, 1, 1);
  };
}

const texel = new Float64Array(4);

/** The alpha test of one triangle. The three numbers are the inverse distances of its corners, for perspective. */
function cutOutTest(
  scene: PreparedScene,
  triangle: number,
  mesh: PreparedMesh,
  na: number,
  nb: number,
  nc: number,
): FragmentTest | undefined {
  const { material, source, firstVertex } = mesh;
  const cutoff = material.source.alphaCutoff;
  const factor = material.source.baseColor[3];
  const { uvs, colors } = source;
  const texture = uvs === undefined ? undefined : material.baseColor;
  if (texture === undefined && colors === undefined) return factor >= cutoff ? undefined : () => false;
  const a = (scene.triangles[triangle * 3] as number) - firstVertex;
  const b = (scene.triangles[triangle * 3 + 1] as number) - firstVertex;
  const c = (scene.triangles[triangle * 3 + 2] as number) - firstVertex;
  return (w0, w1, w2) => {
    const pa = w0 * na;
    const pb = w1 * nb;
    const pc = w2 * nc;
    const sum = pa + pb + pc;
    let alpha = factor;
    if (texture !== undefined && uvs !== undefined) {
      const u = (pa * (uvs[a * 2] as number) + pb * (uvs[b * 2] as number) + pc * (uvs[c * 2] as number)) / sum;
      const v =
        (pa * (uvs[a * 2 + 1] as number) + pb * (uvs[b * 2 + 1] as number) + pc * (uvs[c * 2 + 1] as number)) / sum;
      sampleTexture(texture, u, v, 0, texel);
      alpha *= texel[3] as number;
    }
    if (colors !== undefined) {
      alpha *=
        (pa * (colors[a * 4 + 3] as number) + pb * (colors[b * 4 + 3] as number) + pc * (colors[c * 4 + 3] as number)) /
        sum;
    }
    return alpha >= cutoff;
  };
}

/** A corner on the screen: samples from the top left, inverse distance. */
type ScreenPoint = readonly [number, number, number];

/** Calls `draw` with the parts of a triangle in front of the eye. Returns without a call for what is turned away. */
function projectTriangle(
  scene: PreparedScene,
  view: View,
  triangle: number,
  cameraSpace: Float64Array,
  columns: number,
  rows: number,
  doubleSided: boolean,
  draw: (a: ScreenPoint, b: ScreenPoint, c: ScreenPoint, whole: boolean) => void,
): void {
  const corners = [0, 1, 2].map((corner) => (scene.triangles[triangle * 3 + corner] as number) * 3);
  const toScreen = (x: number, y: number, z: number): ScreenPoint => [
    (x / (z * view.tanX) + 1) * 0.5 * columns,
    (1 - y / (z * view.tanY)) * 0.5 * rows,
    1 / z,
  ];
  let points = corners.map(
    (at) => [cameraSpace[at], cameraSpace[at + 1], cameraSpace[at + 2]] as [number, number, number],
  );
  const whole = points.every((point) => point[2] >= view.near);
  if (!whole) points = clipNear(points, view.near);
  if (points.length < 3) return;
  const screen = points.map((point) => toScreen(point[0], point[1], point[2]));
  const [a, b, c] = screen as [ScreenPoint, ScreenPoint, ScreenPoint];
  // Rows grow downwards: counter-clockwise in the world is a negative area here.
  if (!doubleSided && (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]) >= 0) return;
  draw(a, b, c, whole);
  if (screen.length === 4) draw(a, c, screen[3] as ScreenPoint, whole);
}

function clipNear(points: readonly [number, number, number][], near: number): [number, number, number][] {
  const kept: [number, number, number][] = [];
  for (let index = 0; index < points.length; index += 1) {
    const from = points[index] as [number, number, number];
    const to = points[(index + 1) % points.length] as [number, number, number];
    if (from[2] >= near) kept.push(from);
    if (from[2] >= near !== to[2] >= near) {
      const t = (near - from[2]) / (to[2] - from[2]);
      kept.push([from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1]), near]);
    }
  }
  return kept;
}

function toCameraSpace(scene: PreparedScene, view: View): Float64Array {
  const { positions } = scene;
  const { eye, right, up, forward } = view;
  const result = new Float64Array(positions.length);
  for (let at = 0; at < positions.length; at += 3) {
    const x = (positions[at] as number) - eye[0];
    const y = (positions[at + 1] as number) - eye[1];
    const z = (positions[at + 2] as number) - eye[2];
    result[at] = x * right[0] + y * right[1] + z * right[2];
    result[at + 1] = x * up[0] + y * up[1] + z * up[2];
    result[at + 2] = x * forward[0] + y * forward[1] + z * forward[2];
  }
  return result;
}

/** Draws what is solid; returns the blended triangles, farthest first. */
function drawTriangles(scene: PreparedScene, view: View, grid: SampleGrid): { triangle: number; distance: number }[] {
  const cameraSpace = toCameraSpace(scene, view);
  const blended: { triangle: number; distance: number }[] = [];
  for (let triangle = 0; triangle < scene.triangleCount; triangle += 1) {
    const mesh = scene.meshes[scene.owners[triangle] as number] as PreparedMesh;
    const { alphaMode, doubleSided } = mesh.material.source;
    if (alphaMode === 'BLEND') {
      let distance = 0;
      for (let corner = 0; corner < 3; corner += 1) {
        distance += cameraSpace[(scene.triangles[triangle * 3 + corner] as number) * 3 + 2] as number;
      }
      blended.push({ triangle, distance });
      continue;
    }
    projectTriangle(scene, view, triangle, cameraSpace, grid.width, grid.height, doubleSided, (a, b, c) => {
      const test = alphaMode === 'MASK' ? cutOutTest(scene, triangle, mesh, a[2], b[2], c[2]) : undefined;
      rasterizeTriangle(grid, triangle, a[0], a[1], a[2], b[0], b[1], b[2], c[0], c[1], c[2], test);
    });
  }
  return blended.sort((one, other) => other.distance - one.distance || one.triangle - other.triangle);
}

type Backdrop = (screenX: number, screenY: number, out: Float64Array) => void;

function createBackdrop(
  options: RenderOptions,
  view: View,
  floor: ReturnType<typeof createFloorLight> | undefined,
  floorY: number,
): Backdrop {
  const fixed = options.background?.map((value) => fractionToLinear(value)) as [number, number, number] | undefined;
  return (screenX, screenY, out) => {
    if (fixed === undefined) {
      // A light neutral wall, brightest a little above the middle, falling off towards the corners.
      const x = screenX / view.tanX;
      const y = screenY / view.tanY - 0.15;
      const fall = Math.min(1, (x * x * 0.6 + y * y * 0.8) / 1.6);
      out[0] = 0.8 - 0.3 * fall;
      out[1] = 0.805 - 0.295 * fall;
      out[2] = 0.815 - 0.285 * fall;
    } else {
      out[0] = fixed[0];
      out[1] = fixed[1];
      out[2] = fixed[2];
    }
    if (floor === undefined) return;
    const dy = view.forward[1] + screenX * view.right[1] + screenY * view.up[1];
    const distance = (floorY - view.eye[1]) / dy;
    if (!(distance > 0)) return;
    const lit = floor.at(
      view.eye[0] + distance * (view.forward[0] + screenX * view.right[0] + screenY * view.up[0]),
      view.eye[2] + distance * (view.forward[2] + screenX * view.right[2] + screenY * view.up[2]),
    );
    for (let channel = 0; channel < 3; channel += 1) out[channel] = (out[channel] as number) * lit;
  };
}

function resolve(
  grid: SampleGrid & { readonly owners: Int32Array },
  width: number,
  height: number,
  side: number,
  view: View,
  shade: Shade,
  backdrop: Backdrop,
  pixels: Float32Array,
): void {
  const perPixel = side * side;
  const { owners, shifts } = grid;
  const ids = new Int32Array(perPixel);
  const sampleX = new Float64Array(perPixel);
  const sampleY = new Float64Array(perPixel);
  const color = new Float64Array(4);
  for (let py = 0; py < height; py += 1) {
    for (let px = 0; px < width; px += 1) {
      let sample = 0;
      for (let j = 0; j < side; j += 1) {
        for (let i = 0; i < side; i += 1, sample += 1) {
          ids[sample] = owners[(py * side + j) * grid.width + px * side + i] as number;
          sampleX[sample] = px * side + i + 0.5 + (shifts[j] as number);
          sampleY[sample] = py * side + j + 0.5 - (shifts[i] as number);
        }
      }
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let first = 0; first < perPixel; first += 1) {
        const id = ids[first] as number;
        if (id === -2) continue;
        // Samples of one triangle are shaded once, at their middle.
        let count = 0;
        let x = 0;
        let y = 0;
        for (let other = first; other < perPixel; other += 1) {
          if (ids[other] !== id) continue;
          ids[other] = -2;
          count += 1;
          x += sampleX[other] as number;
          y += sampleY[other] as number;
        }
        const screenX = ((2 * x) / count / grid.width - 1) * view.tanX;
        const screenY = (1 - (2 * y) / count / grid.height) * view.tanY;
        if (id === -1) backdrop(screenX, screenY, color);
        else {
          shade(id, screenX, screenY, color);
          toneMap(color);
        }
        red += (color[0] as number) * count;
        green += (color[1] as number) * count;
        blue += (color[2] as number) * count;
      }
      const at = (py * width + px) * 3;
      pixels[at] = red / perPixel;
      pixels[at + 1] = green / perPixel;
      pixels[at + 2] = blue / perPixel;
    }
  }
}

/** Lays the transparent triangles over the picture, farthest first, each pixel by the share of it that is covered. */
function blend(
  scene: PreparedScene,
  view: View,
  grid: SampleGrid,
  blended: readonly { readonly triangle: number }[],
  width: number,
  side: number,
  shade: Shade,
  pixels: Float32Array,
): void {
  if (blended.length === 0) return;
  const cameraSpace = toCameraSpace(scene, view);
  const color = new Float64Array(4);
  const covered = new Map<number, { count: number; x: number; y: number }>();
  for (const { triangle } of blended) {
    const mesh = scene.meshes[scene.owners[triangle] as number] as PreparedMesh;
    covered.clear();
    projectTriangle(
      scene,
      view,
      triangle,
      cameraSpace,
      grid.width,
      grid.height,
      mesh.material.source.doubleSided,
      (a, b, c) => {
        coverage(grid, a, b, c, side, width, covered);
      },
    );
    for (const [pixel, { count, x, y }] of covered) {
      shade(
        triangle,
        ((2 * x) / count / grid.width - 1) * view.tanX,
        (1 - (2 * y) / count / grid.height) * view.tanY,
        color,
      );
      toneMap(color);
      const share = ((color[3] as number) * count) / (side * side);
      for (let channel = 0; channel < 3; channel += 1) {
        const at = pixel * 3 + channel;
        pixels[at] = (pixels[at] as number) * (1 - share) + (color[channel] as number) * share;
      }
    }
  }
}

function coverage(
  grid: SampleGrid,
  a: ScreenPoint,
  b: ScreenPoint,
  c: ScreenPoint,
  side: number,
  width: number,
  covered: Map<number, { count: number; x: number; y: number }>,
): void {
  const left = Math.max(0, Math.floor(Math.min(a[0], b[0], c[0])) - 1);
  const right = Math.min(grid.width - 1, Math.ceil(Math.max(a[0], b[0], c[0])));
  const top = Math.max(0, Math.floor(Math.min(a[1], b[1], c[1])) - 1);
  const bottom = Math.min(grid.height - 1, Math.ceil(Math.max(a[1], b[1], c[1])));
  if (left > right || top > bottom) return;
  // A private grid of the triangle's own rectangle, aligned to the pattern of shifts.
  const originX = left - (left % side);
  const originY = top - (top % side);
  const local = { width: right - originX + 1, height: bottom - originY + 1, shifts: grid.shifts };
  const nearness = new Float32Array(local.width * local.height);
  for (let row = 0; row < local.height; row += 1) {
    const from = (row + originY) * grid.width + originX;
    nearness.set(grid.nearness.subarray(from, from + local.width), row * local.width);
  }
  const owners = new Int32Array(local.width * local.height).fill(-1);
  rasterizeTriangle(
    { ...local, nearness, owners },
    1,
    a[0] - originX,
    a[1] - originY,
    a[2],
    b[0] - originX,
    b[1] - originY,
    b[2],
    c[0] - originX,
    c[1] - originY,
    c[2],
  );
  for (let row = 0; row < local.height; row += 1) {
    for (let column = 0; column < local.width; column += 1) {
      if (owners[row * local.width + column] !== 1) continue;
      const x = column + originX;
      const y = row + originY;
      const pixel = Math.floor(y / side) * width + Math.floor(x / side);
      const entry = covered.get(pixel) ?? { count: 0, x: 0, y: 0 };
      entry.count += 1;
      entry.x += x + 0.5 + (grid.shifts[y % side] as number);
      entry.y += y + 0.5 - (grid.shifts[x % side] as number);
      covered.set(pixel, entry);
    }
  }
}
