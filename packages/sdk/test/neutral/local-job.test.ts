import { beforeAll, describe, expect, it } from 'vitest';
import { createNodeCodecs } from '../../src/platform/node/codecs.ts';
import { createLocalProvider } from '../../src/providers/local/provider.ts';
import { createStudio } from '../../src/studio/create-studio.ts';
import { type LocalJobOrder, type LocalJobOutcome, runLocalJob } from './bundle/run-local-job.ts';
import { buildNeutralBundles } from './support/bundles.ts';
import type { ScriptEngine } from './support/engine.ts';
import { largestDifference, type ParsedLevel, parseLevels, sizeOf } from './support/parsed-asset.ts';
import { createQuickJsEngine } from './support/quickjs-engine.ts';
import { createVmEngine } from './support/vm-engine.ts';

// A small picture: the renderer is ordinary arithmetic per pixel and would take most of the time in an interpreter.
const ORDER: LocalJobOrder = { prompt: 'a medieval sword', seed: 7, thumbnailSize: 32, compress: 'none' };

const bundles = await buildNeutralBundles();
const nodeCodecs = await createNodeCodecs();

interface Made {
  readonly outcome: Omit<LocalJobOutcome, 'files'>;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly levels: readonly ParsedLevel[];
  readonly manifest: Record<string, unknown>;
}

async function toMade({ files, ...outcome }: LocalJobOutcome): Promise<Made> {
  const byName = new Map(outcome.names.map((name, index) => [name, files[index] as Uint8Array]));
  return {
    outcome,
    files: byName,
    levels: await parseLevels(byName, nodeCodecs),
    manifest: JSON.parse(new TextDecoder().decode(byName.get('manifest.json'))) as Record<string, unknown>,
  };
}

async function makeInNode(order: LocalJobOrder): Promise<Made> {
  return toMade(await runLocalJob({ createStudio, createLocalProvider }, nodeCodecs, order));
}

const CASES: readonly (readonly [name: string, createEngine: () => Promise<ScriptEngine>, order: LocalJobOrder])[] = [
  ['an empty context', async () => createVmEngine(), ORDER],
  ['QuickJS', () => createQuickJsEngine(), ORDER],
  ['an empty context, compressed', async () => createVmEngine(), { ...ORDER, seed: 8, compress: 'meshopt' }],
];

describe.each(CASES)('a local job in %s', (name, createEngine, order) => {
  let made: Made;
  let reference: Made;

  beforeAll(async () => {
    reference = await makeInNode(order);
    const engine = await createEngine();
    const started = performance.now();
    engine.evaluate(bundles.prelude, 'prelude.js');
    engine.evaluate(bundles.sdk, 'sdk.js');
    const loaded = performance.now();
    engine.evaluate(bundles.driver, 'driver.js');
    const { value, buffers } = await engine.call('runJob', order);
    const done = performance.now();
    engine.dispose();
    console.info(`${name}: loaded in ${Math.round(loaded - started)} ms, job in ${Math.round(done - loaded)} ms`);
    made = await toMade({ ...(value as Omit<LocalJobOutcome, 'files'>), files: buffers });
  }, 600_000); // 20 s on an idle machine, minutes on a busy one: QuickJS interprets

  it('succeeds with the events and files it has in Node', () => {
    expect(made.outcome.phase).toBe('succeeded');
    expect(made.outcome).toEqual(reference.outcome);
    expect(made.outcome.names).toEqual(
      expect.arrayContaining(['lod3.glb', 'manifest.json', 'raw.glb', 'thumbnail.png']),
    );
  });

  it('has levels of the same triangle counts, strictly falling', () => {
    const counts = made.levels.map(({ triangleCount }) => triangleCount);
    expect(counts).toEqual(reference.levels.map(({ triangleCount }) => triangleCount));
    expect(counts.length).toBeGreaterThanOrEqual(4);
    expect(counts[0]).toBeGreaterThanOrEqual(1000);
    for (let level = 1; level < counts.length; level += 1) {
      expect(counts[level]).toBeLessThan(counts[level - 1] as number);
    }
  });

  it('has positions within 1e-5 of the size of the object', () => {
    for (const [index, level] of made.levels.entries()) {
      const expected = reference.levels[index] as ParsedLevel;
      expect(largestDifference(level, expected), level.name).toBeLessThanOrEqual(1e-5 * sizeOf(expected));
      expect(level.materialNames).toEqual(expected.materialNames);
      expect(level.textureSizes).toEqual(expected.textureSizes);
    }
  });

  it('writes files without validator errors', async () => {
    for (const [file, bytes] of made.files) {
      if (!file.endsWith('.glb')) continue;
      const report = await nodeCodecs.validator?.validate(bytes);
      expect(
        report?.issues.filter(({ severity }) => severity === 'error'),
        file,
      ).toEqual([]);
    }
  });

  it('writes a manifest that says the same and fits the files', () => {
    expect(made.manifest).toEqual(reference.manifest);
  });
});
