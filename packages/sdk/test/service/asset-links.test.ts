import { createHash } from 'node:crypto';
import {
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalService } from '../../src/platform/node/service/local-service.ts';
import { describeAsset, linkAsset } from '../../src/protocol/messages/asset.ts';
import { createJob, getJob } from '../../src/protocol/messages/job.ts';
import type { Peer } from '../../src/protocol/peer.ts';
import { connectClient, createBench, type ServiceBench, sendRaw } from './service-bench.ts';

let bench: ServiceBench;
let service: LocalService;
let peer: Peer;
let job: string;
let folder: string;

beforeAll(async () => {
  bench = await createBench();
  service = await bench.start({ limits: { stalledMs: 800 } });
  peer = await connectClient(service);
  ({
    job: { job },
  } = await peer.request(createJob, { prompt: 'a wooden chair', levels: 2 }));
  for (;;) {
    const { job: view } = await peer.request(getJob, { job });
    if (view.state === 'succeeded') break;
    if (view.state === 'failed') throw new Error(view.summary);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  ({ folder } = await peer.request(describeAsset, { job }));
});

afterAll(() => bench.remove());

/** A link to a file of the asset, with what the file holds. */
async function link(file = 'lod0.glb'): Promise<{ url: string; bytes: Buffer }> {
  const { url } = await peer.request(linkAsset, { job, file });
  return { url, bytes: readFileSync(join(folder, file)) };
}

async function bytesOf(answer: Response): Promise<Buffer> {
  return Buffer.from(await answer.arrayBuffer());
}

describe('a link to a file of an asset', () => {
  it('is offered for every file the manifest names, and for the manifest', async () => {
    const { files } = await peer.request(describeAsset, { job });
    expect(files.map(({ name }) => name).sort()).toEqual([
      'lod0.glb',
      'lod1.glb',
      'manifest.json',
      'raw.glb',
      'thumbnail.png',
    ]);
    for (const { name, bytes, digest, mediaType } of files) {
      const content = readFileSync(join(folder, name));
      expect(bytes).toBe(content.length);
      if (name !== 'manifest.json') expect(digest).toBe(createHash('sha256').update(content).digest('hex'));
      const { url } = await peer.request(linkAsset, { job, file: name });
      const answer = await fetch(url);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe(mediaType);
      expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect((await bytesOf(answer)).equals(content)).toBe(true);
    }
  });

  it('is good for one download', async () => {
    const { url, bytes } = await link();
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
    expect((await bytesOf(await fetch(url))).equals(bytes)).toBe(true);
    const again = await fetch(url);
    expect([again.status, await again.text()]).toEqual([
      404,
      'This link has ended, or never was; ask for a new one.\n',
    ]);
  });

  it('serves a download in ranges, in any order, and ends with the last byte that was missing', async () => {
    const { url, bytes } = await link();
    const third = Math.floor(bytes.length / 3);
    const parts: Buffer[] = [];
    for (const [index, range] of [
      [2, `bytes=-${bytes.length - 2 * third}`],
      [0, `bytes=0-${third - 1}`],
      [0, `bytes=0-${third - 1}`],
      [1, `bytes=${third}-${2 * third - 1}`],
    ] as const) {
      const answer = await fetch(url, { headers: { Range: range } });
      expect(answer.status).toBe(206);
      parts[index] = await bytesOf(answer);
      expect(answer.headers.get('content-length')).toBe(String(parts[index].length));
      expect(answer.headers.get('content-range')).toMatch(new RegExp(`^bytes \\d+-\\d+/${bytes.length}$`));
    }
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    expect((await fetch(url)).status).toBe(404);
  });

  it('says so where there is nothing at a range, and passes over ranges that are none', async () => {
    const { url, bytes } = await link();
    for (const range of [`bytes=${bytes.length}-`, 'bytes=-0', `bytes=${bytes.length + 5}-${bytes.length + 9}`]) {
      const answer = await fetch(url, { headers: { Range: range } });
      expect([answer.status, answer.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
    }
    for (const range of ['bytes=5-2', 'bytes=-', 'lines=1-2', 'bytes=0-1,4-5', 'bytes=x-']) {
      const answer = await fetch(url, { method: 'HEAD', headers: { Range: range } });
      expect([range, answer.status]).toEqual([range, 200]);
    }
    const past = await fetch(url, { headers: { Range: `bytes=10-${bytes.length * 9}` } });
    expect((await bytesOf(past)).equals(bytes.subarray(10))).toBe(true);
  });

  it('goes on after a break, unless the file is another one', async () => {
    const { url, bytes } = await link('raw.glb');
    const tag = (await fetch(url, { method: 'HEAD' })).headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[0-9a-f]{64}"$/);
    const same = await fetch(url, { headers: { Range: 'bytes=4-7', 'If-Range': tag } });
    expect([same.status, (await bytesOf(same)).equals(bytes.subarray(4, 8))]).toEqual([206, true]);
    const other = await fetch(url, { headers: { Range: 'bytes=4-7', 'If-Range': '"other"' } });
    expect([other.status, (await bytesOf(other)).length]).toEqual([200, bytes.length]);
  });

  it('stays good when a download breaks off', async () => {
    const name = 'raw.glb';
    const path = join(folder, name);
    const { url, bytes } = await link(name);
    const request = `GET ${new URL(url).pathname} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nRange: bytes=0-99\r\n\r\n`;
    const raw = sendRaw(service, request);
    await new Promise((resolve) => raw.socket.once('data', resolve));
    raw.socket.destroy();
    const rest = await fetch(url, { headers: { Range: 'bytes=50-' } });
    expect((await bytesOf(rest)).equals(bytes.subarray(50))).toBe(true);
    expect(existsSync(path)).toBe(true);
    expect((await fetch(url)).status).toBe(404);
  });

  it('is nothing a stranger can guess, and shows nothing beside its file', async () => {
    const { url } = await link();
    const wrong = `${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`;
    for (const path of [wrong, `${url}/`, `${url}/manifest.json`, `${url}/../manifest.json`, `${url}%2f..`]) {
      expect([path, (await fetch(path)).status]).toEqual([path, 404]);
    }
    expect((await fetch(url, { headers: { Origin: 'https://example.com' } })).status).toBe(403);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  });

  it('is not made for an asset that has gone', async () => {
    const aside = `${folder}-aside`;
    renameSync(folder, aside);
    try {
      await expect(peer.request(linkAsset, { job, file: 'lod0.glb' })).rejects.toMatchObject({
        code: 'ASSET_UNREADABLE',
      });
    } finally {
      renameSync(aside, folder);
    }
    await expect(peer.request(linkAsset, { job, file: 'service.json' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('does not lead out of the folder', async () => {
    const path = join(folder, 'lod1.glb');
    const aside = `${path}.aside`;
    const secret = join(bench.home, 'service.json');
    const { url } = await link('lod1.glb');
    renameSync(path, aside);
    try {
      symlinkSync(secret, path);
      const answer = await fetch(url);
      expect(answer.status).toBe(410);
      expect(await answer.text()).not.toContain(service.token);
      rmSync(path);
      // of the same size, so that only the way to it is wrong
      const twin = join(bench.home, 'twin.glb');
      writeFileSync(twin, Buffer.alloc(statSync(aside).size));
      symlinkSync(twin, path);
      expect((await fetch(url)).status).toBe(410);
      rmSync(path);
      expect((await fetch(url)).status).toBe(410);
      writeFileSync(path, 'shorter');
      expect((await fetch(url)).status).toBe(410);
      rmSync(path);
    } finally {
      renameSync(aside, path);
    }
    expect((await fetch(url)).status).toBe(200);
  });

  it('does not follow a folder that was exchanged', async () => {
    const { url } = await link();
    const aside = `${folder}-aside`;
    renameSync(folder, aside);
    try {
      symlinkSync(aside, folder);
      expect((await fetch(url)).status).toBe(410);
      rmSync(folder);
    } finally {
      renameSync(aside, folder);
    }
    expect((await fetch(url)).status).toBe(200);
  });

  it('ends by itself', async () => {
    const other = await createBench();
    try {
      const own = await other.start({ limits: { assetLinkMs: 1 } });
      const client = await connectClient(own);
      const made = await client.request(createJob, { prompt: 'a crate', levels: 1 });
      for (;;) {
        const { job: view } = await client.request(getJob, { job: made.job.job });
        if (view.state === 'succeeded') break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const { url, expiresAt } = await client.request(linkAsset, { job: made.job.job, file: 'lod0.glb' });
      expect(expiresAt).toBeLessThanOrEqual(Date.now() + 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect((await fetch(url)).status).toBe(404);
    } finally {
      await other.remove();
    }
  });

  it('takes no memory of the size of the file from who reads slowly, and lets go of who reads nothing', async () => {
    const path = join(folder, 'raw.glb');
    const original = readFileSync(path);
    // what the link is made for is the file as it is then
    const manifestPath = join(folder, 'manifest.json');
    const manifest = readFileSync(manifestPath, 'utf8');
    const size = 256 * 1024 * 1024;
    const large = JSON.parse(manifest) as { raw: { bytes: number } };
    large.raw.bytes = size;
    try {
      writeFileSync(manifestPath, JSON.stringify(large));
      writeFileSync(path, '');
      truncateSync(path, size); // a hole: takes no room on the disk
      const { url } = await peer.request(linkAsset, { job, file: 'raw.glb' });
      const before = process.memoryUsage();
      const raw = sendRaw(service, `GET ${new URL(url).pathname} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`);
      await new Promise((resolve) => raw.socket.once('data', resolve));
      raw.socket.pause();
      await new Promise((resolve) => setTimeout(resolve, 300));
      const after = process.memoryUsage();
      expect(after.external + after.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(size / 8);
      await new Promise((resolve) => setTimeout(resolve, 2400));
      raw.socket.resume();
      expect((await raw.received).length).toBeLessThan(size / 4);
    } finally {
      writeFileSync(path, original);
      writeFileSync(manifestPath, manifest);
    }
  });
});
