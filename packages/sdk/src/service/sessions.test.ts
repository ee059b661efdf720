import { afterEach, describe, expect, it } from 'vitest';
import { SdkError } from '../foundation/errors.ts';
import * as asset from '../protocol/messages/asset.ts';
import * as engine from '../protocol/messages/engine.ts';
import { hello } from '../protocol/messages/hello.ts';
import * as jobs from '../protocol/messages/job.ts';
import { setKey } from '../protocol/messages/key.ts';
import { linkPanel } from '../protocol/messages/service.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { MOST_SUBSCRIPTIONS } from './answer-follow.ts';
import {
  clientOf,
  createServiceBench,
  queuedEvent,
  type ServiceBench,
  type ServiceBenchOptions,
  until,
} from './service.test-kit.ts';
import type { Client } from './session.ts';

const AT = 1_700_000_000_000;
let bench: ServiceBench | undefined;

async function open(options: ServiceBenchOptions = {}): Promise<ServiceBench> {
  bench = await createServiceBench(options);
  return bench;
}

afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

const HELLO = { protocol: { major: 1, minor: 0 } };

describe('hello', () => {
  it('comes first', async () => {
    const { dial, service } = await open();
    const { peer } = dial();
    await expect(peer.request(jobs.listJobs, {})).rejects.toMatchObject({ code: 'PROTOCOL_MISMATCH' });
    expect(service.clientCount).toBe(0);
    await peer.request(hello, { ...HELLO, client: clientOf() });
    expect((await peer.request(jobs.listJobs, {})).jobs).toEqual([]);
    const again = peer.request(hello, { ...HELLO, client: clientOf() });
    await expect(again).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(service.clientCount).toBe(1);
  });

  it.each([
    [0, /Update Blender add-on to the version/],
    [2, /Update Maquette, or end the older service .*process 4711/],
  ])('of version %i is refused with what to do', async (major, remedy) => {
    const { dial, service } = await open();
    const { peer } = dial();
    const greeting = peer.request(hello, {
      protocol: { major, minor: 3 },
      client: clientOf({ name: 'Blender add-on' }),
    });
    const error = (await greeting.catch((caught: unknown) => caught)) as SdkError;
    expect(error).toMatchObject({ code: 'PROTOCOL_MISMATCH', details: { service: 1, client: major } });
    expect(error.message).toBe(`Blender add-on speaks version ${major} of the protocol, this service version 1.`);
    expect(error.remedy).toMatch(remedy);
    expect(service.clientCount).toBe(0);
  });

  it('takes a newer client that answers requests nobody here knows', async () => {
    const { connect } = await open();
    const newer = await connect({
      kind: 'engine',
      label: 'Blender 6',
      capabilities: ['engine/pose', 'engine/selection'],
    });
    newer.peer.answer(engine.engineSelection, () => ({ objects: [] }));
    const tool = await connect();
    expect((await tool.peer.request(engine.listEngines, {})).engines[0]?.capabilities).toContain('engine/pose');
    expect(await tool.peer.request(engine.selection, {})).toEqual({ objects: [] });
  });

  it('ends an older connection of the same client', async () => {
    const { connect, service } = await open();
    const older = await connect({ instance: 'instance-same' });
    const newer = await connect({ instance: 'instance-same', label: 'newer' });
    expect(await older.peer.closed).toBe('The same client has connected again.');
    expect((await newer.peer.request(jobs.listJobs, {})).jobs).toEqual([]);
    expect(service.clientCount).toBe(1);
    newer.peer.close();
    await until(() => service.clientCount === 0);
  });

  it('has to come within ten seconds', async () => {
    const clock = createFakeClock({ mode: 'manual' });
    const { dial, service } = await open({ clock });
    const silent = dial();
    const polite = dial();
    await polite.peer.request(hello, { ...HELLO, client: clientOf() });
    await clock.advance(9_900);
    let reason: string | undefined;
    void silent.peer.closed.then((given) => {
      reason = given;
    });
    await clock.settle();
    expect(reason).toBeUndefined();
    await clock.advance(200);
    expect(reason).toBe('The client did not send peer/hello.');
    expect(service.clientCount).toBe(1);
    expect(clock.waitingCount).toBe(0);
  });
});

describe('two clients', () => {
  it('hear of what they follow and of nothing else', async () => {
    const { connect } = await open();
    const [one, two] = [await connect({ label: 'One' }), await connect({ label: 'Two' })];
    const order = { provider: 'echo', levels: 2 };
    const mine = (await one.peer.request(jobs.createJob, { ...order, prompt: 'mine' })).job.job;
    const yours = (await two.peer.request(jobs.createJob, { ...order, prompt: 'yours' })).job.job;
    await one.peer.request(jobs.subscribeJob, { job: mine });
    await two.peer.request(jobs.subscribeJob, { job: yours });
    await until(() => [one, two].every(({ events }) => events.at(-1)?.type === 'job-succeeded'));
    expect(new Set(one.events.map(({ job }) => job))).toEqual(new Set([mine]));
    expect(new Set(two.events.map(({ job }) => job))).toEqual(new Set([yours]));
    for (const { events } of [one, two])
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_e, index) => index + 1));
    expect([one.views, two.views]).toEqual([[], []]);
    const { jobs: listed } = await one.peer.request(jobs.listJobs, {});
    expect(listed.map(({ requester }) => requester?.label).sort()).toEqual(['One', 'Two']);
  });

  it('replay what they missed, every event once, when they come back', async () => {
    const { connect, store } = await open();
    await store.create('a', [queuedEvent('a box')], AT);
    await store.acquireLease('a', 'me', 1e9, AT);
    const progress = { type: 'progress-reported', progress: 0.5 } as const;
    const seen: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const client = await connect({ instance: 'instance-back' });
      await client.peer.request(jobs.subscribeJob, { job: 'a', afterSeq: seen.at(-1) ?? 0 });
      await store.append('a', 'me', [progress, progress], AT);
      await until(() => (client.events.at(-1)?.seq ?? 0) >= round * 5 + 3);
      client.peer.close();
      await client.peer.closed;
      seen.push(...client.events.map(({ seq }) => seq));
      await store.append('a', 'me', [progress, progress, progress], AT);
    }
    expect(seen).toEqual(Array.from({ length: 23 }, (_value, index) => index + 1));
  });
});

describe('editors', () => {
  const editor = (given: Partial<Client>): Partial<Client> => ({
    kind: 'engine',
    capabilities: ['engine/selection', 'engine/placeholder', 'engine/import'],
    ...given,
  });
  const NOTHING = { objects: [] };

  it('have to be named where there are several', async () => {
    const { connect } = await open();
    const [first, second] = [
      await connect(editor({ instance: 'blender-1', label: 'kitchen.blend' })),
      await connect(editor({ instance: 'blender-2', label: 'garden.blend' })),
    ];
    const asked: string[] = [];
    first.peer.answer(engine.engineSelection, () => {
      asked.push('first');
      return NOTHING;
    });
    second.peer.answer(engine.engineSelection, () => {
      asked.push('second');
      return NOTHING;
    });
    const tool = await connect();
    const error = (await tool.peer.request(engine.selection, {}).catch((caught: unknown) => caught)) as SdkError;
    expect(error).toMatchObject({
      code: 'TARGET_AMBIGUOUS',
      message: '2 editors are connected: kitchen.blend; garden.blend.',
      details: { engines: [{ instance: 'blender-1' }, { instance: 'blender-2' }] },
    });
    await tool.peer.request(engine.selection, { target: 'blender-2' });
    expect(asked).toEqual(['second']);
    await expect(tool.peer.request(engine.selection, { target: 'blender-3' })).rejects.toMatchObject({
      code: 'PEER_GONE',
    });
    second.peer.close();
    await second.peer.closed;
    await tool.peer.request(engine.selection, {});
    expect(asked).toEqual(['second', 'first']);
  });

  it('count only where they can do what is asked', async () => {
    const { connect } = await open();
    const tool = await connect();
    await expect(tool.peer.request(engine.selection, {})).rejects.toMatchObject({
      code: 'PEER_GONE',
      message: 'No editor is connected.',
    });
    await connect({ kind: 'panel', capabilities: ['engine/selection'] });
    await connect(editor({ instance: 'unity-0001', label: 'Unity', capabilities: ['engine/import'] }));
    await expect(tool.peer.request(engine.selection, {})).rejects.toMatchObject({ code: 'PEER_GONE' });
    await expect(tool.peer.request(engine.selection, { target: 'unity-0001' })).rejects.toMatchObject({
      code: 'UNSUPPORTED_ON_HOST',
      message: 'Unity does not answer engine/selection.',
    });
  });

  it('answer with their own errors, and their end is one', async () => {
    const { connect } = await open();
    const blender = await connect(editor({ label: 'Blender' }));
    const tool = await connect();
    blender.peer.answer(engine.engineSelection, () => {
      throw new SdkError({ code: 'IMPORT_FAILED', message: 'Not now.', remedy: 'Later.' });
    });
    await expect(tool.peer.request(engine.selection, {})).rejects.toMatchObject({
      code: 'IMPORT_FAILED',
      remedy: 'Later.',
    });
    blender.peer.answer(engine.enginePlaceholder, () => {
      blender.peer.close('Blender quits');
      return new Promise<never>(() => undefined);
    });
    await expect(tool.peer.request(engine.placeholder, {})).rejects.toMatchObject({ code: 'PEER_GONE' });
  });

  it('have ten seconds for an answer', async () => {
    const clock = createFakeClock({ mode: 'manual' });
    const { connect } = await open({ clock });
    const blender = await connect(editor({ label: 'Blender' }));
    let answer: (() => void) | undefined;
    blender.peer.answer(engine.engineSelection, async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return NOTHING;
    });
    const tool = await connect();
    const asking = tool.peer.request(engine.selection, {}).catch((caught: unknown) => caught);
    await clock.advance(10_000);
    expect(await asking).toMatchObject({ code: 'TIMED_OUT', message: 'Blender has not answered within 10 s.' });
    answer?.(); // too late, and harmless
    await clock.settle();
    expect(clock.waitingCount).toBe(0);
  });

  it('answer with what the protocol says, or it is their fault', async () => {
    const { connect } = await open();
    const blender = await connect(editor({}));
    blender.peer.answer(engine.engineSelection, () => ({ objects: [{ name: 3 }] }) as never);
    const tool = await connect();
    await expect(tool.peer.request(engine.selection, {})).rejects.toMatchObject({ code: 'PROTOCOL_MISMATCH' });
  });

  it('import nothing that is not finished', async () => {
    const { connect, store } = await open();
    await store.create('a', [queuedEvent('a box')], AT);
    const tool = await connect();
    await expect(tool.peer.request(asset.importAsset, { job: 'a' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'The job a has no finished asset.',
    });
  });
});

describe('a client that means harm', () => {
  it('may follow only so many jobs', async () => {
    const { connect, store } = await open();
    const client = await connect();
    for (let index = 0; index <= MOST_SUBSCRIPTIONS; index += 1)
      await store.create(`job-${index}`, [queuedEvent('x')], AT);
    for (let index = 0; index < MOST_SUBSCRIPTIONS; index += 1) {
      await client.peer.request(jobs.subscribeJob, { job: `job-${index}` });
    }
    const last = { job: `job-${MOST_SUBSCRIPTIONS}` };
    await expect(client.peer.request(jobs.subscribeJob, last)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await client.peer.request(jobs.subscribeJob, { job: 'job-0', afterSeq: 1 }); // one it has already
    await client.peer.request(jobs.unsubscribeJob, { job: 'job-1' });
    await client.peer.request(jobs.subscribeJob, last);
  });

  it('follows no job that does not exist, and leaves nothing behind', async () => {
    const { connect } = await open();
    const client = await connect();
    for (let index = 0; index < MOST_SUBSCRIPTIONS + 5; index += 1) {
      await expect(client.peer.request(jobs.subscribeJob, { job: `none-${index}` })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    }
  });

  it('asks and does not read: it is let go', async () => {
    const { connect, store } = await open();
    for (let index = 0; index < 400; index += 1)
      await store.create(`job-${index}`, [queuedEvent('x'.repeat(4000))], AT);
    const client = await connect();
    const other = await connect();
    client.transport.pause();
    for (let round = 0; round < 40; round += 1) {
      client.peer.request(jobs.listJobs, { limit: 400 }).catch(() => undefined);
      await other.peer.request(jobs.getJob, { job: 'job-0' });
    }
    await until(() => (bench as ServiceBench).service.clientCount === 1);
    expect((await other.peer.request(jobs.getJob, { job: 'job-0' })).job.job).toBe('job-0');
  });

  it('sends nonsense and is answered', async () => {
    const { connect } = await open();
    const client = await connect();
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    for (const text of [
      '',
      'nonsense',
      '[]',
      '{}',
      '{"jsonrpc":"2.0"}',
      deep,
      '{"jsonrpc":"2.0","id":{},"method":"job/list"}',
    ]) {
      client.transport.send(text);
    }
    client.transport.send(
      `{"jsonrpc":"2.0","id":7,"method":"job/create","params":{"prompt":"x","options":{"a":${deep}}}}`,
    );
    client.transport.send('{"jsonrpc":"2.0","id":8,"method":"__proto__","params":{}}');
    client.transport.send('{"jsonrpc":"2.0","method":"no/such","params":{}}');
    expect((await client.peer.request(jobs.listJobs, {})).jobs).toEqual([]);
  });

  it.each<[string, object]>([
    ['a relative folder', { prompt: 'x', folder: 'assets' }],
    ['a relative folder of folders', { prompt: 'x', parent: 'assets' }],
    ['a relative image', { image: 'chair.png' }],
    ['a folder that no system can have', { prompt: 'x', folder: '/assets\0/chair' }],
    ['a folder of folders that no system can have', { prompt: 'x', parent: '/assets\0' }],
    ['an image that no system can have', { image: '/chair.png\0' }],
    ['a path without end', { prompt: 'x', parent: `/${'x'.repeat(5000)}` }],
    ['too many levels', { prompt: 'x', levels: 7 }],
    ['no levels', { prompt: 'x', levels: 0 }],
    ['no prompt', {}],
    ['a long prompt', { prompt: 'x'.repeat(5000) }],
    ['a height below the ground', { prompt: 'x', height: -1 }],
    ['an unknown provider', { prompt: 'x', provider: 'nobody' }],
    ['half a seed', { prompt: 'x', seed: 0.5 }],
  ])('orders %s in vain', async (_name, order) => {
    const { connect, store } = await open();
    const client = await connect();
    await expect(client.peer.request(jobs.createJob, order)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await store.list()).toEqual([]);
  });

  it('learns nothing from mistakes inside, which are logged', async () => {
    const { connect, host } = await open({
      platform: {
        linkPanel: () => {
          throw new Error('ENOENT: /home/somebody/.secret');
        },
        setKey: async (_provider, value) => {
          throw new SdkError({ code: 'STORE_FAILED', message: `secret-tool refused "${value}"` });
        },
      },
    });
    const client = await connect();
    const error = (await client.peer.request(linkPanel, {}).catch((caught: unknown) => caught)) as SdkError;
    expect(error).toMatchObject({ code: 'INTERNAL', message: 'Something went wrong inside.' });
    expect(host.logEntries).toContainEqual(
      expect.objectContaining({ event: 'request-failed', data: { method: 'panel/link' } }),
    );
    const refused = (await client.peer
      .request(setKey, { provider: 'keyed', value: 'sk-1"2' })
      .catch((caught: unknown) => caught)) as SdkError;
    expect(refused.code).toBe('STORE_FAILED');
    expect(JSON.stringify([refused.toRecord(), host.logEntries])).not.toContain('sk-1');
  });
});
