import { readdirSync, readFileSync } from 'node:fs';

/** A process that runs the add-on's helper. */
export interface HelperProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * The helpers that were started with a scratch folder and still run.
 *
 * @param scratch - The folder its Blender was started with.
 */
export function helpersOf(scratch: string): readonly HelperProcess[] {
  const found: HelperProcess[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`MAQUETTE_TEST_SCRATCH=${scratch}`))
        continue;
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (/helper(\.mjs)? serve/.test(command)) found.push({ pid, command });
    } catch {
      // gone in this moment
    }
  }
  return found;
}
