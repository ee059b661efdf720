import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the SDK package. */
export const SDK_FOLDER = join(import.meta.dirname, '..', 'packages', 'sdk');

/** One public entry of the SDK. */
export interface Entry {
  /** As it follows the package's name: `.`, `./jobs`. */
  readonly name: string;
  /** Below `src`. */
  readonly source: string;
  /** Neutral entries must run in an engine that has nothing but the language. */
  readonly platform: 'neutral' | 'node' | 'browser';
}

const ENTRY_TABLE: readonly Entry[] = [
  { name: '.', source: 'index.ts', platform: 'neutral' },
  { name: './provider', source: 'provider/index.ts', platform: 'neutral' },
  { name: './provider-kit', source: 'provider-kit/index.ts', platform: 'neutral' },
  { name: './providers/local', source: 'providers/local/index.ts', platform: 'neutral' },
  { name: './providers/404', source: 'providers/404/index.ts', platform: 'neutral' },
  { name: './jobs', source: 'jobs/index.ts', platform: 'neutral' },
  { name: './mesh', source: 'mesh/index.ts', platform: 'neutral' },
  { name: './pipeline', source: 'pipeline/index.ts', platform: 'neutral' },
  { name: './protocol', source: 'protocol/index.ts', platform: 'neutral' },
  { name: './testing', source: 'testing/index.ts', platform: 'neutral' },
  { name: './puerts', source: 'puerts.ts', platform: 'neutral' },
  { name: './node', source: 'node.ts', platform: 'node' },
  { name: './service', source: 'service.ts', platform: 'node' },
  { name: './browser', source: 'browser.ts', platform: 'browser' },
];

/** The entries whose source file exists: an entry is opened on the day something uses it. */
export const ENTRIES = ENTRY_TABLE.filter((entry) => existsSync(join(SDK_FOLDER, 'src', entry.source)));

/** Path of an entry's bundle below `dist`, without the extension: `.` is `index`, `./jobs` is `jobs`. */
export function bundleName(name: string): string {
  return name === '.' ? 'index' : name.slice(2);
}
