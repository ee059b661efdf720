import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LocalService } from '../../src/platform/node/service/local-service.ts';
import { createBench, type ServiceBench } from './service-bench.ts';

let bench: ServiceBench;
let service: LocalService;

beforeAll(async () => {
  bench = await createBench();
  service = await bench.start();
});

afterAll(() => bench.remove());

/** What a browser keeps between two visits of one tab. */
type Storage = Map<string, string>;

/** Runs the page's script as a browser would, with real requests that carry the page's origin. */
async function visit(hash: string, storage: Storage): Promise<{ status: string; visible: string[] }> {
  const script = await (await fetch(`${service.url}/panel.js`)).text();
  const status = { textContent: 'Connecting …' };
  const address = new URL(`${service.url}/${hash}`);
  const visible: string[] = [];
  const sockets: WebSocket[] = [];
  class PageSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { origin: service.url });
      sockets.push(this);
    }
  }
  const page = {
    document: { getElementById: (id: string) => (id === 'status' ? status : null) },
    location: address,
    history: { replaceState: (_state: unknown, _title: string, path: string) => visible.push(path) },
    sessionStorage: {
      getItem: (name: string) => storage.get(name) ?? null,
      setItem: (name: string, value: string) => storage.set(name, value),
    },
    fetch: (path: string, options: RequestInit) =>
      fetch(new URL(path, service.url), { ...options, headers: { ...options.headers, Origin: service.url } }),
    WebSocket: PageSocket,
  };
  const run = new Function(...Object.keys(page), `return (async () => {${script}})();`) as (
    ...values: unknown[]
  ) => Promise<void>;
  await run(...Object.values(page));
  for (let look = 0; look < 200 && status.textContent === 'Connecting …'; look += 1) await sleep(10);
  const shown = status.textContent;
  for (const socket of sockets) socket.close();
  return { status: shown, visible };
}

describe('the page behind the link to the panel', () => {
  it('connects with the code of the link, which leaves the address, and goes on after a reload', async () => {
    const storage: Storage = new Map();
    const first = await visit(new URL(service.panel).hash, storage);
    expect(first).toEqual({ status: `Connected to version 1.2.3, process ${process.pid}.`, visible: ['/'] });
    expect([...storage.keys()]).toEqual(['token']);
    expect((await visit('', storage)).status).toMatch(/^Connected/);
  });

  it('says what to do with a link that was used, and without one', async () => {
    expect((await visit(new URL(service.panel).hash, new Map())).status).toContain('ask for a new one');
    expect((await visit('', new Map())).status).toContain('maquette serve --open');
  });
});
