import { describe, expect, it } from 'vitest';
import { codecContract } from '../../testing/codec-contract.ts';
import { createBrowserCodecs } from './codecs.ts';

// Needs nothing of a browser but WebAssembly, which Node has too.
const codecs = await createBrowserCodecs();

describe('browser codecs', () => {
  for (const { name, run } of codecContract(codecs)) it(name, run);

  it('leaves out what is made for Node', () => {
    expect(Object.keys(codecs).sort()).toEqual(['meshoptDecoder', 'meshoptEncoder', 'simplifier']);
  });
});
