import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ascii, exifBlock, jpegOf, pngOf, quarters, storedAs } from '../../src/image/input-image.test-kit.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
let server: Server;
let requests: number;

beforeEach(async () => {
  sandbox = await createSandbox();
  requests = 0;
  server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterEach(async () => {
  server.close();
  await sandbox.remove();
});

/** Runs `generate` for a service of paid work that counts what reaches it. */
async function generateFrom(name: string, bytes: Uint8Array, ...more: readonly string[]) {
  await writeFile(join(sandbox.folder, name), bytes);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return sandbox.run(['generate', '--provider', '404', '--image', name, ...more], {
    env: { MAQUETTE_404_URL: origin, MAQUETTE_404_KEY: 'not-a-key' },
  });
}

describe('an image that will not do', () => {
  const small = pngOf(quarters(8, 8));
  const claimed = small.slice();
  new DataView(claimed.buffer).setUint32(16, 40_000);
  it.each<[string, string, Uint8Array, RegExp]>([
    [
      'a GIF',
      'x.gif',
      ascii('GIF89a\x01\0\x01\0'),
      /The image is a GIF, .* \[INPUT_INVALID\]\n {2}Convert it to PNG or JPEG first\./,
    ],
    ['a GIF that calls itself PNG', 'x.png', ascii('GIF89a\x01\0\x01\0'), /The image is a GIF/],
    ['a HEIC photo', 'x.heic', ascii('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), /The image is a HEIC picture/],
    [
      '50 MB',
      'x.jpg',
      new Uint8Array(50_000_000),
      /x\.jpg has 50 MB; .* \[ASSET_TOO_LARGE\]\n {2}Use a smaller file\./,
    ],
    ['half a picture', 'x.png', small.subarray(0, small.length / 2), /The picture is cut off.* \[ASSET_UNREADABLE\]/],
    ['a size that is claimed only', 'x.png', claimed, /40000 × 8 pixels.* \[ASSET_TOO_LARGE\]/],
    ['an empty file', 'x.png', new Uint8Array(0), /neither PNG nor JPEG nor WebP\. \[INPUT_INVALID\]/],
  ])('%s is refused in one sentence, and nothing is sent', async (_name, file, bytes, sentence) => {
    const { status, stderr, stdout } = await generateFrom(file, bytes);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr.split('\n').filter((line) => line.startsWith('maquette:'))).toHaveLength(1);
    expect(requests).toBe(0);
    expect(sandbox.names()).toEqual([file]);
  });
});

it('says before sending what becomes of a large photo that lies on its side', async () => {
  const photo = jpegOf(storedAs(quarters(1200, 1600), 6), exifBlock(6, { position: true }));
  const { status, stdout, stderr } = await generateFrom('photo.jpg', photo, '--dry-run', '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [plan] = stdout.split('\n').map((line) => JSON.parse(line || 'null') as Record<string, unknown>);
  expect(plan?.warnings).toMatchObject([
    {
      code: 'IMAGE_CONVERTED',
      message: expect.stringMatching(
        /^The image was turned upright, reduced from 1200 × 1600 to 768 × 1024 pixels, freed of metadata that may tell where it was taken and saved as JPEG/,
      ),
    },
  ]);
  expect(requests).toBe(0);
});
