import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGatewayStandIn } from '../../src/testing/index.ts';
import { createSandbox, type Finished, parseLines, type Sandbox } from '../command/sandbox.ts';
import { smallSplat } from '../kill/small-splat.ts';
import { findKey, findKeyInArguments, findKeyInFiles, keyForms } from './key-forms.ts';

const KEY = 'c0ffee42-1dea-4bad-9f00-5ca1ab1e0d0e';
const FORMS = keyForms(KEY);
const TASK = '7b0d3f86-0c6e-4c4b-8a57-2f1f6a8f8a01';

let sandbox: Sandbox;
let servers: Server[];

beforeEach(async () => {
  servers = [];
  sandbox = await createSandbox();
});
afterEach(async () => {
  await sandbox.remove();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server of strangers. */
async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => answer(request, response));
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs a command with the key, and finds it in nothing the command says, writes, or is called with. */
async function runWithKey(
  args: readonly string[],
  url: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const running = sandbox.start(args, { env: { MAQUETTE_404_URL: url, MAQUETTE_404_KEY: KEY, ...env } });
  const seen: string[] = [];
  const watch = setInterval(() => seen.push(...findKeyInArguments(FORMS)), 100);
  const finished = await running.finished;
  clearInterval(watch);
  expect(seen).toEqual([]);
  expectNowhere(finished);
  return finished;
}

function expectNowhere({ stdout, stderr }: Finished): void {
  expect(findKey(FORMS, Buffer.from(stdout + stderr)), stdout + stderr).toEqual([]);
  expect(findKeyInFiles(FORMS, sandbox.folder)).toEqual([]);
  if (existsSync(sandbox.home)) expect(findKeyInFiles(FORMS, sandbox.home)).toEqual([]);
}

const ORDER = ['generate', 'a brass lantern', '--provider', '404', '--levels', '1', '--json'];
const LOOKS = [['jobs', 'list', '--json'], ['jobs', 'list'], ['doctor'], ['key', 'list'], ['providers', '--json']];

describe('the key', () => {
  it('would be found in any of its forms', async () => {
    for (const [name, form] of FORMS) {
      await writeFile(join(sandbox.folder, 'leak'), Buffer.concat([Buffer.from('abc '), form, Buffer.from('!')]));
      expect(findKeyInFiles(FORMS, sandbox.folder)).toContain(`leak: ${name}`);
    }
    const child = sandbox.start(['jobs', 'show', KEY]);
    expect(findKeyInArguments(FORMS)).toContain(String(child.pid));
    await child.finished;
  });

  it('is in nothing that a success or a failure leaves, and reaches the gateway alone', async () => {
    const proxied: string[] = [];
    const proxy = await listen((request, response) => {
      proxied.push(request.url ?? '');
      response.writeHead(502).end();
    });
    const running = await startGatewayStandIn({
      accounts: [{ keys: [KEY] }],
      expectedResults: 1,
      results: ({ seed }) => smallSplat(seed),
    });
    running.gateway.scriptNext([{}], [{ outcome: 'failure', reason: `worker of ${KEY} ran out of memory` }]);
    try {
      const env = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
      expect(await runWithKey([...ORDER, '--out', 'one'], running.url, env)).toMatchObject({ status: 0 });
      const failed = await runWithKey([...ORDER, '--out', 'two'], running.url, env);
      expect(parseLines(failed.stdout).at(-1)).toMatchObject({ state: 'failed', code: 'OPERATION_FAILED' });
      for (const look of LOOKS) await runWithKey(look, running.url);
      const [job] = parseLines((await runWithKey(['jobs', 'list', '--json'], running.url)).stdout);
      await runWithKey(['jobs', 'show', String(job?.job), '--json'], running.url);
      expect(running.gateway.submissions).toEqual({ received: 2, accepted: 2 });
      expect(
        readdirSync(join(sandbox.home, 'logs')).length + readdirSync(join(sandbox.folder, 'one')).length,
      ).toBeGreaterThan(3);
      expect(proxied).toEqual([]);
    } finally {
      await running.close();
    }
  });

  it('that is wrong is told by nobody', async () => {
    const running = await startGatewayStandIn();
    try {
      const { status, stdout } = await runWithKey(ORDER, running.url);
      expect(status).toBe(1);
      expect(parseLines(stdout).at(-1)).toMatchObject({ code: 'AUTH_REJECTED' });
    } finally {
      await running.close();
    }
  });

  it('that cannot be sent is told by nobody', async () => {
    const url = await listen((_request, response) => response.writeHead(500).end());
    const { status } = await runWithKey(ORDER, url, { MAQUETTE_404_KEY: `${KEY}\n${KEY}` });
    expect(status).toBe(1);
  });

  it('that a server sends back, in whatever form, is taken out of what it said', async () => {
    const echoes = [...FORMS].filter(([name]) => name !== 'UTF-16').map(([, form]) => form.toString());
    const say = `In use: ${echoes.join(', ')}; (${echoes.join(')(')})`;
    const refusals = [
      `Bad request: ${say}`,
      JSON.stringify({ error: 'invalid_field', message: say, field: echoes[0] }),
    ];
    for (const body of refusals) {
      const refusing = await listen((_request, response) => {
        response.writeHead(400, { 'content-type': 'text/plain', 'x-echo': echoes }).end(body);
      });
      const { stdout } = await runWithKey(ORDER, refusing);
      const last = parseLines(stdout).at(-1);
      expect(last).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('In use: [redacted]') });
    }
    // taken in, and then talked about
    let count = 0;
    const talking = await listen((request, response) => {
      const [path] = (request.url ?? '').split('?');
      const word = count++ % 2 === 1 ? `Key ${echoes.join(' ')}` : 'Failure';
      const body = path === '/add_task' ? { id: TASK } : { status: word, reason: say };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    const { stdout } = await runWithKey(ORDER, talking);
    expect(parseLines(stdout).at(-1)).toMatchObject({ code: 'OPERATION_FAILED' });
    expect(count).toBe(3);
  });

  it('does not go where a redirect leads', async () => {
    const visits: string[] = [];
    const elsewhere = await listen((request, response) => {
      visits.push(`${request.url} ${JSON.stringify(request.headers)}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: TASK }));
    });
    const orderThrough = async (redirected: string, status: number): Promise<unknown> => {
      const gateway = await listen((request, response) => {
        const [path = ''] = (request.url ?? '').split('?');
        const body = path === '/add_task' ? { id: TASK } : { status: 'Success' };
        if (path === redirected) response.writeHead(status, { location: `${elsewhere}${request.url}` }).end();
        else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
      return parseLines((await runWithKey(ORDER, gateway)).stdout).at(-1);
    };
    const [ordered, posted, fetched] = await Promise.all([
      orderThrough('/add_task', 302),
      orderThrough('/add_task', 307),
      orderThrough('/get_result', 302),
    ]);
    expect(ordered).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(posted).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(fetched).toMatchObject({ code: 'PROVIDER_PROTOCOL' });
    expect(visits).toEqual([]);
  });
});
