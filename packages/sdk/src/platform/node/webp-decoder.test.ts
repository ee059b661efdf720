import { describe, expect, it } from 'vitest';
import { createRandom } from '../../foundation/random.ts';
import type { ImageCodec, RasterImage } from '../../host/host.ts';
import { webpOf } from './webp.test-kit.ts';
import { createWebpDecoder } from './webp-decoder.ts';

const codec = createWebpDecoder() as ImageCodec;

function noise(width: number, height: number): RasterImage {
  const random = createRandom(`${width}`);
  return { width, height, data: Uint8Array.from({ length: width * height * 4 }, () => random.integer(0, 255)) };
}

describe('createWebpDecoder', () => {
  it('gives straight RGBA, several pictures at a time', async () => {
    const images = [noise(3, 5), noise(64, 17), noise(300, 200)];
    const files = await Promise.all(images.map(webpOf));
    Reflect.deleteProperty(globalThis, 'ImageData'); // the encoder of this test left it behind
    const decoded = await Promise.all(files.map((file) => codec.decode(file, 'image/webp')));
    expect(decoded).toEqual(images);
    expect(decoded[0]?.data.constructor).toBe(Uint8Array);
    expect('ImageData' in globalThis).toBe(false);
  });

  it('leaves an ImageData that is there alone', async () => {
    const file = await webpOf(noise(4, 4));
    const there = Reflect.get(globalThis, 'ImageData');
    await codec.decode(file, 'image/webp');
    expect(there).toBeTypeOf('function');
    expect(Reflect.get(globalThis, 'ImageData')).toBe(there);
  });

  it('refuses damaged files and goes on', async () => {
    const file = await webpOf(noise(40, 30));
    await expect(codec.decode(file.subarray(0, 200), 'image/webp')).rejects.toThrow();
    await expect(codec.decode(new Uint8Array(0), 'image/webp')).rejects.toThrow();
    const random = createRandom(8);
    for (let round = 0; round < 60; round += 1) {
      const damaged = file.slice();
      for (let hit = 0; hit < 5; hit += 1) damaged[random.integer(20, 400)] = random.integer(0, 255);
      await codec.decode(damaged, 'image/webp').catch(() => null);
    }
    expect(await codec.decode(file, 'image/webp')).toEqual(noise(40, 30));
  });
});
