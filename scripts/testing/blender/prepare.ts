import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withFileLock } from './file-lock.ts';
import { BLENDER_RELEASES, type BlenderName, type BlenderRelease, blenderCacheFolder } from './releases.ts';

const run = promisify(execFile);
const MAKING_TIMEOUT_MS = 900_000;

/** A Blender for tests. Plain data: it travels to the processes tests run in. */
export interface Blender {
  readonly name: BlenderName;
  /** The system it lies in, a folder to change root into. */
  readonly root: string;
  /** Folder for compiled shaders, shared by all runs of this version. */
  readonly shaders: string;
  /** Why it is missing, one sentence; null if it is there. */
  readonly missing: string | null;
}

/**
 * Makes sure that every Blender lies in the cache. Those that are missing are made at once, in about two minutes.
 *
 * @returns One for each release, in order; those that cannot be had say why.
 */
export async function prepareBlenders(): Promise<readonly Blender[]> {
  const cache = blenderCacheFolder();
  const obstacle = whyNoBlender();
  return await Promise.all(
    BLENDER_RELEASES.map(async (release) => ({
      name: release.name,
      root: join(cache, release.suite),
      shaders: join(cache, `${release.suite}-shaders`),
      missing: obstacle ?? (await ensureRelease(cache, release)),
    })),
  );
}

/** What stands against running any Blender here, or null. */
function whyNoBlender(): string | null {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) {
    return 'Blender is tested in systems made from Debian packages, which needs Debian.';
  }
  if (process.getuid?.() !== 0) return 'Blender is tested in systems of its own (chroot), which only root can start.';
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) {
    return 'Blender is tested in a mount namespace of its own, which this system does not allow.';
  }
  return null;
}

/** Makes a release unless it is there. Returns why it could not be made, or null. */
async function ensureRelease(cache: string, release: BlenderRelease): Promise<string | null> {
  const root = join(cache, release.suite);
  try {
    mkdirSync(join(cache, `${release.suite}-shaders`), { recursive: true });
    if (isComplete(root, release)) return null;
    await withFileLock(join(cache, `${release.suite}.lock`), async () => {
      if (!isComplete(root, release)) await makeRelease(cache, release);
    });
    return null;
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    const lines = (stderr.trim() === '' ? message : stderr).trim().split('\n');
    return `Blender ${release.name} cannot be made from Debian ${release.suite}: ${lines.slice(-3).join(' ')}`;
  }
}

/**
 * Whether the system there holds every package of the release, by its own package database. A folder is renamed to this
 * place when it is finished, so that half a system is never seen.
 */
function isComplete(root: string, { packages }: BlenderRelease): boolean {
  const database = join(root, 'var/lib/dpkg/status');
  if (!existsSync(database)) return false;
  const installed = new Set(
    readFileSync(database, 'utf8')
      .split('\n\n')
      .filter((entry) => entry.includes('\nStatus: install ok installed\n'))
      .map((entry) => /^Package: (.*)$/m.exec(entry)?.[1]),
  );
  return packages.every((name) => installed.has(name));
}

async function makeRelease(cache: string, release: BlenderRelease): Promise<void> {
  const { suite, packages } = release;
  console.log(`Making Blender ${release.name} from Debian ${suite}, about 300 MB, once …`);
  const startedAt = performance.now();
  const prefix = `.${suite}-`;
  // whoever left one behind is gone: the lock is ours
  for (const name of readdirSync(cache)) if (name.startsWith(prefix)) removeSystem(join(cache, name));
  const made = join(cache, `${prefix}${process.pid}`);
  try {
    // a namespace of its own: whatever ends this, nothing stays mounted
    await run(
      'unshare',
      [
        '--mount',
        'mmdebstrap',
        '--quiet',
        '--variant=apt',
        ...['APT::Install-Recommends "false"', 'Acquire::Check-Valid-Until "false"', ...aptProxies()].map(
          (option) => `--aptopt=${option}`,
        ),
        ...['doc', 'man', 'locale'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
        `--include=${packages.join(',')}`,
        suite,
        made,
        `deb ${debianMirror()} ${suite} main`,
      ],
      { timeout: MAKING_TIMEOUT_MS, maxBuffer: 1 << 26, env: { ...process.env, TMPDIR: '/tmp' } },
    );
    rmSync(join(made, 'etc/mtab'), { force: true });
    symlinkSync('../proc/self/mounts', join(made, 'etc/mtab'));
    await run('chroot', [made, 'blender', '--background', '--version']);
    const place = join(cache, suite);
    if (existsSync(place)) renameSync(place, join(cache, `${prefix}outdated`));
    renameSync(made, place);
  } finally {
    for (const name of readdirSync(cache)) if (name.startsWith(prefix)) removeSystem(join(cache, name));
  }
  console.log(`Blender ${release.name} is ready after ${Math.round((performance.now() - startedAt) / 1000)} s.`);
}

/** Stays on its own file system: what may be mounted there by hand belongs to somebody. */
function removeSystem(root: string): void {
  spawnSync('rm', ['--recursive', '--force', '--one-file-system', root]);
}

/** Where this system gets its own Debian packages from. */
function debianMirror(): string {
  const format = '$(REPO_URI) $(ORIGIN) $(RELEASE)';
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', format], { encoding: 'utf8' });
  const found = /^(\S+) Debian [a-z]+$/m.exec(stdout ?? '');
  return found?.[1] ?? 'http://deb.debian.org/debian';
}

/** Proxies that apt uses here, as lines of its configuration. */
function aptProxies(): readonly string[] {
  const { stdout } = spawnSync('apt-config', ['dump'], { encoding: 'utf8' });
  return (stdout ?? '').split('\n').filter((line) => /^Acquire::https?::Proxy/.test(line));
}
