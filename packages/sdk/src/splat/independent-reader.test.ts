import { readFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readSplat } from './read-splat.ts';
import { arraysOf, differencesFrom, makeSplat, makeSpz, readIndependently } from './splat.test-kit.ts';
import { writePly } from './write-ply.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../fixtures/${name}`, import.meta.url)));

function expectAgreement(differences: Record<string, number>, tolerance: number): void {
  for (const [name, difference] of Object.entries(differences)) {
    expect(difference, name).toBeLessThanOrEqual(name === 'count' || name === 'extraHarmonics' ? 0 : tolerance);
  }
}

describe('an independent reader', () => {
  it.each([0, 1, 2, 3] as const)('finds in a written PLY of degree %i exactly what was written', async (degree) => {
    const splat = makeSplat(5000, degree, `written ${degree}`);
    const differences = differencesFrom(await readIndependently('a.ply', writePly(splat)), splat);
    expectAgreement({ ...differences, rotation: Math.max(0, (differences.rotation as number) - 1e-6) }, 0);
  });

  it('agrees on a real PLY, before and after it was written again', async () => {
    const bytes = fixture('404gen-eiffel-30k.ply');
    const { splat, format, container } = readSplat(bytes);
    expect({ format, container, count: splat.count }).toEqual({ format: 'ply', container: 'none', count: 30_014 });
    expectAgreement(differencesFrom(await readIndependently('a.ply', bytes), splat), 1e-6);
    expectAgreement(differencesFrom(await readIndependently('b.ply', writePly(splat)), splat), 1e-6);
  });

  it('agrees on a real SPZ in gzip', async () => {
    const bytes = fixture('logo-307k.v2.spz');
    const { splat, ...about } = readSplat(bytes);
    expect(about).toEqual({
      format: 'spz',
      version: 2,
      container: 'gzip',
      antialiased: false,
      mediaType: 'application/spz',
    });
    expect(splat.count).toBe(307_128);
    expectAgreement(differencesFrom(await readIndependently('a.spz', bytes), splat), 1e-5);
  });

  it.each([0, 1, 2, 3])(
    'agrees on every byte value of an SPZ of degree %i, whatever it is wrapped in',
    async (degree) => {
      const payload = makeSpz(3000, degree, `spz ${degree}`);
      const gzip = readSplat(gzipSync(payload));
      const zstd = readSplat(zstdCompressSync(payload));
      const bare = readSplat(payload);
      expect([gzip.container, zstd.container, bare.container]).toEqual(['gzip', 'zstd', 'none']);
      expect(bare.antialiased).toBe(true);
      expect(arraysOf(zstd.splat)).toEqual(arraysOf(gzip.splat));
      expect(arraysOf(bare.splat)).toEqual(arraysOf(gzip.splat));
      // the same up to rounding, fully opaque and fully transparent gaussians included
      expectAgreement(differencesFrom(await readIndependently('a.spz', gzipSync(payload)), gzip.splat), 1e-5);
    },
  );
});
