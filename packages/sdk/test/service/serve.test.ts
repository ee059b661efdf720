import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRunningService } from '../../src/platform/node/service/service-file.ts';
import { createJob, getJob } from '../../src/protocol/messages/job.ts';
import { createSandbox, parseLines, type Running, type Sandbox, until } from '../command/sandbox.ts';
import { assertServes, connectClient } from './service-bench.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
});

afterEach(() => sandbox.remove());

interface Line {
  readonly url: string;
  readonly token: string;
  readonly panel: string;
}

async function serve(args: readonly string[] = []): Promise<{ running: Running; line: Line }> {
  const running = sandbox.start(['serve', '--json', ...args]);
  const line = await running.lineWith(({ type }) => type === 'listening');
  return { running, line: line as unknown as Line };
}

describe('maquette serve', () => {
  it('prints one line once it can be used, serves, and ends when it is asked to', async () => {
    const { running, line } = await serve();
    expect(Object.keys(line)).toEqual(['type', 'url', 'token', 'panel']);
    expect(line.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(line.panel).toMatch(new RegExp(`^${line.url}/#[\\w-]{43}$`));
    await assertServes(line);
    running.child.kill('SIGTERM');
    expect(await running.finished).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(sandbox.home, 'service.json'))).toBe(false);
  });

  it('prints the line of the one that runs, and ends at once', async () => {
    const { line } = await serve();
    const second = await sandbox.run(['serve', '--json']);
    expect(second.status).toBe(0);
    const [found, ...rest] = parseLines(second.stdout);
    expect(rest).toEqual([]);
    expect(found).toMatchObject({ type: 'listening', url: line.url, token: line.token });
    expect(found?.panel).not.toBe(line.panel);
    const person = await sandbox.run(['serve']);
    expect(person.stdout).toContain(`The service runs already, on ${line.url}`);
    expect(person.stdout).not.toContain(line.token);
    const wrongPort = await sandbox.run(['serve', '--port', line.url.endsWith(':4000') ? '4001' : '4000']);
    expect(wrongPort.status).toBe(1);
    expect(wrongPort.stderr).toContain(line.url);
    await assertServes(line);
  });

  it('starts one service when several processes begin at once', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => serve()));
    expect(new Set(all.map(({ line }) => `${line.url} ${line.token}`)).size).toBe(1);
    const holder = await findRunningService(sandbox.home);
    for (const { running } of all) {
      if (running.pid !== holder?.pid) expect((await running.finished).status).toBe(0);
    }
    await assertServes(all[0]?.line as Line);
  });

  it('starts after the one before was killed', async () => {
    const first = await serve();
    first.running.child.kill('SIGKILL');
    await first.running.finished;
    expect(existsSync(join(sandbox.home, 'service.json'))).toBe(true);
    expect(await findRunningService(sandbox.home)).toBeNull();
    const second = await serve();
    expect(second.line.token).not.toBe(first.line.token);
    await assertServes(second.line);
  });

  it('finishes in the next service what was begun in one that was killed; the command line sees the same jobs', async () => {
    const first = await serve();
    const peer = await connectClient(first.line);
    const { job } = await peer.request(createJob, { prompt: 'a wooden chair' });
    first.running.child.kill('SIGKILL');
    await first.running.finished;
    const second = await serve();
    const client = await connectClient(second.line);
    const view = await until(async () => {
      const { job: now } = await client.request(getJob, { job: job.job });
      return now.state === 'succeeded' ? now : null;
    });
    expect(existsSync(join(view.folder as string, 'lod3.glb'))).toBe(true);
    const other = await client.request(createJob, { prompt: 'a wooden chair' });
    expect(other.job.folder).toBeUndefined();
    const jobs = parseLines((await sandbox.run(['jobs', 'list', '--json'])).stdout);
    expect(jobs.map(({ job: id, prompt }) => [id, prompt])).toEqual([
      [other.job.job, 'a wooden chair'],
      [job.job, 'a wooden chair'],
    ]);
  });

  it('opens the link with the program of the system, as one argument', async () => {
    const programs = join(sandbox.folder, 'programs');
    const told = join(sandbox.folder, 'told');
    mkdirSync(programs);
    const program = join(programs, process.platform === 'darwin' ? 'open' : 'xdg-open');
    writeFileSync(program, `#!/bin/sh\nprintf '%s|' "$#" "$1" > '${told}'\n`);
    chmodSync(program, 0o755);
    const running = sandbox.start(['serve', '--json', '--open'], {
      env: { PATH: `${programs}:${process.env.PATH}` },
    });
    const line = await running.lineWith(({ type }) => type === 'listening');
    await until(() => existsSync(told) && readFileSync(told, 'utf8') !== '');
    expect(readFileSync(told, 'utf8')).toBe(`1|${line.panel}|`);
  });

  it('is called without arguments', async () => {
    for (const args of [
      ['serve', 'now'],
      ['serve', '--port', '70000'],
      ['serve', '--port', 'x'],
    ]) {
      expect((await sandbox.run(args)).status).toBe(2);
    }
    const wrong = await sandbox.run(['serve'], { env: { MAQUETTE_PROVIDER: 'nobody' } });
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('MAQUETTE_PROVIDER')]);
  });
});
