import type { Document, Mesh, Node, Primitive, Scene } from '@gltf-transform/core';
import { uninstance } from '@gltf-transform/functions';
import { SdkError } from '../foundation/errors.ts';
import { invalid, tooLarge } from './asset-errors.ts';
import { boundsOfScene } from './bounds.ts';
import {
  determinant,
  linearPart,
  type Matrix,
  multiply,
  normalMatrix,
  scaleThenMove,
  transformDirections,
  transformPoints,
} from './matrix.ts';
import { MESH_LIMITS } from './mesh-limits.ts';
import type { MeshStep } from './mesh-step.ts';
import { type PrimitiveData, readPrimitive, type VertexStream, writePrimitive } from './primitive-data.ts';
import { listInstances, shownScene } from './scene-instances.ts';

/** Options of {@link normalise}. */
export interface NormaliseOptions {
  /** Real height of the object in metres, > 0. Undefined keeps the size it has. */
  readonly heightM?: number;
  /** Name of the root node. */
  readonly name?: string;
}

/**
 * Puts the shown scene into the canonical frame: metres, +Y up, centre of the base at the origin.
 *
 * Static models lose their node tree: transforms are baked into the vertices, mirrored parts get their winding turned,
 * and every appearance of a mesh becomes a mesh of its own. Models with skins or animations keep their tree and get one
 * root node that moves and scales it. Expects triangles only: run `triangulate` first.
 */
export function normalise(options: NormaliseOptions = {}): MeshStep {
  return {
    name: 'normalise',
    needs: [],
    async run(asset, context) {
      const { document } = asset;
      const report = await normaliseDocument(document, options);
      context.report('normalise', report);
      return asset;
    },
  };
}

async function normaliseDocument(
  document: Document,
  options: NormaliseOptions,
): Promise<{ scale: number; offset: number[]; baked: boolean }> {
  const root = document.getRoot();
  const scene = keepShownScene(document);
  if (document.hasExtension('EXT_mesh_gpu_instancing')) {
    checkTriangles(document);
    await document.transform(uninstance());
  }
  checkTriangles(document);
  const bounds = boundsOfScene(document);
  if (bounds === null) throw invalid('The scene shows no triangles.');
  if (!(bounds.radius > 0 && bounds.radius < 1e18)) throw invalid('The scene has no ordinary size.');
  const height = bounds.max[1] - bounds.min[1];
  let scale = 1;
  if (options.heightM !== undefined) {
    if (!(height > bounds.radius * 1e-6)) {
      throw new SdkError({ code: 'INPUT_INVALID', message: 'The model is flat, so it cannot be scaled to a height.' });
    }
    scale = options.heightM / height;
  }
  const offset = [
    (-(bounds.min[0] + bounds.max[0]) / 2) * scale,
    -bounds.min[1] * scale,
    (-(bounds.min[2] + bounds.max[2]) / 2) * scale,
  ] as const;
  const matrix = scaleThenMove(scale, ...offset);
  const name = options.name ?? 'model';
  const baked = root.listSkins().length === 0 && root.listAnimations().length === 0;
  if (baked) bakeScene(document, scene, matrix, name);
  else addRootNode(document, scene, scale, offset, name);
  return { scale, offset: [...offset], baked };
}

function keepShownScene(document: Document): Scene {
  const root = document.getRoot();
  let scene = shownScene(document);
  if (scene === null) {
    scene = document.createScene();
    for (const node of root.listNodes()) if (node.getParentNode() === null) scene.addChild(node);
  }
  for (const other of root.listScenes()) if (other !== scene) other.dispose();
  root.setDefaultScene(scene);
  return scene;
}

/** Counts triangles with every instance, before instances are multiplied out. */
function checkTriangles(document: Document): void {
  let triangles = 0;
  for (const { node, mesh } of listInstances(document)) {
    const batch = node.getExtension<InstancedBatch>('EXT_mesh_gpu_instancing');
    const copies = batch === null ? 1 : Math.max(0, ...batch.listAttributes().map((attribute) => attribute.getCount()));
    for (const primitive of mesh.listPrimitives()) {
      const count = primitive.getIndices()?.getCount() ?? primitive.getAttribute('POSITION')?.getCount() ?? 0;
      triangles += (count / 3) * copies;
    }
  }
  if (triangles > MESH_LIMITS.triangles) {
    throw tooLarge(
      `The scene shows ${Math.floor(triangles)} triangles; at most ${MESH_LIMITS.triangles} are processed.`,
    );
  }
}

type InstancedBatch = Parameters<Node['setExtension']>[1] & { listAttributes(): { getCount(): number }[] };

function addRootNode(
  document: Document,
  scene: Scene,
  scale: number,
  offset: readonly [number, number, number],
  name: string,
): void {
  const root = document
    .createNode(name)
    .setTranslation([...offset])
    .setScale([scale, scale, scale]);
  const moved = new Set<Node>();
  for (const animation of document.getRoot().listAnimations()) {
    for (const channel of animation.listChannels()) {
      const node = channel.getTargetNode();
      if (node !== null && channel.getTargetPath() !== 'weights') moved.add(node);
    }
  }
  for (const skin of document.getRoot().listSkins()) for (const joint of skin.listJoints()) moved.add(joint);
  for (const { node, skin } of listInstances(document)) {
    // joints alone place a skinned mesh; below other nodes it only raises the question whether they do too
    if (skin === null || moved.has(node) || node.listChildren().length > 0) continue;
    node.setTranslation([0, 0, 0]).setRotation([0, 0, 0, 1]).setScale([1, 1, 1]);
    scene.addChild(node);
    moved.add(node);
  }
  for (const child of scene.listChildren()) if (!(moved.has(child) && child.getSkin() !== null)) root.addChild(child);
  scene.addChild(root);
}

function bakeScene(document: Document, scene: Scene, matrix: Matrix, name: string): void {
  const instances = listInstances(document);
  const rootNode = document.createNode(name);
  const kept = new Set<Node>([rootNode]);
  const used = new Set<Mesh>();
  for (const instance of instances) {
    // the first appearance takes the mesh over, later ones get a copy of their own
    const mesh = used.has(instance.mesh) ? copyMesh(document, instance.mesh) : instance.mesh;
    used.add(instance.mesh);
    const node = document.createNode(instance.node.getName() || instance.mesh.getName()).setMesh(mesh);
    node.setWeights(instance.node.getWeights());
    kept.add(node);
    rootNode.addChild(node);
  }
  instances.forEach((instance, index) => {
    const mesh = rootNode.listChildren()[index]?.getMesh();
    const world = multiply(matrix, instance.matrix);
    for (const primitive of mesh?.listPrimitives() ?? []) bakePrimitive(document, primitive, world);
  });
  for (const node of document.getRoot().listNodes()) if (!kept.has(node)) node.dispose();
  scene.addChild(rootNode);
}

function copyMesh(document: Document, mesh: Mesh): Mesh {
  const copy = document.createMesh(mesh.getName()).setWeights(mesh.getWeights()).setExtras(mesh.getExtras());
  for (const primitive of mesh.listPrimitives()) copy.addPrimitive(primitive.clone());
  return copy;
}

function bakePrimitive(document: Document, primitive: Primitive, matrix: Matrix): void {
  if (primitive.getAttribute('POSITION') === null) return;
  // targets are shared between copies of a primitive until each gets its own
  for (const target of primitive.listTargets()) primitive.removeTarget(target).addTarget(target.clone());
  const data = readPrimitive(primitive);
  const mirrored = determinant(matrix) < 0;
  const baked: PrimitiveData = {
    ...data,
    streams: data.streams.map((stream) => bakeStream(stream, matrix, mirrored, false)),
    targets: data.targets.map((streams) => streams.map((stream) => bakeStream(stream, matrix, mirrored, true))),
  };
  if (mirrored) flipWinding(baked.indices);
  writePrimitive(document, primitive, baked);
}

function bakeStream(stream: VertexStream, matrix: Matrix, mirrored: boolean, isTarget: boolean): VertexStream {
  switch (stream.semantic) {
    case 'POSITION':
      if (isTarget) return { ...stream, array: transformDirections(linearPart(matrix), stream.array, 3, false) };
      return { ...stream, array: transformPoints(matrix, stream.array) };
    case 'NORMAL':
      return { ...stream, array: transformDirections(normalMatrix(matrix), stream.array, 3, !isTarget) };
    case 'TANGENT': {
      const array = transformDirections(linearPart(matrix), stream.array, stream.size, !isTarget);
      if (mirrored && !isTarget) for (let at = 3; at < array.length; at += 4) array[at] = -(array[at] as number);
      return { ...stream, array };
    }
    default:
      return stream;
  }
}

function flipWinding(indices: Uint32Array): void {
  for (let at = 0; at + 2 < indices.length; at += 3) {
    const second = indices[at + 1] as number;
    indices[at + 1] = indices[at + 2] as number;
    indices[at + 2] = second;
  }
}
