import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Codecs } from '../host/codecs.ts';
import { boundsOfScene } from '../mesh/bounds.ts';
import { fixture } from '../mesh/gltf-builder.test-kit.ts';
import type { MeshAsset } from '../mesh/mesh-asset.ts';
import { readGltf } from '../mesh/read-gltf.ts';
import { createNodeCodecs } from '../platform/node/codecs.ts';
import { structuralSimilarity } from '../render/image-similarity.ts';
import { renderComparison } from '../render/thumbnail.ts';
import { produceLodSet } from './produce-lod-set.ts';
import type { ProducedAsset } from './produced-asset.ts';
import { toRenderScene } from './to-render-scene.ts';

// eight views around the model, from a little and from farther above in turn
const CAMERAS = Array.from({ length: 8 }, (_, view) => ({
  azimuthDeg: view * 45,
  elevationDeg: view % 2 === 0 ? 10 : 30,
}));

describe('FlightHelmet in four levels', () => {
  let codecs: Codecs;
  let asset: ProducedAsset;
  const levels: MeshAsset[] = [];

  beforeAll(async () => {
    codecs = await createNodeCodecs();
    const context = {
      codecs,
      sha256: async (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()),
      warn: () => undefined,
      report: () => undefined,
    };
    asset = await produceLodSet(
      { raw: fixture('FlightHelmet.glb'), name: 'FlightHelmet' },
      { profile: 'web', ratios: [0.5, 0.25, 0.1], compress: 'none', thumbnailSize: 0 },
      context,
    );
    for (const { file } of asset.manifest.levels)
      levels.push(await readGltf(asset.files.get(file) as Uint8Array, context));
  }, 120_000);

  it('has 94 722, 47 361, 23 680 and 9 472 triangles within 2 %', () => {
    const triangles = asset.manifest.levels.map((level) => level.triangles);
    expect(triangles.length).toBe(4);
    [94_722, 47_361, 23_680, 9_472].forEach((target, level) => {
      expect(Math.abs((triangles[level] as number) / target - 1)).toBeLessThan(0.02);
    });
    expect(asset.manifest.warnings).toEqual([]);
  });

  it('passes the Khronos validator at every level', async () => {
    for (const { file } of asset.manifest.levels) {
      const report = await codecs.validator?.validate(asset.files.get(file) as Uint8Array);
      expect(report?.errors).toBe(0);
      // the pictures are taken over byte for byte, colour profiles and all
      const own = report?.issues.filter(
        ({ severity, code }) => severity !== 'info' && code !== 'IMAGE_FEATURES_UNSUPPORTED',
      );
      expect(own).toEqual([]);
    }
  });

  it('uses all six materials and fifteen textures at every level', () => {
    for (const { document } of levels) {
      const primitives = document
        .getRoot()
        .listMeshes()
        .flatMap((mesh) => mesh.listPrimitives());
      expect(new Set(primitives.map((primitive) => primitive.getMaterial()?.getName())).size).toBe(6);
      expect(document.getRoot().listTextures().length).toBe(15);
    }
  });

  it('fills the same box within 1 % at every level', () => {
    const whole = boundsOfScene(levels[0]?.document as MeshAsset['document']);
    for (const { document } of levels.slice(1)) {
      const bounds = boundsOfScene(document);
      for (const axis of [0, 1, 2] as const) {
        const size = (whole?.max[axis] as number) - (whole?.min[axis] as number);
        expect(Math.abs((bounds?.min[axis] as number) - (whole?.min[axis] as number))).toBeLessThan(size * 0.01);
        expect(Math.abs((bounds?.max[axis] as number) - (whole?.max[axis] as number))).toBeLessThan(size * 0.01);
      }
    }
  });

  it('looks the same at 50 % from eight sides: similarity of 0.95 and more at 512 pixels', async () => {
    const [fine, half] = await Promise.all(levels.slice(0, 2).map((level) => toRenderScene(level)));
    const frame = boundsOfScene(levels[0]?.document as MeshAsset['document']);
    if (fine === undefined || half === undefined || frame === null) throw new Error('a level is missing');
    for (const camera of CAMERAS) {
      const [before, after] = [fine, half].map((scene) => renderComparison(scene, { size: 512, camera, frame }));
      if (before === undefined || after === undefined) throw new Error('a picture is missing');
      expect(structuralSimilarity(before, after), `seen from ${camera.azimuthDeg} degrees`).toBeGreaterThan(0.99);
      // the even background counts as alike; only what the model covers is judged here
      expect(similarityOfModel(before, after)).toBeGreaterThan(0.95);
    }
  });
});

/** Similarity of the smallest rectangle around everything that is not background. */
function similarityOfModel(one: Picture, other: Picture): number {
  const box = [one, other].map(coveredBox).reduce((a, b) => ({
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  }));
  return structuralSimilarity(crop(one, box), crop(other, box));
}

type Picture = ReturnType<typeof renderComparison>;
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function coveredBox({ width, height, data }: Picture): Box {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      if ([0, 1, 2].every((channel) => Math.abs((data[at + channel] as number) - (data[channel] as number)) <= 1))
        continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  return { left, top, right, bottom };
}

function crop(picture: Picture, { left, top, right, bottom }: Box): Picture {
  const data = new Uint8Array((right - left) * (bottom - top) * 4);
  for (let y = top; y < bottom; y += 1) {
    const start = (y * picture.width + left) * 4;
    data.set(picture.data.subarray(start, start + (right - left) * 4), (y - top) * (right - left) * 4);
  }
  return { width: right - left, height: bottom - top, data };
}
