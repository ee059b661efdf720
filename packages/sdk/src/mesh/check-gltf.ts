import { invalid, quoteForeign, tooLarge } from './asset-errors.ts';
import type { GltfJson } from './gltf-json.ts';
import type { MeshLimits } from './mesh-limits.ts';

/** Fails unless `index` names an element of a list with `count` elements. */
export function checkReference(index: number | undefined, count: number, where: string, what: string): void {
  if (index === undefined || index < count) return;
  throw invalid(`${where} refers to ${what} ${index}, but the file has ${count}.`);
}

/**
 * Checks that every reference between members of the file names something that exists and that the nodes form trees.
 *
 * Buffers and accessors are checked in `check-accessors.ts`.
 *
 * @throws {@link SdkError} `ASSET_INVALID` naming the first broken reference, `ASSET_TOO_LARGE` for too deep trees.
 */
export function checkReferences(json: GltfJson, limits: MeshLimits): void {
  const counts = {
    accessors: json.accessors?.length ?? 0,
    views: json.bufferViews?.length ?? 0,
    images: json.images?.length ?? 0,
    textures: json.textures?.length ?? 0,
    materials: json.materials?.length ?? 0,
    meshes: json.meshes?.length ?? 0,
    nodes: json.nodes?.length ?? 0,
    skins: json.skins?.length ?? 0,
    cameras: json.cameras?.length ?? 0,
    scenes: json.scenes?.length ?? 0,
  };
  json.textures?.forEach((texture, index) => {
    checkReference(texture.source, counts.images, `textures[${index}]`, 'image');
    checkReference(texture.sampler, json.samplers?.length ?? 0, `textures[${index}]`, 'sampler');
    for (const [name, extension] of Object.entries(texture.extensions ?? {})) {
      const source = (extension as { source?: unknown } | null)?.source;
      if (source !== undefined)
        checkForeignIndex(source, counts.images, `textures[${index}].extensions.${name}`, 'image');
    }
  });
  json.materials?.forEach((material, index) => {
    checkTextureSlots(material, counts.textures, `materials[${index}]`);
  });
  json.meshes?.forEach((mesh, meshIndex) => {
    mesh.primitives.forEach((primitive, index) => {
      const where = `meshes[${meshIndex}].primitives[${index}]`;
      checkReference(primitive.material, counts.materials, where, 'material');
      checkReference(primitive.indices, counts.accessors, where, 'accessor');
      for (const list of [primitive.attributes, ...(primitive.targets ?? [])]) {
        for (const accessor of Object.values(list)) checkReference(accessor, counts.accessors, where, 'accessor');
      }
      const draco = primitive.extensions?.KHR_draco_mesh_compression as { bufferView?: unknown } | undefined;
      if (draco !== undefined) checkForeignIndex(draco.bufferView, counts.views, where, 'bufferView');
    });
  });
  json.skins?.forEach((skin, index) => {
    for (const joint of skin.joints) checkReference(joint, counts.nodes, `skins[${index}]`, 'node');
    checkReference(skin.skeleton, counts.nodes, `skins[${index}]`, 'node');
    checkReference(skin.inverseBindMatrices, counts.accessors, `skins[${index}]`, 'accessor');
  });
  json.animations?.forEach((animation, animationIndex) => {
    const where = `animations[${animationIndex}]`;
    for (const sampler of animation.samplers) {
      checkReference(sampler.input, counts.accessors, where, 'accessor');
      checkReference(sampler.output, counts.accessors, where, 'accessor');
    }
    for (const channel of animation.channels) {
      checkReference(channel.sampler, animation.samplers.length, where, 'sampler');
      checkReference(channel.target.node, counts.nodes, where, 'node');
    }
  });
  json.cameras?.forEach((camera, index) => {
    const lens = camera.type === 'perspective' ? camera.perspective : camera.orthographic;
    if (typeof lens !== 'object' || lens === null) throw invalid(`cameras[${index}] has no values for its type.`);
  });
  json.nodes?.forEach((node, index) => {
    checkReference(node.mesh, counts.meshes, `nodes[${index}]`, 'mesh');
    checkReference(node.skin, counts.skins, `nodes[${index}]`, 'skin');
    checkReference(node.camera, counts.cameras, `nodes[${index}]`, 'camera');
  });
  checkNodeTrees(json, limits);
  checkReference(json.scene, counts.scenes, 'scene', 'scene');
}

function checkForeignIndex(value: unknown, count: number, where: string, what: string): void {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) >= count) {
    throw invalid(`${where} refers to ${what} ${quoteForeign(value)}, but the file has ${count}.`);
  }
}

/** Looks for texture references anywhere in a material, its extensions included: members named `…Texture`. */
function checkTextureSlots(value: unknown, textureCount: number, where: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'extras') continue;
    const path = `${where}.${name}`;
    if (name.endsWith('Texture') && typeof member === 'object' && member !== null) {
      checkForeignIndex((member as { index?: unknown }).index, textureCount, path, 'texture');
      const set = (member as { texCoord?: unknown }).texCoord;
      if (set !== undefined && !(Number.isInteger(set) && (set as number) >= 0 && (set as number) < 16)) {
        throw invalid(`${path} names the texture coordinate set ${quoteForeign(set)}.`);
      }
    }
    checkTextureSlots(member, textureCount, path);
  }
}

function checkNodeTrees(json: GltfJson, limits: MeshLimits): void {
  const nodes = json.nodes ?? [];
  const parents = new Int32Array(nodes.length).fill(-1);
  nodes.forEach((node, index) => {
    for (const child of node.children ?? []) {
      checkReference(child, nodes.length, `nodes[${index}]`, 'node');
      if (parents[child] !== -1) throw invalid(`nodes[${child}] has more than one parent.`);
      parents[child] = index;
    }
  });
  const depths = new Int32Array(nodes.length);
  for (let start = 0; start < nodes.length; start += 1) {
    const path: number[] = [];
    let at = start;
    while (at !== -1 && depths[at] === 0) {
      depths[at] = -1;
      path.push(at);
      at = parents[at] as number;
      if (at !== -1 && depths[at] === -1) throw invalid(`nodes[${at}] is its own ancestor.`);
    }
    let depth = at === -1 ? 0 : (depths[at] as number);
    for (let step = path.length - 1; step >= 0; step -= 1) {
      depth += 1;
      if (depth > limits.nodeDepth) throw tooLarge(`The node tree is deeper than ${limits.nodeDepth} levels.`);
      depths[path[step] as number] = depth;
    }
  }
  json.scenes?.forEach((scene, index) => {
    const seen = new Set<number>();
    for (const node of scene.nodes ?? []) {
      checkReference(node, nodes.length, `scenes[${index}]`, 'node');
      if (parents[node] !== -1) throw invalid(`scenes[${index}] lists nodes[${node}], which is not a root.`);
      if (seen.has(node)) throw invalid(`scenes[${index}] lists nodes[${node}] twice.`);
      seen.add(node);
    }
  });
}
