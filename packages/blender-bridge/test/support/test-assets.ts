import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../../../scripts/testing/run-process.ts';

const run = promisify(execFile);

/** What each asset folder is made from. Python knows them by these names (`harness.asset`). */
const RECIPES: Readonly<Record<string, readonly string[]>> = {
  /** 4 levels, from 1772 triangles. */
  chair: ['generate', 'a wooden chair', '--seed', '1', '--provider', 'local'],
  /** 4 levels, from 11 910 triangles. */
  house: ['generate', 'a house', '--seed', '1', '--provider', 'local'],
  /** 4 levels, from 94 722 triangles, 6 materials, 15 textures. */
  helmet: ['lod', join(ROOT, 'fixtures/FlightHelmet.glb')],
  /** 3 levels or more, from 576 triangles, with a skeleton and three animations. */
  fox: ['lod', join(ROOT, 'fixtures/Fox.glb')],
  /** 30 014 gaussians. */
  eiffel: ['lod', join(ROOT, 'fixtures/404gen-eiffel-30k.ply')],
  /** 307 128 gaussians, from SPZ. */
  logo: ['lod', join(ROOT, 'fixtures/logo-307k.v2.spz')],
};

/**
 * Makes one asset folder for each recipe, by the command line.
 *
 * @param folder - Where they go; exists.
 */
export async function makeTestAssets(folder: string): Promise<void> {
  await Promise.all(
    Object.entries(RECIPES).map(async ([name, recipe]) => {
      await runMaquette([...recipe, '--profile', 'blender', '--out', join(folder, name)], {
        MAQUETTE_HOME: join(folder, `.home-${name}`),
      });
    }),
  );
}

/** Runs the command line to its end: what people install, or its source where nothing is built. */
export async function runMaquette(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return await run(process.execPath, [...maquetteProgram(), ...args], { env: { PATH: process.env.PATH, ...env } });
}

/** Arguments of Node that start the command line. */
export function maquetteProgram(): readonly string[] {
  const bundle = join(ROOT, 'packages/sdk/dist/cli/main.js');
  return existsSync(bundle) ? [bundle] : ['--conditions=source', join(ROOT, 'packages/sdk/src/cli/main.ts')];
}
