// What an artist waits for when an asset lands in Blender. npm run bench -- blender-import [rounds].
// Peers: Blender's own importer on the same GLB files; a splat set value by value, row by row, from the same PLY file.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { maquetteProgram } from '../packages/blender-bridge/test/support/test-assets.ts';
import { type Blender, prepareBlenders } from '../scripts/testing/blender/prepare.ts';
import { blenderCacheFolder } from '../scripts/testing/blender/releases.ts';
import { endProcessesOf, runBlender } from '../scripts/testing/blender/run-blender.ts';
import { median, printRow } from './timing.ts';
import { writeMeshBall } from './write-mesh-ball.ts';
import { writeSplatBall } from './write-splat-ball.ts';

const TIMEOUT_MS = 1_200_000;
const BALL_GAUSSIANS = 300_000;
const BALL_TRIANGLES = 1_000_000;
const PARTS_OF_A_SPLAT = [
  ['level', 'level 0'],
  ['asset', 'all levels, with display'],
  ['shown', 'the same, evaluated, undo'],
] as const;

/** Seconds on the clock, and of the processor, which other work on the machine changes little. */
type Taken = readonly [clock: number, processor: number];

interface MeshFigures {
  readonly triangles: readonly number[];
  /** Of each round: Blender's importer, ours, ours as one object. */
  readonly rounds: readonly { readonly importer: Taken; readonly ours: Taken; readonly asObject: Taken }[];
}

interface SplatFigures {
  readonly gaussians: number;
  readonly properties: number;
  /**
   * Of each round: the first level as an object with all attributes; the asset, which is all levels and their display; that
   * with its step of undo and the display evaluated for the first time.
   */
  readonly rounds: readonly { readonly level: Taken; readonly asset: Taken; readonly shown: Taken }[];
  /** For the first level, row by row. */
  readonly rowByRow: Taken;
}

const rounds = process.argv[2] ?? '3';
const root = new URL('..', import.meta.url).pathname;
const cache = join(dirname(blenderCacheFolder()), 'benchmarks');
mkdirSync(cache, { recursive: true });
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'maquette-benchmark-')));
try {
  const blenders = await prepareBlenders();
  const brain = join(process.env.MAQUETTE_ASSETS ?? join(root, '../shared/assets'), 'mesh/mri-brain-619k-tex.glb');
  const meshes = [makeLevels(make('mesh-ball.glb', () => writeMeshBall(BALL_TRIANGLES)))];
  if (existsSync(brain)) meshes.push(makeLevels(brain));
  else console.log('No scan: MAQUETTE_ASSETS names no folder with mesh/mri-brain-619k-tex.glb.');
  const ball = make('ball.ply', () => writeSplatBall(BALL_GAUSSIANS));
  const splats = [makeLevels(join(root, 'fixtures/logo-307k.v2.spz')), makeLevels(ball)];
  for (const blender of blenders) {
    if (blender.missing !== null) {
      console.log(`Blender ${blender.name}: ${blender.missing}`);
      continue;
    }
    for (const mesh of meshes) {
      const figures = await run<MeshFigures>(blender, 'bench_import_mesh.py', [mesh, rounds]);
      printMesh(blender, basename(mesh), figures);
    }
    for (const splat of splats) {
      printSplat(
        blender,
        basename(splat),
        await run<SplatFigures>(blender, 'bench_import_level_set.py', [splat, rounds]),
      );
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

async function run<Figures>(blender: Blender, script: string, args: readonly string[]): Promise<Figures> {
  const person = mkdtempSync(join(scratch, 'run-'));
  try {
    return (await runBlender(blender, {
      script: join(root, 'packages/blender-bridge/tests/blender', script),
      args,
      scratch: person,
      visible: [cache],
      timeoutMs: TIMEOUT_MS,
    })) as Figures;
  } finally {
    endProcessesOf(person);
  }
}

function printMesh(blender: Blender, name: string, { triangles, rounds: all }: MeshFigures): void {
  const count = triangles.reduce((sum, level) => sum + level, 0);
  console.log(`Blender ${blender.name}, ${sourceOf(name)}: ${count} triangles in levels of ${triangles.join(', ')}`);
  for (const [name, of] of [['levels', 'ours'] as const, ['levels, one object', 'asObject'] as const]) {
    const ours = all.map((round) => round[of]);
    const peer = all.map((round) => round.importer);
    printBoth(name, ours, peer, "Blender's importer");
  }
}

function printSplat(
  blender: Blender,
  name: string,
  { gaussians, properties, rounds: all, rowByRow }: SplatFigures,
): void {
  console.log(
    `Blender ${blender.name}, ${sourceOf(name)}: ${gaussians} gaussians, ${properties} properties; level 0 row by row ${rowByRow[0].toFixed(1)} s`,
  );
  for (const [part, title] of PARTS_OF_A_SPLAT) {
    const ours = all.map((round) => round[part]);
    printBoth(title, ours, [rowByRow], 'level 0 row by row');
  }
}

/** What a folder of levels was made from. */
function sourceOf(folder: string): string {
  return folder.replace(/-[^-]*$/, '');
}

/** Prints the clock's figures as a row, and those of the processor below. */
function printBoth(name: string, ours: readonly Taken[], peer: readonly Taken[], peerName: string): void {
  for (const kind of [0, 1] as const) {
    const ratio = median(ours.map((taken, round) => taken[kind] / (peer[round] ?? (peer[0] as Taken))[kind]));
    const label = kind === 0 ? `  ${name}` : '    of the processor';
    printRow(label, 1000 * median(ours.map((taken) => taken[kind])), ratio, peerName);
  }
}

/** The levels of a file, made by the command line once and then kept. */
function makeLevels(file: string): string {
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
  const folder = join(cache, `${basename(file).split('.')[0]}-${digest}`);
  if (!existsSync(folder)) {
    console.log(`Making levels of ${basename(file)}, once …`);
    execFileSync(process.execPath, [...maquetteProgram(), 'lod', file, '--profile', 'blender', '--out', folder], {
      env: { PATH: process.env.PATH, MAQUETTE_HOME: join(scratch, 'home') },
      stdio: 'ignore',
    });
  }
  return folder;
}

/** A file that is written once and then kept. */
function make(name: string, write: () => Uint8Array): string {
  const file = join(cache, name);
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, write());
    renameSync(`${file}.new`, file);
  }
  return file;
}
