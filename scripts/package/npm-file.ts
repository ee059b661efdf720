import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CACHE, ROOT, SentenceError } from '../bootstrap/common.mjs';

/** A package as the registry has it. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** `sha512-…`, as lockfiles have it. */
  readonly integrity: string;
}

const BLOCK = 512;
const REGULAR_FILE = new Set(['0', '\0']);

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
  return readTar(gunzipSync(bytes));
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

/** The regular files of a tar, without the folder that npm puts around them. @source POSIX.1-1988 ustar. */
function readTar(tar: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const text = (start: number, length: number): string =>
    Buffer.from(tar.subarray(start, start + length))
      .toString()
      .replace(/\0.*$/s, '');
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const prefix = text(at + 345, 155);
    const name = `${prefix === '' ? '' : `${prefix}/`}${text(at, 100)}`;
    const data = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (REGULAR_FILE.has(String.fromCharCode(tar[at + 156] ?? 0))) files.set(name.replace(/^[^/]*\//, ''), data);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
