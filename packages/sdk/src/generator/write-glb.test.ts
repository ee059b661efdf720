import { WebIO } from '@gltf-transform/core';
import { describe, expect, it } from 'vitest';
import { createGltfValidator } from '../host/gltf-validator.ts';
import { FAMILIES } from './families.generated.ts';
import { generateModel } from './generate-model.ts';
import type { GeneratedModel, GeneratedPart } from './model.ts';
import { computeTangents } from './tangents.ts';
import { writeGlb } from './write-glb.ts';

// @ts-expect-error -- the package has no types; ValidatorModule describes the part that is used
const { default: validatorModule } = await import('gltf-validator');
const validator = createGltfValidator(async () => validatorModule);

const PICTURE = { width: 2, height: 2, data: new Uint8Array(16).fill(200) };
const TRIANGLE: Omit<GeneratedPart, 'name' | 'material'> = {
  positions: new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]),
  normals: new Float32Array([0, 0, 1, 0, 0, 1, 0, 0, 1]),
  uvs: new Float32Array([0, 0, 1, 0, 0, 1]),
  indices: new Uint32Array([0, 1, 2]),
};

describe('writeGlb', () => {
  it.each(FAMILIES.flatMap(({ id }) => [1, 2].map((seed) => [id, seed] as const)))(
    'writes %s, seed %i, without errors or warnings of the validator',
    async (id, seed) => {
      const { model } = generateModel(`a ${id}`, seed);
      const bytes = await writeGlb(model);
      const report = await validator.validate(bytes);
      expect(report.issues.filter(({ severity }) => severity === 'error' || severity === 'warning')).toEqual([]);
      const again = await writeGlb(generateModel(`a ${id}`, seed).model);
      expect(again.length).toBe(bytes.length);
      expect(again.every((byte, index) => byte === bytes[index])).toBe(true);
    },
    60_000,
  );

  it('shares equal materials and pictures, names nodes, and signs the file', async () => {
    const material = {
      name: 'paint',
      baseColor: [1, 0, 0, 1] as const,
      metallic: 0,
      roughness: 0.5,
      baseColorTexture: PICTURE,
    };
    const model: GeneratedModel = {
      name: 'thing',
      parts: [
        { ...TRIANGLE, name: 'a', material },
        {
          ...TRIANGLE,
          name: 'b',
          material: { ...material, baseColorTexture: { ...PICTURE, data: PICTURE.data.slice() } },
        },
        { ...TRIANGLE, name: 'c', material: { ...material, roughness: 0.6 } },
        {
          ...TRIANGLE,
          name: 'd',
          material: {
            ...material,
            name: 'glass',
            baseColor: [1, 1, 1, 0.4],
            alphaMode: 'BLEND',
            baseColorTexture: PICTURE,
          },
        },
      ],
    };
    const bytes = await writeGlb(model);
    expect(new TextDecoder().decode(bytes)).toContain('"asset":{"generator":"Maquette","version":"2.0"}');
    const document = await new WebIO().readBinary(bytes);
    const root = document.getRoot();
    expect(root.listTextures()).toHaveLength(1);
    expect(root.listMaterials().map((each) => [each.getName(), each.getAlphaMode()])).toEqual([
      ['paint', 'OPAQUE'],
      ['paint', 'OPAQUE'],
      ['glass', 'BLEND'],
    ]);
    expect(
      root
        .getDefaultScene()
        ?.listChildren()
        .map((node) => node.getName()),
    ).toEqual(['thing']);
    expect(
      root
        .getDefaultScene()
        ?.listChildren()[0]
        ?.listChildren()
        .map((node) => node.getName()),
    ).toEqual(['a', 'b', 'c', 'd']);
    const info = root.listMaterials()[0]?.getBaseColorTextureInfo();
    expect([info?.getWrapS(), info?.getWrapT(), info?.getMagFilter(), info?.getMinFilter()]).toEqual([
      10497, 10497, 9729, 9987,
    ]);
  });

  it('gives normal maps tangents that agree with the texture', () => {
    const faces = computeTangents({ ...TRIANGLE, uvs: new Float32Array([0, 1, 1, 1, 0, 0]) });
    expect([...faces.subarray(0, 4)]).toEqual([1, 0, 0, 1]);
    const mirrored = computeTangents({ ...TRIANGLE, uvs: new Float32Array([0, 1, -1, 1, 0, 0]) });
    expect([...mirrored.subarray(0, 4)]).toEqual([-1, 0, 0, -1]);
    const collapsed = computeTangents({ ...TRIANGLE, uvs: new Float32Array(6) });
    expect([...collapsed.subarray(0, 4)]).toEqual([1, 0, 0, 1]);
  });

  it('does not change the model', async () => {
    const { model } = generateModel('a stool', 1);
    const before = model.parts.map((part) => part.positions.slice());
    await writeGlb(model);
    expect(model.parts.map((part) => [...part.positions])).toEqual(before.map((positions) => [...positions]));
  });
});
