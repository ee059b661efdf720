import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CACHE, ROOT, SentenceError } from './common.mjs';
import { explainFailure } from './explain.mjs';
import { withLock } from './lock.mjs';
import { installIsFresh, noteInstalled } from './pinned.mjs';
import { forwardSignals } from './signals.mjs';

/**
 * Makes the installer act where it would ask, tell what went wrong even under `npm run -s`, and give up on a dead
 * network after seconds instead of minutes. npm reads the first spelling, pnpm the second.
 */
const INSTALL_ENVIRONMENT = {
  CI: 'true',
  npm_config_loglevel: 'warn',
  npm_config_fetch_retries: '2',
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_fetch_retry_maxtimeout: '4000',
  pnpm_config_fetch_retries: '2',
  pnpm_config_fetch_retry_mintimeout: '1000',
  pnpm_config_fetch_retry_maxtimeout: '4000',
};

/** Brings node_modules up to the lockfile, one process at a time. Prints one line; more only if the cause is unknown. */
export async function install() {
  await withLock('install', async () => {
    if (installIsFresh()) return; // somebody else did it while we waited
    const isFirst = !existsSync(join(ROOT, 'node_modules'));
    process.stderr.write(isFirst ? 'Installing (first run only) …\n' : 'Installing what changed …\n');
    const { code, signal, output } = await runPnpm(['install', '--frozen-lockfile']);
    if (signal !== null)
      throw new SentenceError(`The installation was stopped by ${signal}; run the command again to finish it.`);
    if (code !== 0) throw new SentenceError(explainFailure(output));
    noteInstalled();
  });
}

/**
 * Runs the pinned pnpm at the top of the checkout. What it prints goes to a log.
 *
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, signal: NodeJS.Signals | null, output: string }>}
 */
export async function runPnpm(args) {
  const pnpm = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).packageManager;
  const [command, prefix, shell] = findNpx();
  mkdirSync(CACHE, { recursive: true });
  const log = createWriteStream(join(CACHE, 'install.log'));
  // --yes on the command line: a user's .npmrc may say no
  const child = spawn(command, [...prefix, '--yes', pnpm, ...args], {
    cwd: ROOT,
    shell,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...INSTALL_ENVIRONMENT },
  });
  const stopForwarding = forwardSignals(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      output = (output + text).slice(-200_000);
      log.write(text);
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => {
      output += `npx cannot be started: ${error.message}`;
      resolve({ code: 1, signal: null, output });
    });
    child.on('close', (code, signal) => {
      stopForwarding();
      log.end();
      resolve({ code: code ?? 1, signal, output });
    });
  });
}

/**
 * npx as a command with leading arguments. Under `npm run` npm says where it is; its npx lies beside it.
 *
 * @returns {[command: string, prefix: string[], shell: boolean]}
 */
function findNpx() {
  const npm = process.env.npm_execpath;
  const script = npm === undefined ? '' : join(dirname(npm), 'npx-cli.js');
  if (existsSync(script)) return [process.execPath, [script], false];
  return process.platform === 'win32' ? ['npx.cmd', [], true] : ['npx', [], false];
}
