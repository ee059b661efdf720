/** A window, a person's clicks and keys, and a gateway that answers in five seconds: the panel lives on. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { startGatewayStandIn } from '@maquette3d/sdk/testing';
import { expect, it } from 'vitest';
import { describeBlenders } from './support/blenders.ts';
import { expectSplat } from './support/expect-asset.ts';
import { keepPicture } from './support/pictures.ts';
import { type JobView, type Scene, startScenario } from './support/scenario.ts';

/** Seconds. */
interface Stalls {
  readonly tick: number;
  readonly draw: number;
  readonly ticks: number;
  readonly draws: number;
}

interface Told extends Scene {
  readonly typed: string;
  readonly jobsAfterClick: number;
  /** Objects of the job after Ctrl+Z, and after Ctrl+Shift+Z. */
  readonly undone: readonly string[];
  readonly redone: readonly string[];
  readonly job: JobView;
  readonly ended: JobView;
  readonly drawnWhileAtWork: number;
  readonly stalls: Stalls;
  readonly stallsUntilLanded: Stalls;
}

const GATEWAY_ANSWERS_AFTER_MS = 5000;
/** Whoever waits for an answer of the gateway waits five times as long. How fast it really is, benchmarks say. */
const NO_WAITING_SECONDS = 1;

describeBlenders(
  'The panel',
  (blender, scratch) => {
    it('takes an order by keyboard and mouse, shows the job at work, and never waits', async () => {
      const prompt = 'a mossy lantern';
      const gateway = await startGatewayStandIn({
        limits: 'off',
        expectedResults: 1,
        workers: () => [{ outcome: 'silence' }],
      });
      const disarm = gateway.gateway.arm(
        'any',
        { kind: 'latency', delayMs: GATEWAY_ANSWERS_AFTER_MS },
        { times: Number.POSITIVE_INFINITY },
      );
      try {
        const person = scratch();
        const running = await startScenario<Told>(blender, 'panel', [prompt, person], {
          scratch: person,
          window: true,
          isOnline: true,
          env: {
            MAQUETTE_404_URL: gateway.url,
            MAQUETTE_404_KEY: gateway.key,
            MAQUETTE_TEST_FAILURE_PICTURE: join(person, 'failed.png'),
          },
        });
        const keep = (name: string): void => keepPicture(blender, join(person, `${name}.png`), name);
        running.result.catch(() => keep('failed'));
        await running.said('seen');
        keep('at-work');
        disarm();
        for (const task of gateway.gateway.tasks) gateway.gateway.control(task.id).succeed();
        const told = await running.result;
        keep('landed');
        expect(told.typed).toBe(prompt);
        expect(told.jobsAfterClick).toBe(1);
        expect(gateway.gateway.tasks.map((task) => task.prompt)).toEqual([prompt]);
        expect(told.job).toMatchObject({ prompt, state: 'running' });
        expect(told.drawnWhileAtWork, 'drawn again while nothing but time passes').toBeGreaterThan(0);
        expect(statSync(join(person, 'at-work.png')).size).toBeGreaterThan(20_000);
        for (const stalls of [told.stalls, told.stallsUntilLanded]) {
          expect(stalls.ticks).toBeGreaterThan(5);
          expect(Math.max(stalls.tick, stalls.draw), JSON.stringify(stalls)).toBeLessThan(NO_WAITING_SECONDS);
        }
        expect(told.ended.state).toBe('succeeded');
        expectSplat(told, told.ended.job, told.ended.folder ?? '');
        expect(told.undone, 'one step of undo takes all of it').toEqual([]);
        expect(told.redone.length, 'and redo brings it back').toBeGreaterThan(1);
        const milliseconds = (seconds: number): string => (seconds * 1000).toFixed(1);
        process.stdout.write(
          `Blender ${blender.name}: longest tick ${milliseconds(told.stalls.tick)} ms of ${told.stalls.ticks}, ` +
            `longest drawing ${milliseconds(told.stalls.draw)} ms of ${told.stalls.draws}\n`,
        );
      } finally {
        await gateway.close();
      }
    });
  },
  { isConcurrent: true },
);
