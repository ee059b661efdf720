/** From the zip people download to an object in the scene, and back to a Blender that never knew us. */
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { makeZip } from '../../../scripts/package/zip.ts';
import type { Blender } from '../../../scripts/testing/blender/prepare.ts';
import { endProcessesOf, runBlender, runInside } from '../../../scripts/testing/blender/run-blender.ts';
import { describeBlenders, scriptPath } from './support/blenders.ts';
import { expectMesh } from './support/expect-asset.ts';
import { type JobView, runScenario, type Scene } from './support/scenario.ts';

/** The command for extensions came with 4.2. */
const hasExtensions = (blender: Blender): boolean => blender.name !== '3.4';

async function extension(blender: Blender, scratch: string, ...args: readonly string[]): Promise<string> {
  const command = ['blender', '--command', 'extension', ...args];
  const { status, output } = await runInside(blender, scratch, command, [inject('addon')]);
  expect(status, output).toBe(0);
  return output;
}

async function install(blender: Blender, scratch: string, id: string, zip: string): Promise<void> {
  if (hasExtensions(blender)) {
    await extension(blender, scratch, 'install-file', '--repo', 'user_default', '--enable', zip);
    return;
  }
  const script = scriptPath('scenario_install.py');
  const call = { script, args: ['install', id, zip], scratch, visible: [dirname(zip)], usePreferences: true };
  expect(await runBlender(blender, call)).toEqual(['FINISHED']);
}

async function remove(blender: Blender, scratch: string, id: string): Promise<void> {
  if (hasExtensions(blender)) {
    await extension(blender, scratch, 'remove', `user_default.${id}`);
    return;
  }
  const call = { script: scriptPath('scenario_install.py'), args: ['remove', id], scratch, usePreferences: true };
  expect(await runBlender(blender, call)).toEqual(['FINISHED']);
}

/** Every file and folder below a folder but `MAQUETTE_HOME` and the results of runs. */
function listing(scratch: string): readonly string[] {
  return readdirSync(scratch, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/^(maquette-home|result-)/.test(name))
    .sort();
}

/** An add-on that does nothing. Returns its zip. */
function writeEmptyAddon(scratch: string): string {
  const zip = join(scratch, 'result-nothing.zip');
  const info = `bl_info = {"name": "Nothing", "blender": (3, 4, 0), "category": "System"}`;
  const manifest = [
    'schema_version = "1.0.0"',
    ...['id = "nothing"', 'name = "Nothing"', 'version = "1.0.0"', 'tagline = "Does nothing"', 'maintainer = "Nobody"'],
    ...['type = "add-on"', 'blender_version_min = "4.2.0"', 'license = ["SPDX:MIT"]'],
  ];
  const entries = {
    '__init__.py': `${info}\ndef register(): pass\ndef unregister(): pass\n`,
    'blender_manifest.toml': manifest.join('\n'),
  };
  writeFileSync(
    zip,
    makeZip(Object.entries(entries).map(([name, text]) => ({ name: `nothing/${name}`, bytes: Buffer.from(text) }))),
  );
  return zip;
}

describeBlenders('The zip', (blender, scratch) => {
  const validate = hasExtensions(blender) ? it : undefined;
  validate?.('is what Blender calls valid', async () => {
    const output = await extension(blender, scratch(), 'validate', inject('addonZip'));
    expect(output).not.toMatch(/warning|error/i);
  });

  it('is installed, makes a chair out of nothing but itself, and leaves nothing', async () => {
    const person = scratch();
    await install(blender, person, 'maquette', inject('addonZip'));
    const made = await runScenario<Scene & { outcome: string[]; jobs: JobView[]; seconds: number }>(
      blender,
      'generate',
      [JSON.stringify({ prompt: 'a wooden chair' }), 'generate'],
      { scratch: person, usePreferences: true, env: { MAQUETTE_TEST_ADDON: '/nowhere' } },
    );
    expect(made.outcome).toEqual(['FINISHED']);
    const [job] = made.jobs;
    expect(job).toMatchObject({ state: 'succeeded', prompt: 'a wooden chair', provider: 'local', output: 'mesh' });
    const levels = expectMesh(made, job?.job ?? '', job?.folder ?? '');
    const { min, max } = levels[0]?.bounds ?? { min: [], max: [] };
    const height = Number(max[2]) - Number(min[2]);
    expect(height, 'height of a chair, metres').toBeGreaterThan(0.7);
    expect(height, 'height of a chair, metres').toBeLessThan(1.3);
    expect(lstatSync(job?.folder ?? '').isDirectory()).toBe(true);
    expect(job?.folder?.startsWith(join(person, 'maquette-home'))).toBe(true);

    endProcessesOf(person); // its helper, which would end by itself some minutes later
    await remove(blender, person, 'maquette');
    // what Blender itself leaves behind after anything that was installed and removed
    const other = scratch();
    await install(blender, other, 'nothing', writeEmptyAddon(other));
    await remove(blender, other, 'nothing');
    const left = listing(person);
    expect(left.filter((name) => /maquette/i.test(name))).toEqual([]);
    expect(left).toEqual(listing(other));
    for (const name of left) {
      const path = join(person, name);
      if (lstatSync(path).isFile()) expect(readFileSync(path).includes('maquette'), `${name} names us`).toBe(false);
    }
  });
});
