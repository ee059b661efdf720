import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalService } from '../../src/platform/node/service/local-service.ts';
import { assertServes, createBench, dial, dialIn, portOf, type ServiceBench, sendRaw } from './service-bench.ts';

let bench: ServiceBench;
let service: LocalService;

beforeAll(async () => {
  bench = await createBench();
  service = await bench.start();
});

afterAll(() => bench.remove());

/** Status line and body of what a request that is written by hand gets. */
async function exchange(lines: readonly string[], body = ''): Promise<{ status: number; text: string; head: string }> {
  const { received } = sendRaw(service, `${lines.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`);
  const answer = await received;
  const end = answer.indexOf('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0),
    head: answer.slice(0, end),
    text: answer.slice(end + 4),
  };
}

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

describe('a web page of another origin', () => {
  const origins = ['https://example.com', 'http://localhost', 'http://127.0.0.1:1', 'null', ''];

  it.each(origins)('opens no WebSocket from "%s", even with the token', async (origin) => {
    for (const headers of [{ Authorization: `Bearer ${service.token}`, Origin: origin }, { Origin: origin }]) {
      const result = await dial(service, { headers });
      expect(result).toMatchObject({ status: 403, text: expect.stringContaining('other origins') });
    }
    await assertServes(service);
  });

  it('is refused as `http://localhost` with our own port, too', async () => {
    const headers = { Authorization: `Bearer ${service.token}`, Origin: `http://localhost:${portOf(service)}` };
    expect(await dial(service, { headers })).toMatchObject({ status: 403 });
  });

  it('gets nothing from a POST', async () => {
    const code = service.panel.split('#')[1];
    const answer = await fetch(`${service.url}/session`, {
      method: 'POST',
      headers: { Origin: 'https://example.com', 'Content-Type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    // and the code is still good for whom it was made
    const own = await fetch(`${service.url}/session`, {
      method: 'POST',
      headers: { Origin: service.url, 'Content-Type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    expect(own.status).toBe(200);
  });

  it.each(['cross-site', 'same-site'])(
    'gets nothing from a GET without Origin that the browser marks %s',
    async (site) => {
      const answer = await exchange([
        'GET / HTTP/1.1',
        `Host: 127.0.0.1:${portOf(service)}`,
        `Sec-Fetch-Site: ${site}`,
        'Sec-Fetch-Mode: no-cors',
      ]);
      expect(answer.status).toBe(403);
      expect(answer.text).not.toContain('<html');
    },
  );

  it('gets no permission from a preflight', async () => {
    const answer = await exchange([
      'OPTIONS /session HTTP/1.1',
      `Host: 127.0.0.1:${portOf(service)}`,
      'Origin: https://example.com',
      'Access-Control-Request-Method: POST',
    ]);
    expect(answer.status).toBe(403);
    expect(answer.head).not.toMatch(/access-control/i);
  });
});

describe('a host name that was made to point here', () => {
  const hosts = ['evil.example', `evil.example:PORT`, 'localhost:PORT', '127.0.0.1', '127.0.0.1:1', '[::1]:PORT', ''];

  it.each(hosts)('is refused with the address to use: "%s"', async (host) => {
    const name = host.replace('PORT', String(portOf(service)));
    const plain = await exchange(['GET / HTTP/1.1', `Host: ${name}`]);
    expect(plain.status).toBe(421);
    expect(plain.text).toContain(service.url);
    const socket = await exchange([
      'GET /rpc HTTP/1.1',
      `Host: ${name}`,
      `Authorization: Bearer ${service.token}`,
      ...UPGRADE.slice(1),
    ]);
    expect(socket.status).toBeGreaterThanOrEqual(400);
    const upgrade = await dial(service, { headers: { Authorization: `Bearer ${service.token}`, Host: name || 'x' } });
    expect(upgrade).toMatchObject({ status: 421 });
    await assertServes(service);
  });

  it('is refused in the request line, too', async () => {
    const answer = await exchange(['GET http://evil.example/ HTTP/1.1', `Host: 127.0.0.1:${portOf(service)}`]);
    expect(answer.status).toBe(421);
  });

  it('is refused without any Host', async () => {
    const answer = await exchange(['GET / HTTP/1.0']);
    expect(answer.status).toBe(421);
    expect((await exchange(['GET / HTTP/1.1'])).status).toBe(400);
  });
});

describe('the token', () => {
  const WRONG: readonly [string, (token: string) => Record<string, string>][] = [
    ['none', () => ({})],
    ['an empty one', () => ({ Authorization: 'Bearer ' })],
    ['one of another launch', () => ({ Authorization: `Bearer ${'a'.repeat(43)}` })],
    [
      'one character changed',
      (token) => ({ Authorization: `Bearer ${token[0] === 'A' ? 'B' : 'A'}${token.slice(1)}` }),
    ],
    ['cut short', (token) => ({ Authorization: `Bearer ${token.slice(0, 42)}` })],
    ['another scheme', (token) => ({ Authorization: `Basic ${token}` })],
    ['a cookie', (token) => ({ Cookie: `token=${token}` })],
    ['a subprotocol of another name', (token) => ({ 'Sec-WebSocket-Protocol': `maquette.v1, tokens.${token}` })],
  ];

  it.each(WRONG)('is needed for the WebSocket: %s', async (_name, headersWith) => {
    const result = await dial(service, { headers: headersWith(service.token) });
    expect(result).toMatchObject({ status: 401, text: expect.stringMatching(/^The token|^A token/) });
    await assertServes(service);
  });

  it('is not taken from the query', async () => {
    const answer = await exchange([
      `GET /rpc?token=${service.token} HTTP/1.1`,
      `Host: 127.0.0.1:${portOf(service)}`,
      ...UPGRADE,
    ]);
    expect(answer.status).toBe(404);
  });

  it('is needed for a link to the panel', async () => {
    expect((await fetch(`${service.url}/panel/link`, { method: 'POST' })).status).toBe(401);
  });

  it('opens the WebSocket as a header, and from a browser as a subprotocol, which is not sent back', async () => {
    expect((await dialIn(service)).protocol).toBe('');
    const protocols = ['maquette.v1', `token.${service.token}`];
    const socket = await dialIn(service, { headers: { Origin: service.url }, protocols });
    expect(socket.protocol).toBe('maquette.v1');
    socket.close();
  });

  it('does not help who speaks another version of the protocol', async () => {
    const result = await dial(service, { headers: {}, protocols: ['maquette.v9', `token.${service.token}`] });
    expect(result).toMatchObject({ status: 400 });
  });

  it('is in no file but service.json, which only its owner can read', async () => {
    await assertServes(service);
    await dial(service, { headers: { Authorization: `Bearer ${service.token}x` } });
    await fetch(`${service.url}/asset/${service.token}`);
    await exchange([`GET /?token=${service.token} HTTP/1.1`, 'Host: elsewhere']);
    const names = readdirSync(bench.home, { recursive: true, encoding: 'utf8' });
    const holders = names.filter((name) => {
      const path = join(bench.home, name);
      return statSync(path).isFile() && readFileSync(path, 'latin1').includes(service.token);
    });
    expect(holders).toEqual(['service.json']);
    expect(names).toContain(join('logs', 'maquette.log'));
    expect(statSync(join(bench.home, 'service.json')).mode & 0o777).toBe(0o600);
  });
});

describe('a link to the panel', () => {
  const openSession = (code: unknown, headers: Record<string, string> = {}) =>
    fetch(`${service.url}/session`, {
      method: 'POST',
      headers: { Origin: service.url, 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ code }),
    });

  const newCode = async (): Promise<string> => {
    const answer = await fetch(`${service.url}/panel/link`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${service.token}` },
    });
    const { url } = (await answer.json()) as { url: string };
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/);
    return url.split('#')[1] as string;
  };

  it('opens a session once', async () => {
    const code = await newCode();
    const { token } = (await (await openSession(code)).json()) as { token: string };
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(token).not.toBe(service.token);
    await assertServes({ url: service.url, token });
    const second = await openSession(code);
    expect(second.status).toBe(401);
    expect(await second.text()).toContain('used');
  });

  it.each([['x'.repeat(43)], [''], [null], [7]])('opens nothing with the code %s', async (code) => {
    expect((await openSession(code)).status).toBe(401);
  });

  it('needs our own origin and JSON, of a bounded size', async () => {
    const code = await newCode();
    const noOrigin = await exchange(
      [
        'POST /session HTTP/1.1',
        `Host: 127.0.0.1:${portOf(service)}`,
        'Content-Type: application/json',
        'Content-Length: 57',
      ],
      JSON.stringify({ code }),
    );
    expect(noOrigin.status).toBe(403);
    expect((await openSession(code, { 'Content-Type': 'text/plain' })).status).toBe(415);
    expect((await openSession('x'.repeat(2000))).status).toBe(413);
    expect((await openSession(code)).status).toBe(200);
  });

  it('ends by itself', async () => {
    const other = await createBench();
    try {
      const short = await other.start({ limits: { panelLinkMs: 1 } });
      await new Promise((resolve) => setTimeout(resolve, 5));
      const answer = await fetch(`${short.url}/session`, {
        method: 'POST',
        headers: { Origin: short.url, 'Content-Type': 'application/json' },
        body: JSON.stringify({ code: short.panel.split('#')[1] }),
      });
      expect(answer.status).toBe(401);
    } finally {
      await other.remove();
    }
  });
});

describe('every answer', () => {
  it('comes with headers that leave a browser no room', async () => {
    for (const path of ['/', '/panel.js', '/nothing', '/rpc', `/asset/${'a'.repeat(43)}`]) {
      const { headers } = await fetch(`${service.url}${path}`);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('set-cookie')).toBeNull();
    }
  });

  it('has a status and a sentence for what is not there', async () => {
    const missing = await fetch(`${service.url}/../../etc/passwd`);
    expect([missing.status, await missing.text()]).toEqual([404, 'There is nothing at this address.\n']);
    const method = await fetch(`${service.url}/`, { method: 'DELETE' });
    expect([method.status, method.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const plain = await fetch(`${service.url}/rpc`);
    expect([plain.status, plain.headers.get('upgrade')]).toEqual([426, 'websocket']);
    const broken = await sendRaw(service, 'this is no HTTP\r\n\r\n').received;
    expect(broken).toMatch(/^HTTP\/1\.1 400 [\s\S]*The request is not proper HTTP\.\n$/);
  });

  it('is a page without scripts or styles of its own that says what this address is', async () => {
    const page = await (await fetch(service.url)).text();
    expect(page).toContain('local service of Maquette');
    expect(page).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=/);
    expect(await (await fetch(`${service.url}/panel.js`)).text()).toContain('history.replaceState');
  });
});
