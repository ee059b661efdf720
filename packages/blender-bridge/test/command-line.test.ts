/** The command line and Blender: one service, one list of jobs. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { describeBlenders } from './support/blenders.ts';
import { expectMesh } from './support/expect-asset.ts';
import { helpersOf } from './support/helper.ts';
import { type JobView, runScenario, type Scene } from './support/scenario.ts';
import { maquetteProgram } from './support/test-assets.ts';

const run = promisify(execFile);

let service: ChildProcess | undefined;
afterEach(async () => {
  if (service === undefined || service.exitCode !== null) return;
  service.kill('SIGTERM');
  await once(service, 'exit');
});

describeBlenders('The command line', (blender, scratch) => {
  it('serves Blender, and both see the same jobs', async () => {
    const person = scratch();
    const env = { ...process.env, MAQUETTE_HOME: join(person, 'maquette-home'), MAQUETTE_TEST_SCRATCH: person };
    const maquette = async (...args: string[]): Promise<readonly Record<string, unknown>[]> => {
      const { stdout } = await run(process.execPath, [...maquetteProgram(), ...args, '--json'], { env });
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    const made = (await maquette('generate', 'a barrel', '--out', join(person, 'barrel'))).at(-1);
    service = spawn(process.execPath, [...maquetteProgram(), 'serve', '--json'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: service.stdout as NodeJS.ReadableStream }), 'line')) as [
      string,
    ];
    expect(JSON.parse(line)).toMatchObject({ type: 'listening' });

    const found = await runScenario<Scene & { job: JobView }>(blender, 'find_again', [String(made?.job)], {
      scratch: person,
    });
    expect(found.job).toMatchObject({ job: made?.job, state: 'succeeded', prompt: 'a barrel' });
    expectMesh(found, found.job.job, join(person, 'barrel'));

    const order = JSON.stringify({ prompt: 'a wooden chair' });
    const { jobs } = await runScenario<Scene & { jobs: JobView[] }>(blender, 'generate', [order, 'generate'], {
      scratch: person,
    });
    expect(helpersOf(person), 'no service but the one that ran').toEqual([]);
    expect(service.exitCode).toBeNull();
    expect((await maquette('jobs', 'list')).map(({ job, state, prompt }) => ({ job, state, prompt }))).toEqual([
      { job: jobs[0]?.job, state: 'succeeded', prompt: 'a wooden chair' },
      { job: made?.job, state: 'succeeded', prompt: 'a barrel' },
    ]);
    expect(existsSync(join(jobs[0]?.folder ?? '', 'manifest.json'))).toBe(true);
  });
});
