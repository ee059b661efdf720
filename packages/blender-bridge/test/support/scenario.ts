import { inject } from 'vitest';
import type { Blender } from '../../../../scripts/testing/blender/prepare.ts';
import {
  type BlenderCall,
  type BlenderEnd,
  type RunningBlender,
  resultOf,
  startBlender,
} from '../../../../scripts/testing/blender/run-blender.ts';
import { scriptPath } from './blenders.ts';

/** How a scenario is run: what {@link BlenderCall} leaves open. */
export type ScenarioOptions = Omit<BlenderCall, 'script' | 'args'>;

/** A scenario that may still run. */
export interface RunningScenario<Result> extends RunningBlender {
  /** What the script found. Rejects with the end of the log if Blender did not end well. */
  readonly result: Promise<Result>;
}

/**
 * Starts a script of tests/blender with the packed add-on.
 *
 * @param name - Name of the file between `scenario_` and `.py`.
 */
export async function startScenario<Result>(
  blender: Blender,
  name: string,
  args: readonly string[],
  options: ScenarioOptions,
): Promise<RunningScenario<Result>> {
  const running = await startBlender(blender, {
    ...options,
    script: scriptPath(`scenario_${name}.py`),
    args,
    visible: [inject('assets'), inject('addon'), ...(options.visible ?? [])],
    env: { MAQUETTE_TEST_ASSETS: inject('assets'), MAQUETTE_TEST_ADDON: `${inject('addon')}/maquette`, ...options.env },
  });
  const result = running.finished.then((end: BlenderEnd) => resultOf(blender, options, end) as Result);
  result.catch(() => undefined); // whoever waits for it is told
  return { ...running, result };
}

/** Runs a scenario to its end. */
export async function runScenario<Result>(
  blender: Blender,
  name: string,
  args: readonly string[],
  options: ScenarioOptions,
): Promise<Result> {
  const { result } = await startScenario<Result>(blender, name, args, options);
  return await result;
}

/** A job as the service tells it; what is looked at here. */
export interface JobView {
  readonly job: string;
  readonly state: string;
  readonly prompt: string;
  readonly provider: string;
  readonly output: string;
  readonly folder?: string;
  readonly credit: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** An object of a scene, as harness.py describes it. Metres, Blender's frame. */
export interface SceneObject {
  readonly type: string;
  readonly job: string | null;
  readonly manifest: string | null;
  readonly location: readonly number[];
  readonly instances: string | null;
  readonly isAsset: boolean;
  readonly vertices?: number;
  readonly triangles?: number;
  readonly bounds?: { readonly min: readonly number[]; readonly max: readonly number[] };
  readonly attributes?: readonly string[];
  readonly modifiers?: readonly string[];
  /** Names of the materials, with the width and height of their pictures. */
  readonly materials?: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/** What stands in a scene. */
export interface Scene {
  readonly collections: Readonly<Record<string, readonly string[]>>;
  readonly objects: Readonly<Record<string, SceneObject>>;
}
