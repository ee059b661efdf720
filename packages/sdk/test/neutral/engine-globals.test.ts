import { describe, expect, it } from 'vitest';
import { buildNeutralBundles } from './support/bundles.ts';
import { createQuickJsEngine } from './support/quickjs-engine.ts';
import { createVmEngine } from './support/vm-engine.ts';

const { prelude } = await buildNeutralBundles();

/** What libraries written for browsers and Node reach for, and script engines inside editors do not have. */
const PLATFORM_GLOBALS = [
  'AbortController',
  'Blob',
  'Buffer',
  'EventTarget',
  'Headers',
  'Intl',
  'ReadableStream',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'WebAssembly',
  'Worker',
  'atob',
  'btoa',
  'clearTimeout',
  'console',
  'crypto',
  'document',
  'fetch',
  'navigator',
  'process',
  'require',
  'self',
  'setImmediate',
  'setInterval',
  'setTimeout',
  'structuredClone',
  'window',
];

const ENGINES = [
  ['an empty context', async () => createVmEngine()],
  ['QuickJS', async () => createQuickJsEngine()],
] as const;

// Without these, a green suite would prove nothing about what is missing inside an editor.
describe.each(ENGINES)('%s', (_name, createEngine) => {
  it('has none of the platform', async () => {
    const engine = await createEngine();
    expect(engine.globalNames().filter((name) => PLATFORM_GLOBALS.includes(name))).toEqual([]);
    engine.dispose();
  });

  it('fails a script that uses one of it', async () => {
    const engine = await createEngine();
    const failure = (name: string): unknown => {
      try {
        engine.evaluate(`new ${name}()`, 'script.js');
        return null;
      } catch (error) {
        return (error as Error).name;
      }
    };
    const unexpected = PLATFORM_GLOBALS.filter((name) => failure(name) !== 'ReferenceError');
    expect(unexpected).toEqual([]);
    engine.dispose();
  });

  it('fails a promise job that uses one, and reports it', async () => {
    const engine = await createEngine();
    engine.evaluate('globalThis.driver = { late: async () => { await null; setTimeout(() => {}, 1); } }', 'driver.js');
    await expect(engine.call('late', {})).rejects.toThrow(/setTimeout/);
    engine.dispose();
  });

  it('gets exactly three globals from the prelude', async () => {
    const engine = await createEngine();
    const before = new Set(engine.globalNames());
    engine.evaluate(prelude, 'prelude.js');
    const added = engine.globalNames().filter((name) => !before.has(name));
    expect(added.sort()).toEqual(['Intl', 'TextDecoder', 'TextEncoder']);
    engine.dispose();
  });
});

it('reports work in QuickJS that waits for something nobody brings', async () => {
  const engine = await createQuickJsEngine();
  engine.evaluate('globalThis.driver = { forever: () => new Promise(() => {}) }', 'driver.js');
  await expect(engine.call('forever', {})).rejects.toThrow('forever waits for something that no promise job brings');
});

it('gives QuickJS the stack depth it has inside an editor', async () => {
  const engine = await createQuickJsEngine();
  engine.evaluate(
    `globalThis.driver = { async depth() {
       let depth = 0;
       const dive = () => { depth += 1; dive(); };
       try { dive(); } catch (error) { return { json: JSON.stringify([error.name, depth]), buffers: [] }; }
     } }`,
    'driver.js',
  );
  const { value } = await engine.call('depth', {});
  const [name, depth] = value as [string, number];
  expect(name).toBe('RangeError');
  expect(depth).toBeGreaterThan(300);
  expect(depth).toBeLessThan(430);
});
