import type { Counts } from './counts.ts';
import { runCheckSuite } from './run-check-suite.ts';
import { runExamples } from './run-examples.ts';
import { runVitest } from './run-vitest.ts';
import type { SystemPackage } from './system-packages.ts';

/** Programs of the system that tests start. */
const DBUS: SystemPackage = { command: 'dbus-run-session', debian: 'dbus', purpose: 'a message bus of its own' };
const KEYRING: SystemPackage = {
  command: 'gnome-keyring-daemon',
  debian: 'gnome-keyring',
  purpose: 'a key store to store keys in',
};
const OPENSSL: SystemPackage = { command: 'openssl', debian: 'openssl', purpose: 'a certificate authority of its own' };
const MMDEBSTRAP: SystemPackage = {
  command: 'mmdebstrap',
  debian: 'mmdebstrap',
  purpose: 'the systems that hold Blenders of other Debian releases',
};
const XVFB: SystemPackage = {
  command: 'Xvfb',
  debian: 'xvfb',
  alongside: ['libgl1-mesa-dri'],
  purpose: 'a screen that nobody sees',
};
const IMAGE_MAGICK: SystemPackage = {
  command: 'import',
  debian: 'imagemagick',
  purpose: 'pictures of that screen',
};
const PYTHON: SystemPackage = { command: 'python3', debian: 'python3', purpose: 'the tests that are written in it' };

/** One part of `npm test`. */
export interface Suite {
  readonly name: string;
  readonly needs: readonly SystemPackage[];
  /** Runs only where it is named: it needs what not everybody has. */
  readonly isByNameOnly?: boolean;
  run(): Promise<Counts>;
}

/** In the order they run: what fails fast comes first. */
export const SUITES: readonly Suite[] = [
  { name: 'check', needs: [], run: runCheckSuite },
  { name: 'unit', needs: [DBUS, KEYRING, OPENSSL], run: () => runVitest(['unit', 'slow', 'command', 'service']) },
  { name: 'neutral', needs: [], run: () => runVitest(['neutral']) },
  { name: 'gateway', needs: [], run: () => runVitest(['gateway']) },
  { name: 'kill', needs: [], run: () => runVitest(['kill']) },
  { name: 'examples', needs: [], run: runExamples },
  {
    name: 'blender',
    needs: [MMDEBSTRAP, XVFB, IMAGE_MAGICK, PYTHON, DBUS, KEYRING],
    run: () => runVitest(['blender']),
  },
  { name: 'live', needs: [], isByNameOnly: true, run: () => runVitest(['live']) },
];

/** Names that are promised and have nothing behind them yet. */
const RESERVED = ['lua', 'unity', 'panel', 'puerts'];

/** A choice of suites that cannot be made. */
export class SuiteUsageError extends Error {}

/**
 * Which suites to run.
 *
 * @param only - Names to run, comma separated; undefined for all.
 * @param without - Names to leave out, comma separated.
 */
export function chooseSuites(only: string | undefined, without: string | undefined): readonly Suite[] {
  const wanted =
    only === undefined
      ? SUITES.filter((suite) => suite.isByNameOnly !== true).map(({ name }) => name)
      : parseNames(only);
  const unwanted = without === undefined ? [] : parseNames(without);
  const missing = only === undefined ? undefined : wanted.find((name) => RESERVED.includes(name));
  if (missing !== undefined) throw new SuiteUsageError(`The suite "${missing}" does not exist yet in this version.`);
  const chosen = SUITES.filter(({ name }) => wanted.includes(name) && !unwanted.includes(name));
  if (chosen.length === 0) throw new SuiteUsageError('No suite is left to run.');
  return chosen;
}

function parseNames(list: string): readonly string[] {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const known = SUITES.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name) && !RESERVED.includes(name));
  if (unknown === undefined) return names;
  throw new SuiteUsageError(`There is no suite "${unknown.slice(0, 60)}"; the suites are ${known.join(', ')}.`);
}
