import { describe, expect, it } from 'vitest';
import { fitImage } from '../../src/image/fit-image.ts';
import { exifBlock, jpegOf, pngOf, quarters, storedAs } from '../../src/image/input-image.test-kit.ts';
import { buildNeutralBundles } from './support/bundles.ts';
import { createQuickJsEngine } from './support/quickjs-engine.ts';
import { createVmEngine } from './support/vm-engine.ts';

const bundles = await buildNeutralBundles();
const limits = { mediaTypes: ['image/png', 'image/jpeg'], maxSide: 64, maxBytes: 20_000 };
const pictures: readonly [string, Uint8Array][] = [
  ['PNG with alpha', pngOf(storedAs(quarters(90, 120, 40), 6), exifBlock(6))],
  ['JPEG', jpegOf(storedAs(quarters(90, 120), 8), exifBlock(8))],
];

describe.each([
  ['an empty V8 context', createVmEngine],
  ['QuickJS', createQuickJsEngine],
] as const)('input images in %s', (_name, createEngine) => {
  it.each(pictures)('%s: the same bytes as in Node', async (_kind, picture) => {
    const engine = await createEngine();
    engine.evaluate(bundles.prelude, 'prelude.js');
    engine.evaluate(bundles.sdk, 'sdk.js');
    engine.evaluate(bundles.driver, 'driver.js');
    const { value, buffers } = await engine.call('fitPicture', { bytes: [...picture], limits });
    const { bytes, ...facts } = await fitImage(picture, limits);
    expect(facts).toMatchObject({ width: 48, height: 64, changes: ['turned', 'reduced', 'reencoded'] });
    expect(value).toEqual(facts);
    expect(Buffer.compare(buffers[0] as Uint8Array, bytes)).toBe(0);
    engine.dispose();
  });
});
