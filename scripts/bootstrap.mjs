/**
 * First step of every `npm run` script: makes sure that the pinned tools are there, builds what is stale, and goes on
 * under the pinned Node.
 *
 * Plain JavaScript without dependencies, because nothing is installed yet when it first runs, under any Node from 20.
 * A warm start reads the package.json files and the times of the sources and starts no process: npm puts
 * `node_modules/.bin` first on PATH, so this script already runs under the pinned Node and loads the task into itself.
 */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CACHE, ROOT, SentenceError } from './bootstrap/common.mjs';

const MINIMUM_NODE = 20;

/** What can be asked for: the module that does it, and whether it needs the bundles before it is loaded. */
const TASKS = new Map([
  ['maquette', { module: 'packages/sdk/dist/cli/main.js', needsBuild: true }],
  ['build', { module: 'scripts/build.ts', needsBuild: false }],
  ['check', { module: 'scripts/check.ts', needsBuild: false }],
  ['test', { module: 'scripts/test.ts', needsBuild: false }],
  ['package', { module: 'scripts/package.ts', needsBuild: false }],
  ['bench', { module: 'benchmarks/run.ts', needsBuild: true }],
]);

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SentenceError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** @param {string[]} args */
async function main([taskName = '', ...args]) {
  if (Number.parseInt(process.versions.node, 10) < MINIMUM_NODE) {
    throw new SentenceError(`Maquette needs Node.js ${MINIMUM_NODE} or newer; this is ${process.version}.`);
  }
  const task = TASKS.get(taskName);
  if (task === undefined) {
    throw new SentenceError(`There is no task "${taskName}"; the tasks are ${[...TASKS.keys()].join(', ')}.`);
  }
  const { installIsFresh, pinnedNode } = await import('./bootstrap/pinned.mjs');
  if (!installIsFresh()) {
    const { install } = await import('./bootstrap/install.mjs');
    await install();
  }
  const node = pinnedNode();
  if (node !== realpathSync(process.execPath)) {
    process.exitCode = await runUnder(node, [taskName, ...args]);
    return;
  }
  if (task.needsBuild) {
    const { buildIfStale } = await import('./bootstrap/build-if-stale.mjs');
    await buildIfStale();
  }
  const { collapseRepeatedSignals } = await import('./bootstrap/signals.mjs');
  collapseRepeatedSignals();
  await runHere(join(ROOT, task.module), args);
}

/**
 * Loads a module into this process, as if it had been started by itself.
 *
 * @param {string} module
 * @param {readonly string[]} args
 */
async function runHere(module, args) {
  if (!existsSync(module)) throw new SentenceError(`${module} is missing: this checkout is not complete.`);
  process.argv.splice(1, Number.POSITIVE_INFINITY, module, ...args);
  const { enableCompileCache } = await import('node:module');
  enableCompileCache(join(CACHE, 'compiled'));
  await import(pathToFileURL(module).href);
}

/**
 * Starts this script again under another Node and waits for it.
 *
 * @param {string} node
 * @param {readonly string[]} args
 * @returns {Promise<number>} Exit status.
 */
async function runUnder(node, args) {
  const { forwardSignals } = await import('./bootstrap/signals.mjs');
  const child = spawn(node, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
  const stopForwarding = forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(new SentenceError(`The pinned Node.js cannot be started on this system: ${error.message}.`));
    });
    child.on('exit', (code, signal) => {
      stopForwarding();
      if (signal !== null) process.kill(process.pid, signal);
      resolve(code ?? 1);
    });
  });
}
