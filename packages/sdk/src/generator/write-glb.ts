import { Document, Logger, type Material, type Texture, VertexLayout, WebIO } from '@gltf-transform/core';
import type { RasterImage } from '../host/host.ts';
import { encodePng } from '../image/encode-png.ts';
import type { GeneratedMaterial, GeneratedModel } from './model.ts';
import { computeTangents } from './tangents.ts';

/** What stands in `asset.generator` of every file. */
export const ASSET_GENERATOR = 'Maquette';

// Sampler constants of glTF 2.0 §5.26, named as in WebGL.
const REPEAT = 10497;
const LINEAR = 9729;
const LINEAR_MIPMAP_LINEAR = 9987;

/**
 * Writes a generated object as one GLB: a named root node with a mesh node per part, textures as PNG, no extensions.
 *
 * Parts share materials, textures and pictures wherever they are equal. The same model gives the same bytes on every
 * engine. The bytes are the caller's.
 *
 * @source glTF 2.0 §3.7.2 (geometry), §3.9 (materials)
 */
export async function writeGlb(model: GeneratedModel): Promise<Uint8Array> {
  const document = new Document().setLogger(new Logger(Logger.Verbosity.SILENT));
  const root = document.getRoot();
  root.getAsset().generator = ASSET_GENERATOR;
  const buffer = document.createBuffer();
  const scene = document.createScene(model.name);
  root.setDefaultScene(scene);
  const rootNode = document.createNode(model.name);
  scene.addChild(rootNode);
  const materials = createMaterialWriter(document);
  for (const part of model.parts) {
    const vertexCount = part.positions.length / 3;
    // 65 535 itself is the restart value and may not be used as an index
    const indices = vertexCount <= 65535 ? new Uint16Array(part.indices) : new Uint32Array(part.indices);
    const primitive = document
      .createPrimitive()
      .setIndices(document.createAccessor().setType('SCALAR').setArray(indices).setBuffer(buffer))
      .setAttribute(
        'POSITION',
        document.createAccessor().setType('VEC3').setArray(copy(part.positions)).setBuffer(buffer),
      )
      .setAttribute('NORMAL', document.createAccessor().setType('VEC3').setArray(copy(part.normals)).setBuffer(buffer))
      .setAttribute('TEXCOORD_0', document.createAccessor().setType('VEC2').setArray(copy(part.uvs)).setBuffer(buffer))
      .setMaterial(materials(part.material));
    if (part.material.normalTexture !== undefined) {
      const tangents = document
        .createAccessor()
        .setType('VEC4')
        .setArray(copy(computeTangents(part)))
        .setBuffer(buffer);
      primitive.setAttribute('TANGENT', tangents);
    }
    const mesh = document.createMesh(part.name).addPrimitive(primitive);
    rootNode.addChild(document.createNode(part.name).setMesh(mesh));
  }
  const io = new WebIO({}).setLogger(new Logger(Logger.Verbosity.SILENT)).setVertexLayout(VertexLayout.SEPARATE);
  return io.writeBinary(document);
}

function copy(values: Float32Array): Float32Array<ArrayBuffer> {
  return new Float32Array(values);
}

function createMaterialWriter(document: Document): (material: GeneratedMaterial) => Material {
  const textures = createTextureWriter(document);
  const byObject = new Map<GeneratedMaterial, Material>();
  const byValue = new Map<string, Material>();
  return (source) => {
    const known = byObject.get(source);
    if (known !== undefined) return known;
    const baseColor = textures(source.baseColorTexture, `${source.name}-color`);
    const orm = textures(source.ormTexture, `${source.name}-orm`);
    const normal = textures(source.normalTexture, `${source.name}-normal`);
    const key = materialKey(
      source,
      [baseColor, orm, normal].map((texture) => texture?.number ?? -1),
    );
    const equal = byValue.get(key);
    if (equal !== undefined) {
      byObject.set(source, equal);
      return equal;
    }
    const material = document
      .createMaterial(source.name)
      .setBaseColorFactor([...source.baseColor])
      .setMetallicFactor(source.metallic)
      .setRoughnessFactor(source.roughness)
      .setDoubleSided(source.doubleSided ?? false)
      .setAlphaMode(source.alphaMode ?? 'OPAQUE')
      .setEmissiveFactor([...(source.emissive ?? [0, 0, 0])]);
    if (baseColor !== undefined) material.setBaseColorTexture(baseColor.texture);
    if (orm !== undefined) material.setMetallicRoughnessTexture(orm.texture).setOcclusionTexture(orm.texture);
    if (normal !== undefined) material.setNormalTexture(normal.texture).setNormalScale(source.normalScale ?? 1);
    const infos = [
      material.getBaseColorTextureInfo(),
      material.getMetallicRoughnessTextureInfo(),
      material.getOcclusionTextureInfo(),
      material.getNormalTextureInfo(),
    ];
    for (const info of infos) {
      info?.setWrapS(REPEAT).setWrapT(REPEAT);
      info?.setMagFilter(LINEAR).setMinFilter(LINEAR_MIPMAP_LINEAR);
    }
    byObject.set(source, material);
    byValue.set(key, material);
    return material;
  };
}

function materialKey(source: GeneratedMaterial, textures: readonly number[]): string {
  return JSON.stringify([
    source.name,
    source.baseColor,
    source.metallic,
    source.roughness,
    source.normalScale ?? 1,
    source.emissive ?? [0, 0, 0],
    source.alphaMode ?? 'OPAQUE',
    source.doubleSided ?? false,
    textures,
  ]);
}

interface WrittenTexture {
  readonly number: number;
  readonly texture: Texture;
  readonly bytes: Uint8Array;
}

function createTextureWriter(
  document: Document,
): (image: RasterImage | undefined, name: string) => WrittenTexture | undefined {
  const byImage = new Map<RasterImage, WrittenTexture>();
  const written: WrittenTexture[] = [];
  return (image, name) => {
    if (image === undefined) return undefined;
    const known = byImage.get(image);
    if (known !== undefined) return known;
    const bytes = encodePng(image);
    let entry = written.find((other) => areEqual(other.bytes, bytes));
    if (entry === undefined) {
      const texture = document.createTexture(name).setMimeType('image/png').setImage(new Uint8Array(bytes));
      entry = { number: written.length, texture, bytes };
      written.push(entry);
    }
    byImage.set(image, entry);
    return entry;
  };
}

function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}
