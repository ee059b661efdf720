import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create404Provider, createNodeStudio } from '../../src/node.ts';
import type { Studio } from '../../src/studio/create-studio.ts';
import { type RunningGateway, startGatewayStandIn } from '../../src/testing/index.ts';
import { png } from './bench.ts';

let home: string;
let gateway: RunningGateway;
let studio: Studio;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'maquette-studio-'));
  // results are there when they are first asked for: this is about files, not about time
  gateway = await startGatewayStandIn({ limits: 'off', workers: () => [{}, {}, {}] });
  studio = await createNodeStudio({
    home: join(home, 'home'),
    env: { MAQUETTE_404_KEY: gateway.key },
    providers: [create404Provider({ url: gateway.url })],
  });
});

afterAll(async () => {
  await studio.close();
  await gateway.close();
  await rm(home, { recursive: true, force: true });
});

/** One coarse level and a small picture: making them is tested where they are made. */
const processing = { ratios: [0.1], thumbnailSize: 64 };

async function manifestOf(folder: string) {
  return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
}

describe('404-GEN through a studio', () => {
  it('makes an asset folder of a text, with the bytes as they were served and further results beside them', async () => {
    const folder = join(home, 'lantern');
    const order = { prompt: 'a mossy stone lantern', seed: 41, options: { candidates: '2' }, processing };
    await (await studio.generate({ ...order, delivery: { folder } })).result();
    const [task] = gateway.gateway.tasks;
    const manifest = await manifestOf(folder);
    expect(manifest).toMatchObject({
      kind: 'splat',
      credit: 'Generated with 404-GEN',
      licence: 'Terms of 404-GEN',
      provenance: { provider: '404', model: '404-3dgs', seed: 41, task: task?.id },
    });
    const query = `get_result?id=${task?.id}`;
    const served = await fetch(`${gateway.url}/${query}`, { headers: { 'x-api-key': gateway.key } });
    expect(Buffer.from(await served.arrayBuffer()).equals(await readFile(join(folder, 'raw.spz')))).toBe(true);
    expect(manifest.candidates).toHaveLength(1);
    for (const name of await readdir(folder)) {
      expect((await readFile(join(folder, name))).includes(gateway.key), name).toBe(false);
    }
  });

  it('makes an asset folder of a picture that has to be made smaller first', async () => {
    const folder = join(home, 'chair');
    const image = await studio.addImage(png(2000, 1500));
    const job = await studio.generate({ prompt: { images: [image] }, processing, delivery: { folder } });
    await job.result();
    expect(await manifestOf(folder)).toMatchObject({ kind: 'mesh' });
    expect(gateway.gateway.tasks.at(-1)?.model.name).toBe('404-mesh');
  });

  it('brings in a task by its id', async () => {
    const folder = join(home, 'adopted');
    const taskId = gateway.gateway.tasks[0]?.id ?? '';
    const before = gateway.gateway.submissions.received;
    await (await studio.adopt('404', taskId, { processing, delivery: { folder } })).result();
    expect(await readFile(join(folder, 'raw.spz'))).toEqual(await readFile(join(home, 'lantern', 'raw.spz')));
    expect((await manifestOf(folder)).provenance).not.toHaveProperty('seed');
    expect(gateway.gateway.submissions.received).toBe(before);
  });
});
