import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program of the system that some tests start. */
export interface SystemPackage {
  /** Name of the program on PATH. */
  readonly command: string;
  /** Debian package that holds it. */
  readonly debian: string;
  /** Further Debian packages that it is of no use without. */
  readonly alongside?: readonly string[];
  /** What tests use it for, completing "tests need …". */
  readonly purpose: string;
}

/**
 * Installs what is missing on Debian as root; elsewhere says what is missing and how to get it.
 *
 * @returns The packages that are still missing.
 */
export function ensureSystemPackages(packages: readonly SystemPackage[]): readonly SystemPackage[] {
  const missing = packages.filter(({ command }) => !isOnPath(command));
  if (missing.length === 0 || process.platform !== 'linux') return [];
  const names = missing.flatMap(({ debian, alongside = [] }) => [debian, ...alongside]);
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    console.log(`Installing ${names.join(', ')} …`);
    const failure = aptGet(['update']) ?? aptGet(['install', '--yes', '--no-install-recommends', ...names]);
    if (failure !== undefined) console.log(failure);
  }
  const left = missing.filter(({ command }) => !isOnPath(command));
  for (const { command, debian, purpose } of left) {
    console.log(
      `Tests need ${purpose}: "${command}" is missing; on Debian it comes with \`apt-get install ${debian}\`.`,
    );
  }
  return left;
}

/** What went wrong, or undefined. */
function aptGet(args: readonly string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync('apt-get', args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0 ? undefined : `${stdout ?? ''}${stderr ?? ''}`.trimEnd();
}

function isOnPath(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
