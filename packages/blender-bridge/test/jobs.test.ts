/** Jobs through the stand-in gateway: what arrives, what is cancelled, and what lives on when the helper or Blender is killed. */
import { join } from 'node:path';
import { type RunningGateway, startGatewayStandIn } from '@maquette3d/sdk/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ROOT } from '../../../scripts/testing/run-process.ts';
import { describeBlenders } from './support/blenders.ts';
import { expectMesh, expectSplat } from './support/expect-asset.ts';
import { helpersOf } from './support/helper.ts';
import { type JobView, runScenario, type Scene, startScenario } from './support/scenario.ts';
import { runMaquette } from './support/test-assets.ts';

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

const tasksOf = (prompt: string): readonly string[] =>
  gateway.gateway.tasks.filter((task) => task.prompt === prompt).map(({ id }) => id);

/** Waits until the order has arrived at the gateway, and its id back in the database. */
async function isOrdered(person: string, prompt: string): Promise<void> {
  await vi.waitFor(() => expect(tasksOf(prompt)).toHaveLength(1), { timeout: 30_000, interval: 50 });
  const { id } = gateway.gateway.tasks.find((task) => task.prompt === prompt) ?? { id: '' };
  const isKnown = async (): Promise<void> => {
    const { stdout } = await runMaquette(['jobs', 'list', '--json'], { MAQUETTE_HOME: join(person, 'maquette-home') });
    expect(stdout).toContain(id);
  };
  await vi.waitFor(isKnown, { timeout: 30_000, interval: 200 });
}

/** Lets the one task with this prompt succeed. */
function finish(prompt: string): void {
  for (const id of tasksOf(prompt)) gateway.gateway.control(id).succeed();
}

describeBlenders('A job', (blender, scratch) => {
  const order = (prompt: string): string => JSON.stringify({ prompt, provider: '404' });

  it('brings a splat from words', async () => {
    const made = await runScenario<Finished>(blender, 'generate', [order('a mossy lantern'), 'generate'], {
      scratch: scratch(),
      isOnline: true,
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
    const made = await runScenario<Finished>(blender, 'generate', [wishes, 'generate'], {
      scratch: scratch(),
      isOnline: true,
      env,
    });
    const [job] = made.jobs;
    expect(job).toMatchObject({ state: 'succeeded', provider: '404', output: 'mesh' });
    expectMesh(made, job?.job ?? '', job?.folder ?? '');
  });

  it('is adopted by the id of its task, and not paid again', async () => {
    const prompt = `a lantern that ${blender.name} adopts`;
    const elsewhere = scratch();
    const place = { MAQUETTE_HOME: join(elsewhere, 'home') };
    await runMaquette(['generate', prompt, '--provider', '404', '--out', join(elsewhere, 'out')], { ...env, ...place });
    const task = tasksOf(prompt)[0] ?? '';
    const wishes = JSON.stringify({ provider: '404', task });
    const options = { scratch: scratch(), isOnline: true, env };
    const made = await runScenario<Finished>(blender, 'generate', [wishes, 'adopt'], options);
    expect(made.jobs[0]).toMatchObject({ state: 'succeeded', provider: '404' });
    expectSplat(made, made.jobs[0]?.job ?? '', made.jobs[0]?.folder ?? '');
    expectPaidOnce(prompt);
  });

  it('is cancelled, and its placeholder goes', async () => {
    const told = await runScenario<{
      outcome: string[];
      job: JobView;
      before: string[];
      whileWaiting: string[];
      after: string[];
    }>(blender, 'cancel', [order(`slow, cancelled in ${blender.name}`)], { scratch: scratch(), isOnline: true, env });
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
      isOnline: true,
      env,
    });
    const job = (await running.said('job')) as string;
    await isOrdered(person, prompt);
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
    const first = await startScenario<never>(blender, 'order_and_tell', [order(prompt)], {
      scratch: person,
      isOnline: true,
      env,
    });
    const job = (await first.said('job')) as string;
    await isOrdered(person, prompt);
    first.kill();
    expect((await first.finished).status).toBeNull();
    expect(helpersOf(person)).toHaveLength(1);
    finish(prompt);
    const found = await runScenario<Scene & { outcome: string[]; job: JobView }>(blender, 'find_again', [job], {
      scratch: person,
      isOnline: true,
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
  expect(tasksOf(prompt)).toHaveLength(1);
}
