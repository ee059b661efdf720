import { readFileSync } from 'node:fs';
import { zstdCompressSync } from 'node:zlib';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../foundation/random.ts';
import type { Warning } from '../foundation/warning.ts';
import { peakSignalToNoise } from '../render/image-similarity.ts';
import type { RenderCamera } from '../render/render-scene.ts';
import { renderSplats } from '../render/render-splats.ts';
import { readSplat } from '../splat/read-splat.ts';
import { differencesFrom, makeSplat, readIndependently } from '../splat/splat.test-kit.ts';
import type { SplatData } from '../splat/splat-data.ts';
import { transformSplat } from '../splat/transform-splat.ts';
import { writePly } from '../splat/write-ply.ts';
import { writeSpz } from '../testing/gateway/write-spz.ts';
import { readManifest } from './manifest.ts';
import type { ProcessingOptions } from './processing-options.ts';
import { produceSplatSet } from './produce-splat-set.ts';
import type { StepContext } from './step.ts';

const OPTIONS: ProcessingOptions = { profile: 'web', ratios: [0.5, 0.25, 0.05], compress: 'none', thumbnailSize: 64 };
const tower = new Uint8Array(readFileSync(new URL('../../../../fixtures/404gen-eiffel-30k.ply', import.meta.url)));

function contextOf(warnings: Warning[] = [], signal?: AbortSignal): StepContext {
  return {
    codecs: {},
    sha256: async (bytes) => sha256(bytes),
    warn: (warning) => warnings.push(warning),
    report: () => undefined,
    ...(signal === undefined ? {} : { signal }),
  };
}

function fileOf(files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = files.get(name);
  if (bytes === undefined) throw new Error(`There is no ${name}.`);
  return bytes;
}

/** A lopsided thing whose colours depend on where it is seen from. */
function shinyThing(): SplatData {
  const random = createRandom('shiny');
  const splat = makeSplat(1200, 3, 'shiny');
  for (let index = 0; index < splat.count; index += 1) {
    const [turn, height] = [random.range(0, 6.28), random.next()];
    splat.positions.set([Math.cos(turn) * (0.3 + height / 3), height, Math.sin(turn) * 0.3 + height / 2], 3 * index);
    splat.opacities[index] = 3;
    for (let axis = 0; axis < 3; axis += 1) splat.scales[3 * index + axis] = -3.2 - 0.6 * axis;
  }
  return splat;
}

describe('produceSplatSet', () => {
  it('makes a folder whose manifest describes every file', async () => {
    const { manifest, files } = await produceSplatSet({ raw: tower, name: 'a tower' }, OPTIONS, contextOf());
    expect([...files.keys()].sort()).toEqual([
      'lod0.ply',
      'lod1.ply',
      'lod2.ply',
      'lod3.ply',
      'manifest.json',
      'raw.ply',
      'thumbnail.png',
    ]);
    expect(readManifest(fileOf(files, 'manifest.json'))).toEqual(manifest);
    expect(fileOf(files, 'raw.ply')).toEqual(tower);
    expect(manifest.levels.map(({ gaussians }) => gaussians)).toEqual([30_014, 15_007, 7504, 1501]);
    for (const level of manifest.levels) {
      const bytes = fileOf(files, level.file);
      expect(level.digest).toBe(Buffer.from(sha256(bytes)).toString('hex'));
      expect(readSplat(bytes).splat).toMatchObject({ count: level.gaussians, shDegree: level.shDegree });
    }
    const errors = manifest.levels.map(({ error }) => error);
    expect(errors).toEqual([...errors].sort((a, b) => a - b));
    expect(errors[0]).toBe(0);
    const heights = manifest.levels.map(({ screenHeight }) => screenHeight);
    expect(heights).toEqual([...heights].sort((a, b) => b - a));
    expect(heights.at(-1)).toBe(0);
    expect(manifest.bounds.min[1]).toBeCloseTo(0, 2);
  });

  it('has every finite gaussian of the raw file in level 0, as an independent reader finds it there', async () => {
    const original = makeSplat(3000, 2, 'raw');
    const raw = zstdCompressSync(writeSpz(original));
    const { files } = await produceSplatSet({ raw, name: 'x' }, { ...OPTIONS, thumbnailSize: 0 }, contextOf());
    const level0 = readSplat(fileOf(files, 'lod0.ply')).splat;
    const received = readSplat(raw).splat;
    expect(level0.count).toBe(3000);
    // moved to its pivot and otherwise untouched: what is left of the difference is one vector
    const offset = [0, 1, 2].map((axis) => (level0.positions[axis] as number) - (received.positions[axis] as number));
    for (let at = 0; at < 9000; at += 1) {
      expect((level0.positions[at] as number) - (received.positions[at] as number)).toBeCloseTo(
        offset[at % 3] as number,
        5,
      );
    }
    for (const name of ['scales', 'rotations', 'opacities', 'colors', 'harmonics'] as const) {
      expect(level0[name], name).toEqual(received[name]);
    }
    const differences = differencesFrom(await readIndependently('lod0.ply', fileOf(files, 'lod0.ply')), level0);
    for (const [name, difference] of Object.entries(differences)) expect(difference, name).toBeLessThanOrEqual(1e-6);
  });

  it('leaves out what is not finite, and says so', async () => {
    const splat = makeSplat(100, 1, 'damaged');
    splat.positions[3 * 7] = Number.NaN;
    splat.opacities[20] = Number.POSITIVE_INFINITY;
    splat.harmonics[9 * 50 + 2] = Number.NEGATIVE_INFINITY;
    const warnings: Warning[] = [];
    const { manifest } = await produceSplatSet({ raw: writePly(splat), name: 'x' }, OPTIONS, contextOf(warnings));
    expect(manifest.levels[0]?.gaussians).toBe(97);
    expect(warnings).toMatchObject([{ code: 'GAUSSIANS_DROPPED', details: { dropped: 3 } }]);
    splat.positions.fill(Number.NaN);
    await expect(produceSplatSet({ raw: writePly(splat), name: 'x' }, OPTIONS, contextOf())).rejects.toMatchObject({
      code: 'ASSET_INVALID',
    });
  });

  it('gives the object its real height and stands it on the ground', async () => {
    const { manifest } = await produceSplatSet(
      { raw: tower, name: 'x' },
      { ...OPTIONS, heightM: 330, thumbnailSize: 0 },
      contextOf(),
    );
    const { min, max } = manifest.bounds;
    expect(max[1] - min[1]).toBeCloseTo(330, 1);
    expect(min[1]).toBeCloseTo(0, 2);
  });

  it('a file that lies in the frame of cameras looks like the same thing from the same side', async () => {
    const upright = shinyThing();
    const lying = transformSplat(upright, { rotation: [1, 0, 0, 0] });
    const make = async (splat: SplatData, frame: 'RUB' | 'RDF'): Promise<SplatData> => {
      const { files } = await produceSplatSet(
        { raw: writePly(splat), name: 'x', frame },
        { ...OPTIONS, thumbnailSize: 0 },
        contextOf(),
      );
      return readSplat(fileOf(files, 'lod0.ply')).splat;
    };
    const [one, other] = [await make(upright, 'RUB'), await make(lying, 'RDF')];
    for (const azimuthDeg of [0, 70, 200]) {
      const camera = { azimuthDeg, elevationDeg: 15 };
      expect(peakSignalToNoise(draw(one, camera), draw(other, camera)), `${azimuthDeg}°`).toBeGreaterThan(50);
    }
  });

  it('a turned splat looks like the splat from a camera that was turned the other way', () => {
    const splat = shinyThing();
    // quarter turns: the box that the camera frames is the same from there
    for (const degrees of [90, 180, 270]) {
      const half = (degrees * Math.PI) / 360;
      const turned = transformSplat(splat, { rotation: [0, Math.sin(half), 0, Math.cos(half)] });
      const [seen, expected] = [
        draw(turned, { azimuthDeg: 10 + degrees, elevationDeg: 20 }),
        draw(splat, { azimuthDeg: 10, elevationDeg: 20 }),
      ];
      expect(peakSignalToNoise(seen, expected), `${degrees}°`).toBeGreaterThan(40);
      // and would not, if its harmonics had stayed behind
      const forgetful = { ...turned, harmonics: splat.harmonics };
      const wrong = draw(forgetful, { azimuthDeg: 10 + degrees, elevationDeg: 20 });
      expect(peakSignalToNoise(wrong, expected), `${degrees}° without harmonics`).toBeLessThan(30);
    }
  });

  it('lowers the degree of the harmonics on far levels', async () => {
    const raw = writePly(makeSplat(400, 3, 'degrees'));
    const { manifest } = await produceSplatSet({ raw, name: 'x' }, OPTIONS, contextOf());
    expect(manifest.levels.map(({ shDegree }) => shDegree)).toEqual([3, 3, 1, 0]);
  });

  it('gives the same bytes for the same input', async () => {
    const [one, other] = [
      await produceSplatSet({ raw: tower, name: 'x' }, OPTIONS, contextOf()),
      await produceSplatSet({ raw: tower, name: 'x' }, OPTIONS, contextOf()),
    ];
    expect(one.files).toEqual(other.files);
  });

  it('keeps candidates beside it', async () => {
    const candidates = [{ bytes: Uint8Array.of(1, 2, 3), extension: 'spz', mediaType: 'application/spz' }];
    const { manifest, files } = await produceSplatSet({ raw: tower, name: 'x', candidates }, OPTIONS, contextOf());
    expect(fileOf(files, 'candidate-2.spz')).toEqual(Uint8Array.of(1, 2, 3));
    expect(manifest.candidates).toMatchObject([{ file: 'candidate-2.spz', bytes: 3, mediaType: 'application/spz' }]);
  });

  it('refuses options that make no sense, and stops when nobody wants the result', async () => {
    const { ratios: _ratios, ...rest } = OPTIONS;
    for (const options of [
      { ...rest, triangles: [100] },
      { ...OPTIONS, compress: 'draco' as const },
      { ...OPTIONS, profile: 'print' as const },
    ]) {
      await expect(produceSplatSet({ raw: tower, name: 'x' }, options, contextOf())).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    }
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(produceSplatSet({ raw: tower, name: 'x' }, OPTIONS, contextOf([], stop.signal))).rejects.toThrow(
      'enough',
    );
  });
});

const FRAME = { min: [-1, -0.2, -1], max: [1, 1.4, 1] } as const;

function draw(splat: SplatData, camera: RenderCamera) {
  return renderSplats(splat, {
    width: 96,
    height: 96,
    camera,
    frame: FRAME,
    ground: false,
    background: [0.5, 0.5, 0.5],
  });
}
