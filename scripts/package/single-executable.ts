import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, SentenceError } from '../bootstrap/common.mjs';
import { readNpmPackage } from './npm-file.ts';
import { type NodePackage, node26, type Target } from './targets.ts';

/** Where postject puts it, and the text in every Node that it changes to say so. @source Node 24, "Single executable applications" */
const PLACE = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * The helper and a Node of its own in one file, unsigned.
 *
 * The text lies in it twice: to be run, and to be handed to the thread that processes results.
 *
 * @param script - The helper as a CommonJS script.
 * @source Node 24.21 and 26.10, "Single executable applications".
 */
export function makeExecutable(script: string, { name, node, method }: Target): Uint8Array {
  const own = `${process.platform}-${process.arch}`;
  if (method === 'postject' && node.platform !== own) {
    throw new SentenceError(`The program for ${name} can only be made there; choose others with --targets.`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'maquette-executable-'));
  try {
    const write = (file: string, content: Uint8Array | string): string => {
      const path = join(folder, file);
      writeFileSync(path, content);
      return path;
    };
    const run = (program: string, ...args: readonly string[]): void => {
      const { status, stderr, error } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
      if (status !== 0)
        throw new SentenceError(`The program for ${name} cannot be made: ${error?.message ?? stderr.trim()}`);
    };
    const main = write('helper.cjs', script);
    const output = join(folder, 'output');
    const program = write('node.exe', readBinary(node));
    chmodSync(program, 0o755);
    const configuration = {
      main,
      output,
      disableExperimentalSEAWarning: true,
      // compiled code fits one version, system and processor: not what it is built on
      useCodeCache: false,
      assets: { 'helper.cjs': main },
    };
    if (method === 'build-sea') {
      const builder = write('builder.exe', readBinary(node26(own)));
      chmodSync(builder, 0o755);
      run(builder, '--build-sea', write('c.json', JSON.stringify({ ...configuration, executable: program })));
      return readFileSync(output);
    }
    run(program, '--experimental-sea-config', write('c.json', JSON.stringify(configuration)));
    const postject = join(ROOT, 'node_modules', 'postject', 'dist', 'cli.js');
    run(process.execPath, postject, program, PLACE, output, '--sentinel-fuse', FUSE);
    return readFileSync(program);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readBinary(node: NodePackage): Uint8Array {
  const bytes = readNpmPackage(node).get(node.binary);
  if (bytes === undefined) throw new SentenceError(`The package ${node.name} holds no ${node.binary}.`);
  return bytes;
}
