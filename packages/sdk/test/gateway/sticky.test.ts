import { describe, expect, it } from 'vitest';
import { createNodeCodecs } from '../../src/platform/node/codecs.ts';
import type { RunningGateway, TaskScript } from '../../src/testing/index.ts';
import { smallGlb } from '../command/small-glb.ts';
import { PICTURE } from './bench.ts';
import { type FastStudio, withFastStudio } from './fast-studio.ts';
import { createFront, type Front } from './front.ts';

const SPEED = 50;

/** One result after 3 s, two that take long. */
const ONE_IS_EARLY: TaskScript = [{ worksMs: 3000 }, { worksMs: 60_000 }, { worksMs: 60_000 }];

function resultsAskedFor({ server }: FastStudio): number {
  return server.gateway.requests.filter(({ path }) => path === '/get_result').length;
}

/** From the moment the gateway was asked for a result, its status is this word. */
function turnStatusInto(status: string, bench: FastStudio): void {
  const isAsked = (): boolean => resultsAskedFor(bench) > 0;
  bench.server.gateway.arm('get_status', { kind: 'unknown-status', status }, { times: Infinity, when: isAsked });
}

describe.concurrent('a success that was seen', () => {
  it.each(['Failure', 'NoResult', 'InProgress', 'PartialResult(0)'])(
    'stays one when the status turns into %s before its result is here',
    async (word) => {
      await withFastStudio({ speed: SPEED, gateway: { workers: () => ONE_IS_EARLY } }, async (bench) => {
        const { server, order, endOf, served } = bench;
        server.gateway.arm('get_result', { kind: 'unavailable' }, { times: 2 });
        turnStatusInto(word, bench);
        const { end, message, state, raw } = await endOf(await order());
        expect(end, message).toBe('succeeded');
        expect(raw).toBe(served(state.request.seed));
        expect(state.warnings.map(({ code }) => code)).toEqual(['STATUS_CONTRADICTED']);
        expect(server.gateway.tasks).toHaveLength(1);
      });
    },
  );

  it.each(['Failure', 'NoResult'])(
    'stays one when the status turns into %s while further candidates are waited for',
    async (word) => {
      await withFastStudio({ speed: SPEED, gateway: { workers: () => ONE_IS_EARLY } }, async (bench) => {
        const { server, order, endOf, served } = bench;
        turnStatusInto(word, bench);
        const { end, message, state, raw } = await endOf(await order({ options: { candidates: '3' } }));
        expect(end, message).toBe('succeeded');
        expect(raw).toBe(served(state.request.seed));
        expect(server.gateway.tasks).toHaveLength(1);
      });
    },
  );

  it('stays one when its result is lost once it is here', async () => {
    await withFastStudio({ speed: SPEED, gateway: { workers: () => ONE_IS_EARLY } }, async (bench) => {
      const { server, order, endOf, served } = bench;
      const { gateway } = server;
      const handle = await order({ options: { candidates: '2' } });
      for await (const event of handle.events()) if (event.type === 'asset-fetched') break;
      gateway.control(gateway.tasks[0]?.id ?? '').expireResults();
      const { end, message, state, raw } = await endOf(handle);
      expect(end, message).toBe('succeeded');
      expect(raw).toBe(served(state.request.seed));
    });
  });
});

describe.concurrent('what is no success', () => {
  it('PartialResult(0) is waited out, and nothing is fetched before there is a result', async () => {
    await withFastStudio(
      {
        speed: SPEED,
        gateway: {
          workers: () => [{ worksMs: 1000, outcome: 'failure' }, { worksMs: 20_000 }, { worksMs: 25_000 }],
        },
      },
      async (bench) => {
        const { server, order, endOf, served } = bench;
        const { end, state, raw } = await endOf(await order());
        expect(end).toBe('succeeded');
        expect(raw).toBe(served(state.request.seed));
        const acceptedAtMs = server.gateway.tasks[0]?.acceptedAtMs ?? 0;
        const [first, ...more] = server.gateway.requests.filter(({ path }) => path === '/get_result');
        expect((first?.atMs ?? 0) - acceptedAtMs).toBeGreaterThan(20_000);
        expect(more).toEqual([]);
      },
    );
  });

  it('a task that all workers fail says why, and that it costs nothing', async () => {
    await withFastStudio(
      {
        speed: SPEED,
        gateway: { workers: () => Array(3).fill({ worksMs: 2000, outcome: 'failure', reason: 'out of memory' }) },
      },
      async (bench) => {
        const { server, order, endOf } = bench;
        const { end, message, state } = await endOf(await order());
        expect(end).toBe('OPERATION_FAILED');
        expect(message).toBe('404-GEN could not make it: out of memory.');
        expect(state.error?.remedy).toContain('not charged');
        expect(state.spend.actual).toEqual({ amount: 0, currency: 'USD' });
        expect(server.gateway.balanceOf(server.key)).toBe(10_000);
        expect(resultsAskedFor(bench)).toBe(0);
      },
    );
  });

  it('a result that was gone before it could be fetched says so', async () => {
    await withFastStudio({ speed: 200, gateway: { expectedResults: 1 } }, async (bench) => {
      const { server, order, endOf } = bench;
      const { gateway } = server;
      const bornMs = (): number => (gateway.tasks[0]?.acceptedAtMs ?? Infinity) + 3000;
      const isAway = ({ atMs }: { atMs: number }): boolean => atMs < bornMs() + 340_000;
      gateway.arm(
        'get_status',
        { kind: 'drop-before' },
        { times: Infinity, when: () => isAway({ atMs: bench.clock.now() }) },
      );
      const { end, message, state } = await endOf(await order());
      expect(end, message).toBe('OPERATION_EXPIRED');
      expect(message).toMatch(/^[A-Z4][^\n]+\.$/);
      expect(state.error?.remedy).toMatch(/new job/);
      expect(gateway.submissions).toEqual({ received: 1, accepted: 1 });
    });
  });
});

describe.concurrent('a gateway of several nodes', () => {
  it('answers for a task at a node that has not got its result, and the result is taken from the one that has', async () => {
    let front: Front | undefined;
    const url = async ({ urls: [one = '', two = ''] }: RunningGateway): Promise<string> => {
      front = await createFront((path, count) =>
        path === '/get_status' || (path === '/get_result' && count < 2) ? two : one,
      );
      return front.url;
    };
    await withFastStudio({ speed: SPEED, gateway: { nodeCount: 2 }, url }, async (bench) => {
      const { server, order, endOf, served } = bench;
      const { end, message, state, raw } = await endOf(await order());
      expect(end, message).toBe('succeeded');
      expect(raw).toBe(served(state.request.seed));
      const asked = server.gateway.requests.map(({ path, node, status }) => `${path} ${node} ${status}`);
      expect(asked.filter((line) => line.startsWith('/get_result'))).toEqual([
        '/get_result 2 404',
        '/get_result 2 404',
        '/get_result 1 200',
      ]);
    });
    await front?.close();
  });
});

describe.concurrent('a mesh after the deadline of its task', () => {
  it('is known by its bytes, although the gateway calls it a splat', async () => {
    await withFastStudio(
      {
        speed: SPEED,
        codecs: await createNodeCodecs(),
        gateway: {
          workers: () => [{ worksMs: 18_000 }, { worksMs: 5_000_000 }],
          results: () => smallGlb(),
          times: { taskLifetimeMs: 20_000, cleanupIntervalMs: 1000 },
        },
      },
      async (bench) => {
        const { server, order, endOf } = bench;
        const isInTime = (): boolean => bench.clock.now() < (server.gateway.tasks[0]?.acceptedAtMs ?? 0) + 25_000;
        server.gateway.arm('get_result', { kind: 'unavailable' }, { times: Infinity, when: isInTime });
        const handle = await order({ prompt: { images: [PICTURE] }, processing: { ratios: [], thumbnailSize: 0 } });
        const { end, message, state } = await endOf(handle);
        expect(end, message).toBe('succeeded');
        expect(state.fetched).toMatchObject([{ kind: 'mesh', extension: 'glb', mediaType: 'model/gltf-binary' }]);
        // the server did mislabel it
        const task = server.gateway.tasks[0]?.id;
        const answer = await fetch(`${server.url}/get_result?id=${task}`, { headers: { 'x-api-key': server.key } });
        expect(answer.headers.get('content-disposition')).toContain('result.spz');
        await answer.arrayBuffer();
      },
    );
  });
});

describe.concurrent('an account that may have one task at a time', () => {
  it('has three jobs make their way one after the other', async () => {
    const workers = (): TaskScript => Array(3).fill({ worksMs: 40_000 });
    await withFastStudio({ speed: SPEED, gateway: { workers } }, async (bench) => {
      const { server, order, endOf } = bench;
      const handles = [await order({ seed: 1 }), await order({ seed: 2 }), await order({ seed: 3 })];
      const endings = await Promise.all(handles.map(endOf));
      expect(endings.map(({ end }) => end)).toEqual(['succeeded', 'succeeded', 'succeeded']);
      const { tasks, requests } = server.gateway;
      expect(tasks.map(({ seed }) => seed).sort()).toEqual([1, 2, 3]);
      // the next task is taken when the one before has ended
      const [first = 0, second = 0, third = 0] = tasks.map(({ acceptedAtMs }) => acceptedAtMs);
      expect(second - first).toBeGreaterThanOrEqual(40_000);
      expect(third - second).toBeGreaterThanOrEqual(40_000);
      expect(requests.filter(({ path, status }) => path === '/add_task' && status === 429).length).toBeGreaterThan(0);
    });
  });
});
