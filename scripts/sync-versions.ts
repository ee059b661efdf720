/**
 * Copies the version of the Blender bridge to where its release tool does not reach: the add-on's manifest, and `bl_info`
 * and `VERSION` in its `__init__.py`. With `--check` it changes nothing and fails on a difference.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const BRIDGE = join(ROOT, 'packages', 'blender-bridge');

interface Place {
  /** Below the add-on's folder. */
  readonly file: string;
  /** Finds the one place; the first group is kept, the rest is the version. */
  readonly pattern: RegExp;
  readonly write: (version: string) => string;
}

const PLACES: readonly Place[] = [
  { file: 'blender_manifest.toml', pattern: /^(version = )(".*")$/gm, write: (version) => `"${version}"` },
  {
    file: '__init__.py',
    pattern: /^( {4}"version": )(\(.*\))(?=,$)/gm,
    // whole numbers only: what follows a hyphen is not for Blender
    write: (version) =>
      `(${version
        .replace(/[-+].*$/, '')
        .split('.')
        .join(', ')})`,
  },
  { file: '__init__.py', pattern: /^(VERSION = )(".*")$/gm, write: (version) => `"${version}"` },
];

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const { version } = JSON.parse(readFileSync(join(BRIDGE, 'package.json'), 'utf8')) as { readonly version: string };

const sdk = JSON.parse(readFileSync(join(ROOT, 'packages/sdk/package.json'), 'utf8')) as { readonly version: string };
if (sdk.version !== version)
  fail(`The SDK is version ${sdk.version} and the Blender bridge ${version}: they go together.`);

for (const { file, pattern, write } of PLACES) {
  const path = join(BRIDGE, 'addon', 'maquette', file);
  const text = readFileSync(path, 'utf8');
  const found = [...text.matchAll(pattern)];
  const [match] = found;
  if (match === undefined || found.length > 1) {
    fail(`${file} must name its version once, as ${pattern.source}.`);
    continue;
  }
  if (match[2] === write(version)) continue;
  if (values.check)
    fail(`${file} says version ${match[2]}, and package.json ${version}; run node scripts/sync-versions.ts.`);
  else
    writeFileSync(
      path,
      text.replace(pattern, (_, before: string) => before + write(version)),
    );
}

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}
