import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SdkError } from '../../foundation/errors.ts';
import { hostContract } from '../../testing/host-contract.ts';
import { type ContractServer, startContractServer } from '../web/contract-server.test-kit.ts';
import type { KeyStore } from './key-store.ts';
import { createNodeHost } from './node-host.ts';

const NO_KEY_STORE: KeyStore = {
  get: () => Promise.reject(new SdkError({ code: 'UNSUPPORTED_ON_HOST', message: 'There is none.' })),
  set: () => Promise.reject(new SdkError({ code: 'UNSUPPORTED_ON_HOST', message: 'There is none.' })),
  remove: () => Promise.reject(new SdkError({ code: 'UNSUPPORTED_ON_HOST', message: 'There is none.' })),
};

function keyStoreOf(values: Record<string, string>): KeyStore {
  return { ...NO_KEY_STORE, get: async (name) => values[name] ?? null };
}

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'maquette-home-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

describe('createNodeHost', () => {
  let server: ContractServer;

  beforeAll(async () => {
    server = await startContractServer();
  });
  afterAll(async () => {
    await server.close();
  });

  const suite = hostContract({
    create: async () => {
      const host = createNodeHost({ home, env: {}, keyStore: NO_KEY_STORE });
      return { host, close: () => host.close() };
    },
    origin: () => server.origin,
  });
  for (const { name, run } of suite) it(name, run);

  it('writes nothing before something is stored or logged', async () => {
    createNodeHost({ home: join(home, 'not-yet'), env: {}, keyStore: NO_KEY_STORE });
    expect(readdirSync(home)).toEqual([]);
  });
});

describe('credentials of createNodeHost', () => {
  let headers: IncomingHttpHeaders;
  let origin: string;
  const server = createServer((request, response) => {
    headers = request.headers;
    response.end();
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  const use = { name: '404', header: 'authorization', prefix: 'Bearer ' };
  const hostWith = (env: Record<string, string>, keyStore: KeyStore) =>
    createNodeHost({ home, env, keyStore, credentials: { '404': [origin] } });

  it('takes a key from the environment before the key store, and puts it into the header', async () => {
    const host = hostWith({ MAQUETTE_404_KEY: ' from-environment\n' }, keyStoreOf({ '404': 'from-store' }));
    expect(await host.credentialSource('404')).toBe('environment');
    await host.http({ method: 'GET', url: `${origin}/`, credential: use });
    expect(headers.authorization).toBe('Bearer from-environment');
    await host.close();
  });

  it('takes it from the key store where the environment has none', async () => {
    const host = hostWith({}, keyStoreOf({ '404': 'from-store' }));
    expect(await host.credentialSource('404')).toBe('key-store');
    expect(await host.hasCredential('404')).toBe(true);
    await host.http({ method: 'GET', url: `${origin}/`, credential: { name: '404', header: 'x-api-key' } });
    expect(headers['x-api-key']).toBe('from-store');
    await host.close();
  });

  it('refuses to send it anywhere else, and anything without it', async () => {
    const host = hostWith({ MAQUETTE_404_KEY: 'secret-value' }, NO_KEY_STORE);
    const elsewhere = `${origin.replace('127.0.0.1', 'localhost')}/`;
    const request = { method: 'GET', url: elsewhere, credential: use } as const;
    await expect(host.http(request)).rejects.toMatchObject({ code: 'URL_NOT_TRUSTED' });
    const none = hostWith({}, NO_KEY_STORE);
    expect(await none.hasCredential('404')).toBe(false);
    await expect(none.http({ ...request, url: `${origin}/` })).rejects.toMatchObject({
      code: 'CONFIG_MISSING',
      remedy: 'Store one with `maquette key set 404`, or set MAQUETTE_404_KEY.',
    });
    await host.close();
  });

  it('refuses a value that would break out of its header', async () => {
    const host = hostWith({ MAQUETTE_404_KEY: 'a\r\nx-evil: 1' }, NO_KEY_STORE);
    const failure = await host
      .http({ method: 'GET', url: `${origin}/`, credential: use })
      .catch((error: SdkError) => error);
    expect(failure).toMatchObject({ code: 'INPUT_INVALID' });
    expect(JSON.stringify(failure)).not.toContain('x-evil');
    await host.close();
  });

  it('keeps keys, and what looks like one, out of the log', async () => {
    const host = hostWith({ MAQUETTE_404_KEY: 'secret-value-1234' }, NO_KEY_STORE);
    await host.hasCredential('404');
    host.log({
      level: 'warn',
      event: 'answer-odd',
      message: 'The service echoed secret-value-1234 and Bearer abcdef123456.',
      data: {
        authorization: 'something',
        apiKey: 'something',
        list: ['x secret-value-1234', { url: 'https://a/?token=abc&x=1' }],
        count: 3,
      },
    });
    const text = await readFile(join(home, 'logs', 'maquette.log'), 'utf8');
    expect(text).not.toMatch(/secret-value|abcdef|something|token=abc/);
    expect(JSON.parse(text)).toMatchObject({ level: 'warn', event: 'answer-odd', data: { count: 3 } });
    await host.close();
  });
});
