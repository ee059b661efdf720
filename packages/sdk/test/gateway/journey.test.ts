import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/foundation/random.ts';
import { create404Provider, createNodeCodecs, createNodeStudio } from '../../src/node.ts';
import type { AssetManifest } from '../../src/pipeline/manifest.ts';
import { readManifest } from '../../src/pipeline/manifest.ts';
import { writePly } from '../../src/splat/write-ply.ts';
import type { Studio } from '../../src/studio/create-studio.ts';
import type { GenerateOptions } from '../../src/studio/generate-options.ts';
import { type RunningGateway, startGatewayStandIn } from '../../src/testing/index.ts';
import { createSandbox, parseLines } from '../command/sandbox.ts';
import { smallSplat } from '../kill/small-splat.ts';
import { PICTURE } from './bench.ts';
import { digestOf } from './fast-studio.ts';

let root: string;
let server: RunningGateway;
let studio: Studio;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maquette-journey-'));
  server = await startGatewayStandIn({ limits: 'off', workers: () => [{}, {}, {}] });
  studio = await createNodeStudio({
    home: join(root, 'home'),
    env: { MAQUETTE_404_KEY: server.key },
    providers: [create404Provider({ url: server.url })],
  });
});
afterAll(async () => {
  await studio.close();
  await server.close();
  await rm(root, { recursive: true, force: true });
});

/** Orders, and reads the folder that comes of it. */
async function make(
  name: string,
  order: GenerateOptions,
  files: readonly Uint8Array[] | null = null,
): Promise<{ folder: string; manifest: AssetManifest; names: string[]; read: (file: string) => Promise<Buffer> }> {
  if (files !== null) server.gateway.scriptNext(files.map((file) => ({ file })));
  const folder = join(root, name);
  const job = await studio.generate({ ...order, delivery: { folder } });
  await job.result();
  const read = (file: string): Promise<Buffer> => readFile(join(folder, file));
  return { folder, manifest: readManifest(await read('manifest.json')), names: (await readdir(folder)).sort(), read };
}

/** Bytes of a result as the gateway serves them, asked for without Maquette. */
async function download(task: string | undefined): Promise<Buffer> {
  const answer = await fetch(`${server.url}/get_result?id=${task}`, { headers: { 'x-api-key': server.key } });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

const small = { ratios: [0.5], thumbnailSize: 64 };

/** Rows of a binary PLY of floats, read without Maquette. */
function plyRows(file: Uint8Array): { names: string[]; rows: Float32Array[] } {
  const text = Buffer.from(file).toString('latin1');
  const end = text.indexOf('end_header\n') + 'end_header\n'.length;
  const names = [...text.slice(0, end).matchAll(/property float (\w+)/g)].map((match) => match[1] as string);
  const count = Number(/element vertex (\d+)/.exec(text)?.[1]);
  const floats = new Float32Array(new Uint8Array(file.subarray(end)).buffer);
  expect(floats.length).toBe(count * names.length);
  return {
    names,
    rows: Array.from({ length: count }, (_, row) => floats.subarray(row * names.length, (row + 1) * names.length)),
  };
}

/** A splat of which some gaussians have numbers that are none, each in another member. */
function brokenSplat(): { file: Uint8Array; broken: number } {
  const count = 400;
  const random = createRandom('broken splat');
  const fill = (length: number, low: number, high: number): Float32Array =>
    Float32Array.from({ length }, () => random.range(low, high));
  const splat = {
    count,
    positions: fill(count * 3, -0.5, 0.5),
    scales: fill(count * 3, -5, -3),
    rotations: Float32Array.from({ length: count * 4 }, (_, index) => (index % 4 === 3 ? 1 : 0)),
    // each one is only there once, so that gaussians can be told apart
    opacities: Float32Array.from({ length: count }, (_, index) => -2 + index / 64),
    colors: fill(count * 3, -1, 1),
    shDegree: 1 as const,
    harmonics: fill(count * 9, -0.2, 0.2),
  };
  splat.positions[3 * 5] = Number.NaN;
  splat.positions[3 * 6 + 2] = Number.POSITIVE_INFINITY;
  splat.scales[3 * 7 + 1] = Number.NaN;
  splat.rotations[4 * 8] = Number.NEGATIVE_INFINITY;
  splat.colors[3 * 9] = Number.NaN;
  splat.harmonics[9 * 10 + 4] = Number.NaN;
  splat.opacities[11] = Number.NaN;
  return { file: writePly(splat), broken: 7 };
}

describe('a text becomes a splat', () => {
  it('with the raw bytes as served, levels, a thumbnail, and where it comes from', async () => {
    const { manifest, names, read } = await make('lantern', {
      prompt: 'a mossy stone lantern',
      seed: 77,
      processing: { thumbnailSize: 64 },
    });
    expect(names).toEqual([
      'lod0.ply',
      'lod1.ply',
      'lod2.ply',
      'lod3.ply',
      'manifest.json',
      'raw.spz',
      'thumbnail.png',
    ]);
    const task = server.gateway.tasks.at(-1);
    expect((await read('raw.spz')).equals(await download(task?.id))).toBe(true);
    expect(manifest).toMatchObject({
      kind: 'splat',
      name: 'a mossy stone lantern',
      credit: 'Generated with 404-GEN',
      licence: 'Terms of 404-GEN',
      provenance: { prompt: 'a mossy stone lantern', provider: '404', model: '404-3dgs', seed: 77, task: task?.id },
      spend: { estimate: { amount: 0.15, currency: 'USD' }, actual: { amount: 0.15, currency: 'USD' } },
      raw: { file: 'raw.spz', digest: digestOf(await read('raw.spz')) },
      warnings: [],
    });
    expect(task).toMatchObject({ seed: 77, prompt: 'a mossy stone lantern' });
    const counts = manifest.levels.map((level) => Number(level.gaussians));
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    for (const [level, { file, digest, bytes }] of manifest.levels.entries()) {
      const written = await read(file);
      expect({ digest: digestOf(written), bytes: written.length }).toEqual({ digest, bytes });
      expect(plyRows(written).rows).toHaveLength(counts[level] ?? -1);
    }
  });

  it('whose level 0 has exactly the finite gaussians of the raw file', async () => {
    const { file, broken } = brokenSplat();
    const { manifest, names, read } = await make('broken', { prompt: 'a cracked lantern', processing: small }, [
      file,
      file,
      file,
    ]);
    expect(names).toEqual(['lod0.ply', 'lod1.ply', 'manifest.json', 'raw.ply', 'thumbnail.png']);
    expect((await read('raw.ply')).equals(file)).toBe(true);
    const raw = plyRows(file);
    const finite = raw.rows.filter((row) => row.every(Number.isFinite));
    expect(raw.rows.length - finite.length).toBe(broken);
    const kept = plyRows(await read('lod0.ply'));
    const opacities = ({ names: columns, rows }: ReturnType<typeof plyRows>): number[] =>
      rows.map((row) => row[columns.indexOf('opacity')] as number).sort((a, b) => a - b);
    expect(opacities(kept)).toEqual(opacities({ names: raw.names, rows: finite }));
    expect(kept.rows.every((row) => row.every(Number.isFinite))).toBe(true);
    expect(manifest.levels[0]).toMatchObject({ gaussians: finite.length, shDegree: 1 });
  });

  it('with the results of further workers beside it', async () => {
    const files = [1, 2, 3].map((seed) => new Uint8Array(smallSplat(seed)));
    const order = { prompt: 'a brass lantern', options: { candidates: '3' }, processing: small };
    const { manifest, names, read } = await make('candidates', order, files);
    expect(names).toEqual([
      'candidate-2.spz',
      'candidate-3.spz',
      'lod0.ply',
      'lod1.ply',
      'manifest.json',
      'raw.spz',
      'thumbnail.png',
    ]);
    const [first, second, third] = files.map(digestOf);
    expect(manifest.raw.digest).toBe(first);
    expect(manifest.candidates).toMatchObject([
      { file: 'candidate-2.spz', digest: second },
      { file: 'candidate-3.spz', digest: third },
    ]);
    expect(digestOf(await read('candidate-2.spz'))).toBe(second);
    expect(digestOf(await read('candidate-3.spz'))).toBe(third);
    expect(manifest.spend?.actual).toEqual({ amount: 0.15, currency: 'USD' });
  });
});

describe('a picture becomes', () => {
  it('a mesh with levels the Khronos validator finds nothing wrong with', async () => {
    const { validator } = await createNodeCodecs();
    const order = { prompt: { images: [PICTURE] }, processing: { thumbnailSize: 64 } };
    const { manifest, names, read } = await make('mesh', order);
    expect(names).toEqual([
      'lod0.glb',
      'lod1.glb',
      'lod2.glb',
      'lod3.glb',
      'manifest.json',
      'raw.glb',
      'thumbnail.png',
    ]);
    const task = server.gateway.tasks.at(-1);
    expect(task).toMatchObject({ model: { name: '404-mesh' }, prompt: null });
    expect((await read('raw.glb')).equals(await download(task?.id))).toBe(true);
    expect(manifest).toMatchObject({
      kind: 'mesh',
      provenance: {
        provider: '404',
        model: '404-mesh',
        seed: task?.seed,
        inputs: [{ digest: digestOf(PICTURE), mediaType: 'image/png' }],
      },
      spend: { actual: { amount: 0.25, currency: 'USD' } },
    });
    const triangles = manifest.levels.map((level) => Number(level.triangles));
    expect(new Set(triangles).size).toBe(4);
    expect(triangles).toEqual([...triangles].sort((a, b) => b - a));
    for (const { file } of manifest.levels) {
      const report = await validator?.validate(await read(file));
      expect(
        report?.issues.filter(({ severity }) => severity === 'error' || severity === 'warning'),
        file,
      ).toEqual([]);
    }
  });

  it('a splat where one is asked for', async () => {
    const order: GenerateOptions = { prompt: { images: [PICTURE] }, output: 'splat', processing: small };
    const { manifest, names } = await make(
      'splat',
      order,
      [1, 2, 3].map((seed) => new Uint8Array(smallSplat(seed))),
    );
    expect(names).toEqual(['lod0.ply', 'lod1.ply', 'manifest.json', 'raw.spz', 'thumbnail.png']);
    expect(manifest).toMatchObject({ kind: 'splat', provenance: { model: '404-3dgs' } });
    expect(server.gateway.tasks.at(-1)?.image).not.toBeNull();
  });
});

describe('from the command line', () => {
  it('a cancelled task may still be charged, and comes back by its id', async () => {
    const sandbox = await createSandbox();
    try {
      const env = { MAQUETTE_404_URL: server.url, MAQUETTE_404_KEY: server.key };
      server.gateway.scriptNext([]);
      const order = ['generate', 'a tin lantern', '--provider', '404', '--out', 'lantern', '--json'];
      const running = sandbox.start(order, { env });
      const started = await running.lineWith((line) => line.type === 'operation-started');
      const { job, taskId } = started as { job: string; taskId: string };
      const cancelled = await sandbox.run(['jobs', 'cancel', job], { env });
      expect(cancelled.status).toBe(0);
      expect(cancelled.stderr).toContain('may still be charged');
      expect(cancelled.stderr).toContain(`maquette jobs adopt 404 ${taskId}`);
      expect((await running.finished).status).toBe(1);
      expect(sandbox.names()).toEqual([]);

      const before = server.gateway.submissions.received;
      server.gateway.control(taskId).succeed({ file: new Uint8Array(smallSplat(9)) });
      const adopted = await sandbox.run(['jobs', 'adopt', '404', taskId, '--out', 'adopted', '--json'], { env });
      expect({ status: adopted.status, stderr: adopted.stderr }).toMatchObject({ status: 0 });
      const folder = join(sandbox.folder, 'adopted');
      expect(parseLines(adopted.stdout).at(-1)).toMatchObject({ type: 'result', state: 'succeeded', folder });
      expect(digestOf(await readFile(join(folder, 'raw.spz')))).toBe(digestOf(smallSplat(9)));
      expect(server.gateway.submissions.received).toBe(before);
      const list = parseLines((await sandbox.run(['jobs', 'list', '--json'], { env })).stdout);
      expect(list).toMatchObject([
        { state: 'succeeded', operation: taskId },
        { state: 'cancelled', operation: taskId },
      ]);
    } finally {
      await sandbox.remove();
    }
  });
});
