import { expect, it } from 'vitest';
import { buildNeutralBundles } from './support/bundles.ts';

const bundles = await buildNeutralBundles();
const KILOBYTE = 1000;

/** What types cannot see, how often it may occur in the SDK's bundle, and why. */
const WATCHED: readonly (readonly [pattern: RegExp, allowed: number, reason: string])[] = [
  [/\bWebAssembly\b/g, 0, 'there is none'],
  [/\bIntl\./g, 1, '@gltf-transform/functions, at module level; the prelude has the one class'],
  [/\\p\{/g, 0, 'engines built without ICU do not know property escapes'],
  [/\.toLocale/g, 0, 'degraded without ICU'],
  [/\.normalize\(/g, 0, 'degraded without ICU'],
  [/\bimport\(/g, 0, 'one file, nothing loaded later'],
  [/\.localeCompare\(/g, 0, 'depends on the engine'],
  [/["'`]node:(?:fs|path|url|os|crypto|zlib|util|module|buffer|process|worker_threads)/g, 0, 'nothing of Node'],
  [/\brequire\(/g, 0, 'nothing of Node'],
];

it.each(WATCHED)('bundles hold %s at most %i times: %s', (pattern, allowed) => {
  for (const code of [bundles.prelude, bundles.sdk]) {
    const found = [...code.matchAll(pattern)].map(({ index }) => code.slice(Math.max(0, index - 60), index + 60));
    expect(found.length, found.join('\n')).toBeLessThanOrEqual(allowed);
  }
});

it('holds no translations of zod: it is imported as `import * as z`, which can be taken apart', () => {
  let bytes = 0;
  for (const [path, size] of bundles.sdkInputs) if (/\/zod\/.*\/locales\//.test(path)) bytes += size;
  expect(bytes).toBeLessThan(KILOBYTE);
});

// 2026-11-21: 2.6 kB and 779 kB, of which glTF-Transform takes a quarter and meshoptimizer 115 kB
it('stays small', () => {
  expect(bundles.prelude.length).toBeLessThan(4 * KILOBYTE);
  expect(bundles.sdk.length).toBeLessThan(900 * KILOBYTE);
});
