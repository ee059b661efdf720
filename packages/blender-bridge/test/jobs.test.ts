/** Jobs through the stand-in gateway: what arrives, what is cancelled, and what lives on when the helper or Blender is killed. */
import { join } from 'node:path';
import { type RunningGateway, startGatewayStandIn } from '@maquette3d/sdk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../../../scripts/testing/run-process.ts';
import { describeBlenders } from './support/blenders.ts';
import { expectMesh, expectSplat } from './support/expect-asset.ts';
import { helpersOf } from './support/helper.ts';
import { type JobView, runScenario, type Scene, startScenario } from './support/scenario.ts';

type Finished = Scene & { readonly outcome: readonly string[]; readonly jobs: readonly JobView[] };

let gateway: RunningGateway;
let env: Record<string, string>;

beforeAll(async () => {
  gateway = await startGatewayStandIn({
    limits: 'off',
    expectedResults: 1,
    // "slow": a worker has it, and the test says when it is done
    workers: ({ prompt }) => (prompt?.startsWith('slow') ? [{ outcome: 'silence' }] : [{ worksMs: 300 }]),
  });
  env = { MAQUETTE_404_URL: gateway.url, MAQUETTE_404_KEY: gateway.key };
});
afterAll(() => gateway.close());

/** Lets the one task with this prompt succeed. */
function finish(prompt: string): void {
  const tasks = gateway.gateway.tasks.filter((task) => task.prompt === prompt);
  expect(tasks, 'paid once').toHaveLength(1);
  gateway.gateway.control(tasks[0]?.id ?? '').succeed();
}

describeBlenders('A job', (blender, scratch) => {
  const order = (prompt: string): string => JSON.stringify({ prompt, provider: '404' });

  it('brings a splat from words', async () => {
    const made = await runScenario<Finished>(blender, 'generate', [order('a mossy lantern')], {
      scratch: scratch(),
      env,
    });
    expect(made.outcome).toEqual(['FINISHED']);
    const [job] = made.jobs;
    expect(job).toMatchObject({ state: 'succeeded', provider: '404', output: 'splat' });
    expect(job?.credit).toContain('404-GEN');
    expectSplat(made, job?.job ?? '', job?.folder ?? '');
  });

  it('brings a mesh from a picture', async () => {
    const image = join(ROOT, 'docs/images/gallery.png');
    const wishes = JSON.stringify({ image, provider: '404', output: 'mesh' });
    const made = await runScenario<Finished>(blender, 'generate', [wishes], { scratch: scratch(), env });
    const [job] = made.jobs;
    expect(job).toMatchObject({ state: 'succeeded', provider: '404', output: 'mesh' });
    expectMesh(made, job?.job ?? '', job?.folder ?? '');
  });

  it('is cancelled, and its placeholder goes', async () => {
    const told = await runScenario<{
      outcome: string[];
      job: JobView;
      before: string[];
      whileWaiting: string[];
      after: string[];
    }>(blender, 'cancel', [order(`slow, cancelled in ${blender.name}`)], { scratch: scratch(), env });
    expect(told.outcome).toEqual(['FINISHED']);
    expect(told.job.state).toBe('cancelled');
    expect(told.whileWaiting.length).toBeGreaterThan(told.before.length);
    expect(told.after).toEqual(told.before);
  });

  it('goes on when the helper is killed', async () => {
    const prompt = `slow, helper killed in ${blender.name}`;
    const person = scratch();
    const running = await startScenario<Finished & { states: string[] }>(blender, 'order_and_tell', [order(prompt)], {
      scratch: person,
      env,
    });
    const job = (await running.said('job')) as string;
    const [helper, ...others] = helpersOf(person);
    expect(others).toEqual([]);
    process.kill(helper?.pid ?? 0, 'SIGKILL');
    finish(prompt);
    const made = await running.result;
    expect(made.states).toContain('open');
    expect(made.states.at(-1)).toBe('open');
    expect(made.states.length, `states seen: ${made.states.join(', ')}`).toBeGreaterThan(1);
    expect(made.jobs[0]).toMatchObject({ job, state: 'succeeded' });
    expectSplat(made, job, made.jobs[0]?.folder ?? '');
    expectPaidOnce(prompt);
  });

  it('goes on when Blender is killed, and the next Blender finds it', async () => {
    const prompt = `slow, Blender killed in ${blender.name}`;
    const person = scratch();
    const first = await startScenario<never>(blender, 'order_and_tell', [order(prompt)], { scratch: person, env });
    const job = (await first.said('job')) as string;
    first.kill();
    expect((await first.finished).status).toBeNull();
    expect(helpersOf(person)).toHaveLength(1);
    finish(prompt);
    const found = await runScenario<Scene & { outcome: string[]; job: JobView }>(blender, 'find_again', [job], {
      scratch: person,
      env,
    });
    expect(found.job).toMatchObject({ job, state: 'succeeded', prompt });
    expect(found.outcome).toEqual(['FINISHED']);
    expectSplat(found, job, found.job.folder ?? '');
    expectPaidOnce(prompt);
  });
});

/** Whatever was killed, the order was placed once. */
function expectPaidOnce(prompt: string): void {
  expect(gateway.gateway.tasks.filter((task) => task.prompt === prompt)).toHaveLength(1);
}
