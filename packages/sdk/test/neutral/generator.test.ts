import { beforeAll, describe, expect, it } from 'vitest';
import { FAMILIES } from '../../src/generator/families.generated.ts';
import { makeFile } from './bundle/driver.ts';
import { buildNeutralBundles } from './support/bundles.ts';
import type { ScriptEngine } from './support/engine.ts';
import { createQuickJsEngine } from './support/quickjs-engine.ts';
import { createVmEngine } from './support/vm-engine.ts';

const bundles = await buildNeutralBundles();

describe.each([
  ['an empty context', async () => createVmEngine()],
  ['QuickJS', async () => createQuickJsEngine()],
] as const)('the generator in %s', (_name, createEngine) => {
  let engine: ScriptEngine;
  beforeAll(async () => {
    engine = await createEngine();
    engine.evaluate(bundles.prelude, 'prelude.js');
    engine.evaluate(bundles.driver, 'driver.js');
  });

  it.each(FAMILIES.map(({ id }) => id))('makes of "an old %s" the bytes it makes in Node', async (id) => {
    const order = { prompt: `an old ${id}`, seed: 20 };
    const { buffers } = await engine.call('generate', order);
    const expected = await makeFile(order.prompt, order.seed);
    expect(Buffer.compare(buffers[0] as Uint8Array, expected)).toBe(0);
  });
});
