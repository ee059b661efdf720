import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CACHE, ROOT, SentenceError } from '../bootstrap/common.mjs';
import { readTarball } from './tarball.ts';

/** A package as the registry has it. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** `sha512-…`, as lockfiles have it. */
  readonly integrity: string;
}

/** The packages of the lockfile whose name begins with `prefix`. */
export function lockedPackages(prefix: string): readonly NpmPackage[] {
  const lockfile = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8');
  const pattern = /^ {2}'?([^\s':]+)@([^\s'@:]+)'?:\n {4}resolution: \{integrity: (sha512-[\w+/=]+)\}/gm;
  return [...lockfile.matchAll(pattern)].flatMap(([, name = '', version = '', integrity = '']) =>
    name.startsWith(prefix) ? [{ name, version, integrity }] : [],
  );
}

/**
 * The files of a package by their path in it, whatever system it is for. Fetched through npm, kept in the cache, and used
 * only if it is what the integrity says.
 */
export function readNpmPackage({ name, version, integrity }: NpmPackage): ReadonlyMap<string, Uint8Array> {
  const installed = join(ROOT, 'node_modules/.pnpm', `${name.replace('/', '+')}@${version}`, 'node_modules', name);
  if (existsSync(installed)) return readFolder(installed); // the installer has checked it
  const folder = join(CACHE, 'npm');
  const path = join(folder, `${name.replace('/', '+')}@${version}.tgz`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    fetchPackage(`${name}@${version}`, folder, path);
  }
  const bytes = readFileSync(path);
  const actual = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (actual !== integrity) {
    rmSync(path);
    throw new SentenceError(`The package ${name} ${version} is not what it was when it was pinned.`);
  }
  return readTarball(bytes);
}

function readFolder(folder: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path).replaceAll('\\', '/'), readFileSync(path));
  }
  return files;
}

function fetchPackage(spec: string, folder: string, path: string): void {
  // under `npm run` npm says where it is
  const script = process.env.npm_execpath;
  const [command, before] = script === undefined ? ['npm', []] : [process.execPath, [script]];
  const result = spawnSync(command, [...before, 'pack', spec, '--json', '--pack-destination', folder], {
    cwd: CACHE, // away from this workspace's settings
    encoding: 'utf8',
    shell: script === undefined && process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const filename = result.status === 0 ? JSON.parse(result.stdout)[0]?.filename : undefined;
  if (typeof filename !== 'string') {
    const reason = /^npm (?:error|ERR!) (?!code)(.*)$/m.exec(result.stderr ?? '')?.[1] ?? 'it does not say why';
    throw new SentenceError(`npm cannot fetch ${spec}: ${reason}.`);
  }
  renameSync(join(folder, filename), path);
}
