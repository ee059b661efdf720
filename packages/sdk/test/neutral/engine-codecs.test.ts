import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildNeutralBundles } from './support/bundles.ts';
import type { ScriptEngine } from './support/engine.ts';
import { createQuickJsEngine } from './support/quickjs-engine.ts';
import { createVmEngine } from './support/vm-engine.ts';

const bundles = await buildNeutralBundles();

describe.each([
  ['an empty context', async () => createVmEngine()],
  ['QuickJS', async () => createQuickJsEngine()],
] as const)('codecs in %s', (_name, createEngine) => {
  let engine: ScriptEngine;
  beforeAll(async () => {
    engine = await createEngine();
    engine.evaluate(bundles.prelude, 'prelude.js');
    engine.evaluate(bundles.sdk, 'sdk.js');
    engine.evaluate(bundles.driver, 'driver.js');
  });
  afterAll(() => engine.dispose());

  it('keep the codec contract', async () => {
    const { value } = await engine.call('runCodecContract', {});
    const outcomes = value as readonly { name: string; failure: string | null }[];
    expect(outcomes.filter(({ failure }) => failure !== null)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(8);
  });
});
