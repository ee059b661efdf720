import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, parseLines, type Running, type Sandbox } from './sandbox.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const OWN_KEY = '3f1c2b7a-0a5e-4c8e-9a3d-5d3c1f2e4b6a';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(async () => {
  await sandbox.remove();
});

interface Listening {
  readonly url: string;
  readonly key?: string;
  readonly genericKey: string;
}

async function listening(running: Running): Promise<Listening> {
  return (await running.lineWith(({ type }) => type === 'listening')) as unknown as Listening;
}

async function addTask(url: string, key: string, prompt = 'robot'): Promise<Response> {
  return fetch(`${url}/add_task`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt }),
  });
}

describe('maquette stand-in 404', () => {
  it('listens, says where in one line, takes its keys and ends cleanly', async () => {
    const running = sandbox.start(['stand-in', '404', '--json']);
    const { url, key = '', genericKey } = await listening(running);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect([key, genericKey]).toEqual([expect.stringMatching(UUID), expect.stringMatching(UUID)]);
    expect((await addTask(url, key)).status).toBe(200);
    expect((await addTask(url, key)).status).toBe(429);
    expect((await addTask(url, genericKey)).status).toBe(200);
    running.child.kill('SIGTERM');
    const { status, stdout, stderr } = await running.finished;
    expect({ status, stderr, lines: parseLines(stdout).length }).toEqual({ status: 0, stderr: '', lines: 1 });
    expect(sandbox.names()).toEqual([]);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('tells a person what to type, and ends with 130 on Ctrl-C', async () => {
    const running = sandbox.start(['stand-in', '404']);
    const { stdout } = running.child;
    let text = '';
    await new Promise<void>((resolve) => {
      stdout.on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('MAQUETTE_404_KEY=')) resolve();
      });
    });
    running.child.kill('SIGINT');
    const finished = await running.finished;
    expect(finished.status).toBe(130);
    expect(finished.stdout).toMatch(
      /export MAQUETTE_404_URL=http:\/\/127\.0\.0\.1:\d+ MAQUETTE_404_KEY=[0-9a-f-]{36}\n/,
    );
    expect(finished.stdout).toMatch(/maquette generate "mossy stone lantern" --provider 404\n/);
  });

  it('takes a key of the environment and does not show it', async () => {
    const running = sandbox.start(['stand-in', '404', '--json'], { env: { MAQUETTE_404_KEY: OWN_KEY } });
    const said = await listening(running);
    expect(said).not.toHaveProperty('key');
    expect((await addTask(said.url, OWN_KEY)).status).toBe(200);
    running.child.kill('SIGTERM');
    const { stdout, stderr } = await running.finished;
    expect(stdout + stderr).not.toContain(OWN_KEY);
  });

  it('with --speed and --limits off a hundred tasks of any key are done at once, with real files', async () => {
    const running = sandbox.start(['stand-in', '404', '--json', '--speed', '1000', '--limits', 'off']);
    const { url } = await listening(running);
    const answers = await Promise.all(Array.from({ length: 100 }, () => addTask(url, OWN_KEY)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { id } = (await (answers[99] as Response).json()) as { id: string };
    for (;;) {
      const { status } = (await (await fetch(`${url}/get_status?id=${id}`)).json()) as { status: string };
      if (status === 'Success') break;
    }
    const result = await fetch(`${url}/get_result?id=${id}`, { headers: { 'x-api-key': OWN_KEY } });
    const bytes = new Uint8Array(await result.arrayBuffer());
    expect([...bytes.subarray(0, 4)]).toEqual([0x28, 0xb5, 0x2f, 0xfd]);
  });

  it('refuses what it cannot do as wrong usage', async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [[], /needs the name of a service; there is one for 404/],
      [['meshy'], /no stand-in for "meshy"; there is one for 404/],
      [['404', 'more'], /one name/],
      [['404', '--port', '70000'], /--port must be a whole number from 0 to 65535/],
      [['404', '--speed', '0'], /--speed must be a number above 0/],
      [['404', '--speed', 'fast'], /--speed must be a number/],
      [['404', '--limits', 'on'], /--limits must be one of off/],
    ];
    const ends = await Promise.all(wrong.map(([args]) => sandbox.run(['stand-in', ...args, '--json'])));
    for (const [index, { status, stdout }] of ends.entries()) {
      expect(status).toBe(2);
      const message = expect.stringMatching((wrong[index] as readonly [unknown, RegExp])[1]);
      expect(parseLines(stdout)).toEqual([
        { type: 'result', job: null, state: 'failed', code: 'INPUT_INVALID', message },
      ]);
    }
  });

  it('fails with a sentence where the port is taken', async () => {
    const first = sandbox.start(['stand-in', '404', '--json']);
    const port = new URL((await listening(first)).url).port;
    const { status, stderr } = await sandbox.run(['stand-in', '404', '--port', port]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Port \d+ cannot be listened on \(EADDRINUSE\)\. \[INPUT_INVALID\]/);
  });
});
