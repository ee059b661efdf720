import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../bootstrap/common.mjs';
import { bundleHelper } from './bundle-helper.ts';
import { lockedPackages, type NpmPackage, readNpmPackage } from './npm-file.ts';
import { makeExecutable } from './single-executable.ts';
import type { Target } from './targets.ts';
import { describeThirdParties } from './third-party.ts';
import type { ZipEntry } from './zip.ts';

const BRIDGE = join(ROOT, 'packages', 'blender-bridge');
const ADD_ON = join(BRIDGE, 'addon', 'maquette');

/** Folder in the zip, and the add-on's id. */
const TOP = 'maquette';

/** Key store libraries of the systems that Blender runs on, as their packages end. */
const KEYRING = '@napi-rs/keyring-';
const KEYRING_SYSTEMS = [
  'darwin-arm64',
  'darwin-x64',
  'linux-arm64-gnu',
  'linux-x64-gnu',
  'win32-arm64-msvc',
  'win32-x64-msvc',
];

/** Version of everything that is packaged. */
export function addOnVersion(): string {
  return JSON.parse(readFileSync(join(BRIDGE, 'package.json'), 'utf8')).version;
}

/** The add-on for any machine with a Node. */
export async function portableAddOn(): Promise<readonly ZipEntry[]> {
  return collect(await bundleHelper('module'), KEYRING_SYSTEMS);
}

/** The add-on for this machine, with its Node: what tests install. Needs no network. */
export async function addOnForThisMachine(): Promise<readonly ZipEntry[]> {
  const own = `${process.platform}-${process.arch}`;
  return collect(
    await bundleHelper('module'),
    KEYRING_SYSTEMS.filter((system) => system.startsWith(own)),
  );
}

/** The add-on for one kind of machine, which needs nothing else. */
export async function selfContainedAddOn(target: Target): Promise<readonly ZipEntry[]> {
  const { code } = await bundleHelper('script');
  const entries = await collect(
    // for those who name a Node in the preferences
    await bundleHelper('module'),
    KEYRING_SYSTEMS.filter((system) => system.startsWith(target.node.platform)),
    `platforms = ["${target.blenderPlatform}"]\n`,
  );
  const licence = readNpmPackage(target.node).get('LICENSE');
  const suffix = target.node.platform.startsWith('win32') ? '.exe' : '';
  return [
    ...entries,
    { name: `${TOP}/maquette-helper${suffix}`, bytes: makeExecutable(code, target), isExecutable: true },
    ...(licence === undefined ? [] : [{ name: `${TOP}/LICENSE.node`, bytes: licence }]),
  ];
}

/** @param manifestHead - Goes into the add-on's manifest before its first table. */
async function collect(
  { code, inputs }: { readonly code: string; readonly inputs: readonly string[] },
  systems: readonly string[],
  manifestHead = '',
): Promise<readonly ZipEntry[]> {
  const natives = new Map<NpmPackage, ReadonlyMap<string, Uint8Array>>();
  for (const library of lockedPackages(KEYRING)) {
    if (systems.includes(library.name.slice(KEYRING.length))) natives.set(library, readNpmPackage(library));
  }
  if (natives.size !== systems.length) throw new Error(`The lockfile does not name ${KEYRING}{${systems.join(',')}}.`);
  const entries: ZipEntry[] = [
    ...sources(manifestHead),
    text('helper.mjs', code),
    { name: `${TOP}/LICENSE`, bytes: readFileSync(join(ROOT, 'LICENSE')) },
    text('THIRD_PARTY.txt', describeThirdParties(inputs, natives)),
  ];
  for (const files of natives.values()) {
    for (const [name, bytes] of files) {
      if (name.endsWith('.node')) entries.push({ name: `${TOP}/native/${name}`, bytes });
    }
  }
  return entries;
}

/** The add-on as it lies in the repository. */
function sources(manifestHead: string): readonly ZipEntry[] {
  return readdirSync(ADD_ON, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/\.(py|toml)$/.test(entry.name)) return [];
    const bytes = readFileSync(path);
    const name = relative(ADD_ON, path).replaceAll('\\', '/');
    if (name !== 'blender_manifest.toml') return [{ name: `${TOP}/${name}`, bytes }];
    return [text(name, bytes.toString().replace(/^(?=\[permissions\])/m, `${manifestHead}\n`))];
  });
}

function text(name: string, content: string): ZipEntry {
  return { name: `${TOP}/${name}`, bytes: Buffer.from(content) };
}
