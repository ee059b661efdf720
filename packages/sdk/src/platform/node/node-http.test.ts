import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { proxySettingsOf } from './node-http.ts';

const HOST_MODULE = fileURLToPath(new URL('./node-host.ts', import.meta.url));

/** Sends one request through a Host on Node and prints what came of it. */
const PROGRAM = `
const { createNodeHost } = await import(${JSON.stringify(HOST_MODULE)});
const host = createNodeHost({ home: process.env.MAQUETTE_HOME });
try {
  const response = await host.http({ method: 'GET', url: process.argv[1] });
  let text = '';
  for await (const chunk of response.body) text += Buffer.from(chunk).toString();
  console.log(JSON.stringify({ status: response.status, text }));
} catch (error) {
  console.log(JSON.stringify({ code: error.code, reason: error.details?.reason, message: error.message }));
}
await host.close();
`;

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env.CI) throw new Error('openssl is missing; on Debian: apt-get install openssl');
    process.stderr.write('Left out: tests of certificates and proxies, because openssl is missing.\n');
    return false;
  }
})();

describe('proxySettingsOf', () => {
  it('reads both spellings, the lower one first', () => {
    expect(proxySettingsOf({ HTTPS_PROXY: 'http://a', https_proxy: 'http://b', NO_PROXY: 'x' })).toEqual({
      httpProxy: '',
      httpsProxy: 'http://b',
      noProxy: 'x',
    });
  });
});

describe.runIf(hasOpenssl)('http of the Host on Node, in a process of its own', () => {
  let folder: string;
  let authority: string;
  let secure: Server;
  let proxy: Server;
  let connects: string[];

  const portOf = (server: Server): number => (server.address() as AddressInfo).port;
  const listen = (server: Server): Promise<void> =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  const request = async (url: string, env: Record<string, string>): Promise<Record<string, unknown>> => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM, url], {
      env: { PATH: process.env.PATH, MAQUETTE_HOME: folder, ...env },
    });
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'maquette-tls-'));
    authority = join(folder, 'authority.pem');
    const openssl = (...args: string[]): void => {
      execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
    };
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      'authority.key',
      '-out',
      authority,
      '-subj',
      '/CN=Test authority',
      '-days',
      '2',
    );
    openssl(
      'req',
      ...key,
      '-keyout',
      'server.key',
      '-out',
      'server.csr',
      '-subj',
      '/CN=assets.test',
      '-addext',
      'subjectAltName=DNS:assets.test,IP:127.0.0.1',
    );
    openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      authority,
      '-CAkey',
      'authority.key',
      '-CAcreateserial',
      '-out',
      'server.pem',
      '-days',
      '2',
      '-copy_extensions',
      'copy',
    );
    secure = createHttpsServer(
      { key: await readFile(join(folder, 'server.key')), cert: await readFile(join(folder, 'server.pem')) },
      (_request, response) => response.end('over TLS'),
    );
    proxy = createHttpServer((_request, response) => response.writeHead(501).end());
    proxy.on('connect', (incoming, socket, head) => {
      connects.push(incoming.url ?? '');
      // the name the client asks for exists nowhere: only a client that leaves looking it up to the proxy gets through
      const upstream = connect(portOf(secure), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [socket, upstream]) end.on('error', () => end.destroy());
    });
    await Promise.all([listen(secure), listen(proxy)]);
  });
  afterAll(async () => {
    for (const server of [secure, proxy]) {
      server.close();
      server.closeAllConnections();
    }
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    connects = [];
  });

  it('trusts the certificate authorities of NODE_EXTRA_CA_CERTS', async () => {
    const url = `https://127.0.0.1:${portOf(secure)}/`;
    expect(await request(url, { NODE_EXTRA_CA_CERTS: authority })).toEqual({ status: 200, text: 'over TLS' });
  });

  it('trusts no other, and says so', async () => {
    const failure = await request(`https://127.0.0.1:${portOf(secure)}/`, {});
    expect(failure).toMatchObject({ code: 'NETWORK_FAILED' });
    expect(failure.message).toContain('its certificate is not trusted');
  });

  it('goes through HTTPS_PROXY', async () => {
    const env = { NODE_EXTRA_CA_CERTS: authority, HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}` };
    expect(await request('https://assets.test/', env)).toEqual({ status: 200, text: 'over TLS' });
    expect(connects).toEqual(['assets.test:443']);
  });

  it('does not where NO_PROXY names the host', async () => {
    const env = { HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`, NO_PROXY: '.test' };
    expect(await request('https://assets.test/', env)).toMatchObject({ code: 'NETWORK_FAILED' });
    expect(connects).toEqual([]);
  });

  it('never sends requests to this very machine through a proxy', async () => {
    const env = { NODE_EXTRA_CA_CERTS: authority, HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}` };
    expect(await request(`https://127.0.0.1:${portOf(secure)}/`, env)).toEqual({ status: 200, text: 'over TLS' });
    expect(connects).toEqual([]);
  });

  it('reports a proxy that is not there', async () => {
    const failure = await request('https://assets.test/', { HTTPS_PROXY: 'http://127.0.0.1:9' });
    expect(failure).toMatchObject({ code: 'NETWORK_FAILED', reason: 'ECONNREFUSED' });
  });
});
