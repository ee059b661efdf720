import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJobDatabase } from '../../src/platform/node/job-database.ts';
import type { LocalService } from '../../src/platform/node/service/local-service.ts';
import { findRunningService } from '../../src/platform/node/service/service-file.ts';
import { createJob, getJob, jobEvent, subscribeJob } from '../../src/protocol/messages/job.ts';
import { serviceStopping } from '../../src/protocol/messages/service.ts';
import type { Peer } from '../../src/protocol/peer.ts';
import { createEchoProvider } from '../../src/testing/echo-provider.ts';
import { assertServes, connectClient, createBench, portOf, type ServiceBench } from './service-bench.ts';

const runFile = promisify(execFile);

let bench: ServiceBench;

beforeEach(async () => {
  bench = await createBench();
});

afterEach(() => bench.remove());

const slowEcho = (durationMs: number) => [createEchoProvider({ behaviour: { durationMs, pollAfterMs: 5 } })];

async function untilEnded(peer: Peer, job: string): Promise<string> {
  for (;;) {
    const { job: view } = await peer.request(getJob, { job });
    if (view.state !== 'queued' && view.state !== 'running') return view.state;
    await sleep(20);
  }
}

describe('starting', () => {
  it('gives everybody the same service, however many begin at once', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => bench.start()));
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(all.map(({ url, token }) => `${url} ${token}`)).size).toBe(1);
    expect(new Set(all.map(({ panel }) => panel)).size).toBe(5);
    for (const service of all) if (!service.isNew) await service.close();
    await assertServes(all[0] as LocalService);
  });

  it('keeps its lock while it runs, however often its own process asks for the service', async () => {
    await bench.start();
    const module = new URL('../../src/platform/node/service/start-lock.ts', import.meta.url).href;
    const script = `import { takeStartLock } from ${JSON.stringify(module)};
      process.stdout.write(takeStartLock(process.argv[1]) === null ? 'held' : 'free');`;
    const fromOutside = async (): Promise<string> =>
      (await runFile(process.execPath, ['--input-type=module', '--eval', script, bench.home])).stdout;
    expect(await fromOutside()).toBe('held');
    expect((await bench.start()).isNew).toBe(false);
    expect(await fromOutside()).toBe('held');
  });

  it('writes where it is found once it can be used, and removes it at the end', async () => {
    const service = await bench.start();
    const path = join(bench.home, 'service.json');
    const { startedAt, ...record } = JSON.parse(readFileSync(path, 'utf8'));
    expect(record).toEqual({ url: service.url, token: service.token, pid: process.pid, version: '1.2.3' });
    expect(Math.abs(Date.now() - startedAt)).toBeLessThan(60_000);
    expect(await findRunningService(bench.home)).toMatchObject({ url: service.url });
    await service.close('of a test');
    expect(existsSync(path)).toBe(false);
    expect(await service.ended).toBe('of a test');
    expect(await findRunningService(bench.home)).toBeNull();
    const next = await bench.start();
    expect(next.isNew).toBe(true);
    expect(next.token).not.toBe(service.token);
  });

  it('says where it runs when another port is asked for, and takes the same', async () => {
    const service = await bench.start();
    const port = portOf(service);
    expect((await bench.start({ port })).url).toBe(service.url);
    await expect(bench.start({ port: port === 4000 ? 4001 : 4000 })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(service.url),
    });
  });

  it('says which port is taken, and leaves nothing behind', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(bench.start({ port })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: `Port ${port} is used by another program.`,
    });
    other.close();
    expect((await bench.start({ port })).url).toBe(`http://127.0.0.1:${port}`);
  });

  it('believes no file that somebody left behind, and tells no stranger the token', async () => {
    const heard: string[] = [];
    const stranger = createServer((request, response) => {
      heard.push(JSON.stringify([request.url, request.rawHeaders]));
      response.end(JSON.stringify({ proof: 'a'.repeat(64), url: 'http://127.0.0.1:1/#x' }));
    });
    await bench.start().then((service) => service.close());
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as { port: number };
    const token = 'T'.repeat(43);
    const leftover = { url: `http://127.0.0.1:${port}`, token, pid: process.pid, version: '1', startedAt: 1 };
    writeFileSync(join(bench.home, 'service.json'), JSON.stringify(leftover), { mode: 0o600 });
    const service = await bench.start();
    expect(service).toMatchObject({ isNew: true });
    expect(service.token).not.toBe(token);
    expect(heard).toHaveLength(1);
    expect(heard[0]).not.toContain(token);
    await new Promise((resolve) => stranger.close(resolve));
    await assertServes(service);
  });

  it.each(['', '{', '[]', '{"url":"http://evil.example:80","token":"x"}', 'x'.repeat(10_000)])(
    'is not confused by a file that holds "%.20s"',
    async (text) => {
      await bench.start().then((service) => service.close());
      writeFileSync(join(bench.home, 'service.json'), text);
      await assertServes(await bench.start());
    },
  );
});

describe('ending', () => {
  it('comes by itself when nobody needs the service', async () => {
    const service = await bench.start({ idleMs: 50 });
    expect(await service.ended).toContain('nobody');
    expect(existsSync(join(bench.home, 'service.json'))).toBe(false);
  });

  it('leaves the next one alone that began after somebody had emptied the home folder', async () => {
    const first = await bench.start();
    rmSync(bench.home, { recursive: true });
    const second = await bench.start();
    expect(second).toMatchObject({ isNew: true });
    await first.close();
    expect(await findRunningService(bench.home)).toMatchObject({ url: second.url });
  });

  it('waits for the last client', async () => {
    const service = await bench.start({ idleMs: 1500 });
    const peer = await connectClient(service);
    await sleep(2000);
    await assertServes(service);
    peer.close();
    expect(await service.ended).toContain('nobody');
  });

  it('waits for the last job, though nobody is there', async () => {
    const service = await bench.start({ idleMs: 1500, providers: slowEcho(2500), defaultProvider: 'echo' });
    const peer = await connectClient(service);
    const { job } = await peer.request(createJob, { prompt: 'anything', levels: 1 });
    peer.close();
    expect(await service.ended).toContain('nobody');
    const next = await bench.start({ providers: slowEcho(400), defaultProvider: 'echo' });
    const { job: view } = await (await connectClient(next)).request(getJob, { job: job.job });
    expect(view.state).toBe('succeeded');
    expect(existsSync(join(view.folder as string, 'manifest.json'))).toBe(true);
  });

  it('is told to the clients, and leaves jobs for the next service', async () => {
    const providers = slowEcho(300);
    const first = await bench.start({ providers, defaultProvider: 'echo' });
    let reason = '';
    const peer = await connectClient(first, (client) => {
      client.take(serviceStopping, (params) => {
        reason = params.reason;
      });
    });
    const { job } = await peer.request(createJob, { prompt: 'anything', levels: 1 });
    await first.close('an update is being installed');
    await peer.closed;
    expect(reason).toBe('an update is being installed');
    const second = await bench.start({ providers, defaultProvider: 'echo' });
    expect(await untilEnded(await connectClient(second), job.job)).toBe('succeeded');
  });
});

it('keeps the name of a folder for the order that is taken, not for one that is refused before it', async () => {
  const provider = createEchoProvider({ price: { amount: 2, currency: 'USD' }, behaviour: { durationMs: 60_000 } });
  const service = await bench.start({ providers: [provider], defaultProvider: 'echo' });
  const peer = await connectClient(service);
  const order = { prompt: 'a chair', levels: 1 };
  await expect(peer.request(createJob, { ...order, maxCost: 1 })).rejects.toMatchObject({ code: 'SPEND_LIMIT' });
  const ordered = [await peer.request(createJob, order), await peer.request(createJob, order)];
  await service.close();
  const store = await openJobDatabase(bench.home);
  const folders = await Promise.all(ordered.map(async ({ job }) => (await store.get(job.job))?.delivery.folder));
  await store.close();
  expect(folders).toEqual(['a-chair', 'a-chair-2'].map((name) => join(bench.home, 'assets', name)));
});

describe('a client that comes back', () => {
  it('hears every event exactly once, however often the connection broke', async () => {
    const service = await bench.start({ providers: slowEcho(600), defaultProvider: 'echo' });
    const control = await connectClient(service);
    const { job } = await control.request(createJob, { prompt: 'anything', levels: 1 });
    const heard: number[] = [];
    let last = '';
    while (last !== 'job-succeeded') {
      let cut: () => void = () => undefined;
      const broken = new Promise<void>((resolve) => {
        cut = resolve;
      });
      const before = heard.length;
      const peer = await connectClient(service, (client) => {
        client.take(jobEvent, ({ seq, type }) => {
          if (heard.length - before >= 3) return; // has already hung up
          heard.push(seq);
          last = type;
          if (heard.length - before >= 3 || type === 'job-succeeded') cut();
        });
      });
      await peer.request(subscribeJob, { job: job.job, afterSeq: heard.at(-1) ?? 0 });
      await broken;
      peer.close();
    }
    const { job: view } = await control.request(getJob, { job: job.job });
    expect(heard).toEqual(Array.from({ length: view.seq }, (_, index) => index + 1));
    expect(heard.length).toBeGreaterThan(9);
    // and after all of that nothing is left to be heard
    const late: number[] = [];
    const peer = await connectClient(service, (client) => client.take(jobEvent, ({ seq }) => void late.push(seq)));
    await peer.request(subscribeJob, { job: job.job, afterSeq: view.seq });
    await assertServes(service);
    expect(late).toEqual([]);
  });
});
