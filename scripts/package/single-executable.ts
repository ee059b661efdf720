import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SentenceError } from '../bootstrap/common.mjs';
import { readNpmPackage } from './npm-file.ts';
import { TARGETS, type Target } from './targets.ts';

/**
 * The helper and a Node of its own in one file, unsigned.
 *
 * The text lies in it twice: to be run, and to be handed to the thread that processes results.
 *
 * @param script - The helper as a CommonJS script.
 * @source Node 26.10, "Single executable applications".
 */
export function makeExecutable(script: string, target: Target): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'maquette-executable-'));
  try {
    const write = (name: string, content: Uint8Array | string): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    };
    const main = write('helper.cjs', script);
    const output = join(folder, 'output');
    const configuration = write(
      'configuration.json',
      JSON.stringify({
        main,
        output,
        executable: write('node', binaryOf(target)),
        disableExperimentalSEAWarning: true,
        // compiled code fits one version, system and processor: not what it is built on
        useCodeCache: false,
        assets: { 'helper.cjs': main },
      }),
    );
    const builder = write(process.platform === 'win32' ? 'builder.exe' : 'builder', binaryOf(thisMachine()));
    chmodSync(builder, 0o755);
    const result = spawnSync(builder, ['--build-sea', configuration], { cwd: folder, encoding: 'utf8' });
    if (result.status !== 0) {
      throw new SentenceError(`Node cannot make the executable for ${target.name}: ${result.stderr.trim()}`);
    }
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function binaryOf({ node, binary }: Target): Uint8Array {
  const bytes = readNpmPackage(node).get(binary);
  if (bytes === undefined) throw new SentenceError(`The package ${node.name} holds no ${binary}.`);
  return bytes;
}

function thisMachine(): Target {
  const own = `${process.platform}-${process.arch}`;
  const target = TARGETS.find(({ platform }) => platform === own);
  if (target !== undefined) return target;
  throw new SentenceError(`Executables cannot be made on ${own}; leave them out with --only npm,blender.`);
}
