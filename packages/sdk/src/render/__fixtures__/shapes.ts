import type { RasterImage } from '../../host/host.ts';
import type { RenderMaterial, RenderMesh } from '../render-scene.ts';

type Point = readonly [number, number, number];

/** A rough white dielectric, changed where asked. */
export function materialOf(changes: Partial<RenderMaterial> = {}): RenderMaterial {
  return {
    baseColor: [0.8, 0.8, 0.8, 1],
    metallic: 0,
    roughness: 0.9,
    alphaMode: 'OPAQUE',
    alphaCutoff: 0.5,
    doubleSided: false,
    ...changes,
  };
}

/** A rectangle facing +Z, upright, its texture the right way up. */
export function quad(center: Point, width: number, height: number, material: RenderMaterial): RenderMesh {
  const [x, y, z] = center;
  const [w, h] = [width / 2, height / 2];
  return {
    positions: Float32Array.of(x - w, y - h, z, x + w, y - h, z, x + w, y + h, z, x - w, y + h, z),
    normals: Float32Array.of(0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1),
    uvs: Float32Array.of(0, 1, 1, 1, 1, 0, 0, 0),
    indices: Uint32Array.of(0, 1, 2, 0, 2, 3),
    material,
  };
}

/** A ball of latitudes and longitudes. */
export function sphere(center: Point, radius: number, material: RenderMaterial, rings = 24): RenderMesh {
  const positions: number[] = [];
  const normals: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  const row = rings * 2 + 1;
  for (let ring = 0; ring <= rings; ring += 1) {
    for (let step = 0; step < row; step += 1) {
      const polar = (Math.PI * ring) / rings;
      const turn = (Math.PI * step) / rings;
      const normal = [Math.sin(polar) * Math.sin(turn), Math.cos(polar), Math.sin(polar) * Math.cos(turn)];
      normals.push(...normal);
      positions.push(...normal.map((value, axis) => (center[axis] as number) + radius * value));
      uvs.push(step / rings, ring / rings);
      const at = ring * row + step;
      if (ring < rings && step < row - 1) indices.push(at, at + row, at + 1, at + 1, at + row, at + row + 1);
    }
  }
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    uvs: Float32Array.from(uvs),
    indices: Uint32Array.from(indices),
    material,
  };
}

/** A box of six rectangles with outward faces. */
export function box(center: Point, size: Point, material: RenderMaterial): RenderMesh {
  const positions: number[] = [];
  const normals: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  for (const axis of [0, 1, 2]) {
    for (const sign of [-1, 1]) {
      const first = positions.length / 3;
      for (const [s, t] of [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ] as const) {
        const corner = [0, 0, 0];
        corner[axis] = sign;
        corner[(axis + 1) % 3] = s * sign;
        corner[(axis + 2) % 3] = t;
        positions.push(...corner.map((value, at) => (center[at] as number) + (value * (size[at] as number)) / 2));
        normals.push(...[0, 1, 2].map((at) => (at === axis ? sign : 0)));
        uvs.push((s + 1) / 2, (1 - t) / 2);
      }
      indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
    }
  }
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    uvs: Float32Array.from(uvs),
    indices: Uint32Array.from(indices),
    material,
  };
}

/** A picture made pixel by pixel; `paint` gives RGBA. */
export function paint(width: number, height: number, color: (x: number, y: number) => readonly number[]): RasterImage {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) data.set(color(x, y), (y * width + x) * 4);
  }
  return { width, height, data };
}

/** Red, green, blue of a pixel given as fractions of the picture's size. */
export function pixelAt(image: RasterImage, x: number, y: number): [number, number, number] {
  const at = (Math.floor(y * image.height) * image.width + Math.floor(x * image.width)) * 4;
  return [image.data[at] as number, image.data[at + 1] as number, image.data[at + 2] as number];
}

/** Sum of red, green and blue. */
export function brightnessAt(image: RasterImage, x: number, y: number): number {
  const [red, green, blue] = pixelAt(image, x, y);
  return red + green + blue;
}
