import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, inject, it } from 'vitest';
import type { Blender } from '../../../../scripts/testing/blender/prepare.ts';
import { endProcessesOf } from '../../../../scripts/testing/blender/run-blender.ts';
import { ROOT } from '../../../../scripts/testing/run-process.ts';

const BLENDER_FOLDER = join(ROOT, 'packages/blender-bridge');

/** A Python file that runs inside Blender. */
export function scriptPath(name: string): string {
  return join(BLENDER_FOLDER, 'tests/blender', name);
}

/**
 * Describes the same for every Blender. One that is missing is skipped with its reason; with CI set it fails with it.
 *
 * @param options - `isConcurrent`: in all Blenders at the same time, for tests that mostly wait.
 */
export function describeBlenders(
  title: string,
  body: (blender: Blender, scratch: () => string) => void,
  options: { readonly isConcurrent?: boolean } = {},
): void {
  for (const blender of inject('blenders')) {
    describe(`${title} in Blender ${blender.name}`, { concurrent: options.isConcurrent === true }, () => {
      const reason = blender.missing;
      if (reason !== null) {
        it(`is there: ${reason}`, (context) => {
          if (process.env.CI) throw new Error(reason);
          context.skip(reason);
        });
        return;
      }
      body(blender, useScratch());
    });
  }
}

/**
 * Gives tests folders to run Blender with. After the last of them everything that was started is ended and the folders are
 * removed.
 *
 * @returns Makes a new, empty folder.
 */
export function useScratch(): () => string {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) {
      endProcessesOf(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
  return () => {
    const folder = mkdtempSync(join(inject('scratch'), 'run-'));
    made.push(folder);
    return folder;
  };
}
