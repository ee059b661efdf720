import { linearToSrgb } from '../../foundation/math.ts';
import { createRandom, type RandomStream } from '../../foundation/random.ts';
import type { GeneratedMaterial, GeneratedModel, GeneratedPart } from '../../generator/model.ts';
import { toLinear } from '../../image/srgb.ts';
import type { SplatData } from '../../splat/splat-data.ts';

/** Display value = 0.5 + this · coefficient of order 0. @source Kerbl et al. 2023, spherical harmonics of order 0 */
const SH_0 = 0.28209479177387814;

/** Thickness of a gaussian as a share of its radius: flat, but not so flat that it vanishes from the side. */
const FLATNESS = 0.15;

/** Neighbouring gaussians overlap so far that no gap is seen between them. */
const OVERLAP = 0.75;

/** Opacity of every gaussian, as a logit: 0.95. */
const OPACITY = Math.log(0.95 / 0.05);

/**
 * Radius of the largest gaussians, as a multiple of the smallest. What training makes has large gaussians everywhere that
 * carry the shape and small ones over them that carry the detail; whoever thins it by importance is left with the shape.
 */
const LARGEST = 2.2;

/** How deep larger gaussians lie below the surface, as a share of what they are larger: the smaller ones are seen. */
const DEPTH = 0.3;

/** A triangle with the area of all before it. */
interface SampledTriangle {
  readonly part: GeneratedPart;
  readonly corners: readonly [number, number, number];
  readonly areaSoFar: number;
}

/**
 * Covers the surface of a model with flat gaussians that lie in it and have its colours. A function of its arguments only.
 *
 * Points are spread evenly over the area; where a texture is cut out (leaf cards) there is no gaussian.
 *
 * @param count - Points to try; at most so many gaussians.
 */
export function meshToSplat(model: GeneratedModel, count: number, seed: number): SplatData {
  const triangles = listTriangles(model);
  const area = triangles.at(-1)?.areaSoFar ?? 0;
  const smallest = Math.max(1e-4, OVERLAP * Math.sqrt(area / count));
  const random = createRandom(`splat/${seed}`);
  const gathered: Gathered = { positions: [], rotations: [], colors: [], radii: [] };
  for (let index = 0; index < count && area > 0; index += 1) {
    const triangle = triangleAt(triangles, ((index + random.next()) / count) * area);
    // of every share of the gaussians, the radius is what would cover the surface if they were all
    const radius = smallest * Math.min(LARGEST, 1 / Math.sqrt(random.next()));
    addGaussian(triangle, random, radius, (radius - smallest) * DEPTH, gathered);
  }
  const found = gathered.positions.length / 3;
  const scales = new Float32Array(3 * found);
  for (let index = 0; index < found; index += 1) {
    const radius = Math.log(gathered.radii[index] as number);
    scales.set([radius, radius, Math.log(smallest * FLATNESS)], 3 * index);
  }
  return {
    count: found,
    positions: new Float32Array(gathered.positions),
    scales,
    rotations: new Float32Array(gathered.rotations),
    opacities: new Float32Array(found).fill(OPACITY),
    colors: new Float32Array(gathered.colors),
    shDegree: 0,
    harmonics: new Float32Array(0),
  };
}

function listTriangles(model: GeneratedModel): SampledTriangle[] {
  const triangles: SampledTriangle[] = [];
  let areaSoFar = 0;
  for (const part of model.parts) {
    for (let at = 0; at + 2 < part.indices.length; at += 3) {
      const corners = [part.indices[at], part.indices[at + 1], part.indices[at + 2]] as [number, number, number];
      areaSoFar += areaOf(part, corners);
      triangles.push({ part, corners, areaSoFar });
    }
  }
  return triangles;
}

function areaOf({ positions }: GeneratedPart, [a, b, c]: readonly [number, number, number]): number {
  const edge = (to: number, axis: number): number =>
    (positions[3 * to + axis] as number) - (positions[3 * a + axis] as number);
  const [ux, uy, uz] = [edge(b, 0), edge(b, 1), edge(b, 2)];
  const [vx, vy, vz] = [edge(c, 0), edge(c, 1), edge(c, 2)];
  const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  return Math.sqrt(x * x + y * y + z * z) / 2;
}

/** The triangle in which a running total of the area falls. */
function triangleAt(triangles: readonly SampledTriangle[], area: number): SampledTriangle {
  let low = 0;
  let high = triangles.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((triangles[middle] as SampledTriangle).areaSoFar <= area) low = middle + 1;
    else high = middle;
  }
  return triangles[low] as SampledTriangle;
}

interface Gathered {
  readonly positions: number[];
  readonly rotations: number[];
  readonly colors: number[];
  readonly radii: number[];
}

function addGaussian(
  { part, corners }: SampledTriangle,
  random: RandomStream,
  radius: number,
  depth: number,
  to: Gathered,
): void {
  const root = Math.sqrt(random.next());
  const second = random.next() * root;
  const weights = [1 - root, root - second, second];
  const mix = (values: Float32Array, width: number): number[] =>
    Array.from({ length: width }, (_, axis) =>
      corners.reduce(
        (sum, corner, index) => sum + (values[width * corner + axis] as number) * (weights[index] as number),
        0,
      ),
    );
  const [u = 0, v = 0] = mix(part.uvs, 2);
  const [red, green, blue, alpha] = colorAt(part.material, u, v);
  if (alpha < 0.5) return;
  const normal = mix(part.normals, 3);
  const length = Math.hypot(...normal) || 1;
  to.positions.push(
    ...mix(part.positions, 3).map((value, axis) => value - ((normal[axis] as number) / length) * depth),
  );
  to.rotations.push(...rotationTo(normal));
  to.radii.push(radius);
  for (const channel of [red, green, blue]) to.colors.push((linearToSrgb(Math.min(1, channel)) - 0.5) / SH_0);
}

/** Unit quaternion xyzw, w not negative, that turns +Z to a direction by the shortest way. */
function rotationTo(direction: readonly number[]): number[] {
  const [x = 0, y = 0, z = 0] = direction;
  const length = Math.hypot(x, y, z) || 1;
  const w = 1 + z / length;
  if (w < 1e-6) return [1, 0, 0, 0]; // straight down: any axis at right angles will do
  const scale = 1 / Math.sqrt(2 * w);
  return [(-y / length) * scale, (x / length) * scale, 0, w * scale];
}

/** Linear RGB and alpha, lit evenly. */
function colorAt(material: GeneratedMaterial, u: number, v: number): [number, number, number, number] {
  const [red, green, blue, alpha] = material.baseColor;
  const glow = material.emissive ?? [0, 0, 0];
  const image = material.baseColorTexture;
  if (image === undefined) return [red + glow[0], green + glow[1], blue + glow[2], alpha];
  const x = Math.min(image.width - 1, Math.floor((u - Math.floor(u)) * image.width));
  const y = Math.min(image.height - 1, Math.floor((v - Math.floor(v)) * image.height));
  const at = 4 * (y * image.width + x);
  const texel = (channel: number): number => toLinear(image.data[at + channel] as number);
  return [
    red * texel(0) + glow[0],
    green * texel(1) + glow[1],
    blue * texel(2) + glow[2],
    material.alphaMode === 'MASK' ? alpha * ((image.data[at + 3] as number) / 255) : 1,
  ];
}
