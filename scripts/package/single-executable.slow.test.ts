import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addOnVersion, selfContainedAddOn } from './add-on.ts';
import { TARGETS } from './targets.ts';

const target = TARGETS.find(({ node }) => node.platform === `${process.platform}-${process.arch}`);
const folder = mkdtempSync(join(tmpdir(), 'maquette-executable-'));
const started: ChildProcess[] = [];

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('the add-on with a program of its own', () => {
  it('makes an asset without a Node on the computer', async (context) => {
    if (target === undefined) return context.skip(`No program is made for ${process.platform} on ${process.arch}.`);
    const entries = await selfContainedAddOn(target);
    for (const { name, bytes, isExecutable } of entries) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes, { mode: isExecutable ? 0o755 : 0o644 });
    }
    const program = join(folder, 'maquette', `maquette-helper${process.platform === 'win32' ? '.exe' : ''}`);
    const env = { PATH: '/nowhere', MAQUETTE_HOME: join(folder, 'home') };
    expect(execFileSync(program, ['--version'], { env, encoding: 'utf8' })).toBe(`${addOnVersion()}\n`);

    const child = spawn(program, ['serve', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(child);
    const [line] = await once(child.stdout, 'data');
    const { url, token } = JSON.parse(String(line));
    const socket = new WebSocket(`${url.replace('http', 'ws')}/rpc`, ['maquette.v1', `token.${token}`]);
    await once(socket, 'open');
    const ask = async (method: string, params: object) => {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: method, method, params }));
      for (;;) {
        const [{ data }] = await once(socket, 'message');
        const message = JSON.parse(String(data));
        if (message.id === method) return message.result;
      }
    };
    const client = { name: 'test', version: '1', kind: 'tool', instance: 'test-test', label: 'Test', capabilities: [] };
    await ask('peer/hello', { protocol: { major: 1, minor: 0 }, client });
    let { job } = await ask('job/create', { prompt: 'a wooden chair', profile: 'blender', levels: 2 });
    while (job.state === 'queued' || job.state === 'running') {
      await new Promise((resolve) => setTimeout(resolve, 100));
      ({ job } = await ask('job/get', { job: job.job }));
    }
    // processed by its worker thread, which has nothing but the program's own text
    expect(job).toMatchObject({ state: 'succeeded', provider: 'local' });
    expect(existsSync(join(job.folder, 'lod1.glb'))).toBe(true);
    socket.close();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
