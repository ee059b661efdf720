/** Two Blenders at one service: both see all jobs, and each gets what it ordered and nothing else. */
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { useScratch } from './support/blenders.ts';
import { helpersOf } from './support/helper.ts';
import { type JobView, type Scene, startScenario } from './support/scenario.ts';

type Told = Scene & { jobs: JobView[]; everybodys: string[]; instance: string };

const there = inject('blenders').filter(({ missing }) => missing === null);
const pairs = there.map((first, index) => [first, there[(index + 1) % there.length] ?? first] as const);

describe('Two Blenders at once', () => {
  const scratch = useScratch();

  it.each(pairs.map(([first, second]) => ({ first, second, names: `${first.name} and ${second.name}` })))(
    '$names share a service and nothing else',
    async ({ first, second }) => {
      const person = scratch();
      const marks = [join(person, 'first'), join(person, 'second')];
      const prompts = ['a wooden chair', 'a barrel'];
      const running = await Promise.all(
        [first, second].map((blender, index) =>
          startScenario<Told>(
            blender,
            'two',
            [JSON.stringify({ prompt: prompts[index] }), marks[index] ?? '', marks[1 - index] ?? ''],
            { scratch: person, env: { BLENDER_USER_RESOURCES: join(person, `resources-${index}`) } },
          ),
        ),
      );
      const told = await Promise.all(running.map(({ result }) => result));
      expect(helpersOf(person), 'one service for both').toHaveLength(1);
      expect(told[0]?.everybodys).toEqual(told[1]?.everybodys);
      expect(told[0]?.instance).not.toBe(told[1]?.instance);
      for (const [index, { jobs, objects }] of told.entries()) {
        expect(jobs.map(({ prompt, state }) => ({ prompt, state }))).toEqual(
          Array.from({ length: 3 }, () => ({ prompt: prompts[index], state: 'succeeded' })),
        );
        const landed = new Set(Object.values(objects).flatMap(({ job }) => job ?? []));
        expect([...landed].sort()).toEqual(jobs.map(({ job }) => job).sort());
      }
    },
  );
});
