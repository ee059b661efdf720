import { Document, NodeIO, type Node as SceneNode } from '@gltf-transform/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { MESH_LIMITS } from '../../src/mesh/mesh-limits.ts';
import { createSheet } from '../../src/testing/codec-contract-meshes.ts';
import { buildNeutralBundles } from './support/bundles.ts';
import type { ScriptEngine } from './support/engine.ts';
import { createQuickJsEngine } from './support/quickjs-engine.ts';

const bundles = await buildNeutralBundles();

/** A sheet at the end of a chain of nodes, with extras nested into each other. */
async function writeDeepFile(nodeDepth: number, jsonDepth: number): Promise<Uint8Array> {
  const document = new Document();
  const sheet = createSheet(6, 0.1, 1);
  const buffer = document.createBuffer();
  const position = document
    .createAccessor()
    .setType('VEC3')
    .setArray(new Float32Array(sheet.positions))
    .setBuffer(buffer);
  const indices = document
    .createAccessor()
    .setType('SCALAR')
    .setArray(new Uint32Array(sheet.indices))
    .setBuffer(buffer);
  const mesh = document
    .createMesh()
    .addPrimitive(document.createPrimitive().setAttribute('POSITION', position).setIndices(indices));
  let node: SceneNode = document.createNode('leaf').setMesh(mesh);
  for (let depth = 1; depth < nodeDepth; depth += 1) {
    node = document.createNode(`level ${depth}`).setTranslation([0.001, 0, 0]).addChild(node);
  }
  // the file's own object, `nodes`, the node and `extras` are four levels
  let extras: Record<string, unknown> = {};
  for (let depth = 4; depth < jsonDepth; depth += 1) extras = { inside: extras };
  document.createScene().addChild(node.setExtras(extras));
  return new NodeIO().writeBinary(document);
}

// Libraries walk trees by calling themselves; the limits must lie below what the smallest stack can take.
describe('deep files in QuickJS', () => {
  let engine: ScriptEngine;
  beforeAll(async () => {
    engine = await createQuickJsEngine();
    engine.evaluate(bundles.prelude, 'prelude.js');
    engine.evaluate(bundles.sdk, 'sdk.js');
    engine.evaluate(bundles.driver, 'driver.js');
  });

  it.each([
    ['as deep as allowed', MESH_LIMITS.nodeDepth, MESH_LIMITS.jsonDepth],
    ['with the deepest tree', MESH_LIMITS.nodeDepth, 4],
    ['with the deepest JSON', 1, MESH_LIMITS.jsonDepth],
  ])('%s are processed', async (_name, nodeDepth, jsonDepth) => {
    const { value } = await engine.call('processBytes', { bytes: [...(await writeDeepFile(nodeDepth, jsonDepth))] });
    expect(value).toMatchObject({ summary: { levels: 2 } });
  });

  it.each([
    ['a deeper tree', MESH_LIMITS.nodeDepth + 1, 4],
    ['deeper JSON', 1, MESH_LIMITS.jsonDepth + 1],
    ['a tree that would exhaust the stack', 3000, 4],
  ])('%s is refused', async (_name, nodeDepth, jsonDepth) => {
    const { value } = await engine.call('processBytes', { bytes: [...(await writeDeepFile(nodeDepth, jsonDepth))] });
    expect(value).toMatchObject({ code: 'ASSET_TOO_LARGE' });
  });
});
