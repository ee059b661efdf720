import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleHelper } from '../../../scripts/package/bundle-helper.ts';

let folder: string;
let home: string;
const started: ChildProcessWithoutNullStreams[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maquette-helper-'));
  await mkdir(join(folder, 'alone'));
  await writeFile(join(folder, 'alone', 'helper.mjs'), (await bundleHelper('module')).code);
});

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

beforeEach(async () => {
  home = await mkdtemp(join(folder, 'home-'));
});

afterEach(async () => {
  await Promise.all(started.splice(0).map(end));
});

interface Listening {
  readonly type: 'listening';
  readonly url: string;
  readonly token: string;
  readonly panel: string;
}

interface Helper {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has written so far. */
  readonly output: { stdout: string; stderr: string };
  /** Its first line. */
  readonly line: Promise<string>;
}

/** Nothing of whoever runs the tests gets in: no session bus, no proxies, no keys. */
function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, MAQUETTE_HOME: home, ...more };
}

function start(args: readonly string[], env = environment()): Helper {
  const child = spawn(process.execPath, [join(folder, 'alone', 'helper.mjs'), ...args], { env });
  started.push(child);
  const output = { stdout: '', stderr: '' };
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
      if (output.stdout.includes('\n')) resolve(output.stdout.split('\n', 1)[0] ?? '');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    child.on('close', () => reject(new Error(`It ended without a line: ${output.stderr}`)));
  });
  line.catch(() => undefined); // not every test looks at it
  return { child, output, line };
}

async function end(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'close');
}

async function finish(args: readonly string[], env = environment()) {
  const { child, output } = start(args, env);
  await once(child, 'close');
  return { status: child.exitCode, ...output };
}

/** A client that has said hello. */
async function connect({ url, token }: Listening) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/rpc`, ['maquette.v1', `token.${token}`]);
  const waiting = new Map<number, (answer: { result?: unknown; error?: unknown }) => void>();
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data));
    waiting.get(message.id)?.(message);
  });
  await once(socket, 'open');
  let last = 0;
  // biome-ignore lint/suspicious/noExplicitAny: what comes is looked at by the tests
  const ask = (method: string, params: object): Promise<{ result?: any; error?: any }> => {
    const id = ++last;
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return new Promise((resolve) => waiting.set(id, resolve));
  };
  const client = { name: 'test', version: '1', kind: 'tool', instance: 'test-test', label: 'Test', capabilities: [] };
  const { result } = await ask('peer/hello', { protocol: { major: 1, minor: 0 }, client });
  expect(result.service.home).toBe(home);
  return { ask, close: () => socket.close() };
}

describe('the helper, alone in its folder', () => {
  it('prints one line, makes an asset, and prints nothing more until it is asked to end', async () => {
    const { child, output, line } = start(['serve', '--json']);
    const listening: Listening = JSON.parse(await line);
    expect(Object.keys(listening)).toEqual(['type', 'url', 'token', 'panel']);
    expect(listening.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { ask, close } = await connect(listening);
    const { result } = await ask('job/create', { prompt: 'a wooden chair', seed: 1, profile: 'blender', levels: 4 });
    const { job } = result.job;
    let view = result.job;
    while (view.state === 'queued' || view.state === 'running') {
      await new Promise((resolve) => setTimeout(resolve, 50));
      view = (await ask('job/get', { job })).result.job;
    }
    expect(view).toMatchObject({ state: 'succeeded', provider: 'local', output: 'mesh' });
    const files = await readdir(view.folder);
    for (const name of ['manifest.json', 'raw.glb', 'lod0.glb', 'lod3.glb', 'thumbnail.png'])
      expect(files).toContain(name);
    close();
    child.kill('SIGTERM');
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
    expect(output.stdout.split('\n')).toEqual([JSON.stringify(listening), '']);
    expect(output.stderr).toBe('');
    expect(existsSync(join(home, 'service.json'))).toBe(false);
  });

  it('prints the line of the service that runs, and ends', async () => {
    const first: Listening = JSON.parse(await start(['serve', '--json']).line);
    const second = await finish(['serve', '--json']);
    expect(second.status).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ type: 'listening', url: first.url, token: first.token });
  });

  it('goes on when whoever started it is gone, and nobody reads what it prints', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, process.argv.slice(1), { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
      child.stdout.once('data', (line) => { process.stdout.write(line); process.exit(); });`;
    const parent = spawn(process.execPath, ['-e', script, join(folder, 'alone', 'helper.mjs'), 'serve', '--json'], {
      env: environment(),
    });
    started.push(parent);
    let text = '';
    parent.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await once(parent, 'close');
    const { pid } = JSON.parse(readFileSync(join(home, 'service.json'), 'utf8'));
    try {
      const { ask, close } = await connect(JSON.parse(text));
      expect((await ask('job/list', {})).result).toMatchObject({ jobs: [] });
      close();
    } finally {
      process.kill(pid, 'SIGTERM');
    }
    while (existsSync(join(home, 'service.json'))) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('says in one line why it cannot start', async () => {
    const { status, stdout } = await finish(['serve', '--json'], environment({ MAQUETTE_PROVIDER: 'nobody' }));
    expect(status).toBe(1);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ type: 'error', code: 'INPUT_INVALID' });
    expect(told.message).toContain('"nobody"');
    expect(told.remedy).not.toBe('');
  });

  it('says that there is no key store where its library is missing', async () => {
    const listening: Listening = JSON.parse(await start(['serve', '--json']).line);
    const { ask, close } = await connect(listening);
    const { error } = await ask('key/set', { provider: '404', value: 'not a real key' });
    expect(error.data).toMatchObject({ code: 'UNSUPPORTED_ON_HOST' });
    expect(JSON.stringify(error)).not.toContain('not a real key');
    close();
  });

  it('tells its version, and how it is used', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(await finish(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
    const wrong = await finish(['serve']);
    expect(wrong.status).toBe(2);
    expect(wrong.stdout).toBe('');
    expect(wrong.stderr).toContain('serve --json');
  });
});
