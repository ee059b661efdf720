import { describe, expect, it } from 'vitest';
import { codecContract } from '../../testing/codec-contract.ts';
import { createNodeCodecs } from './codecs.ts';

const codecs = await createNodeCodecs();

describe('Node codecs', () => {
  for (const { name, run } of codecContract(codecs)) it(name, run);

  it('holds every codec there is', () => {
    expect(Object.keys(codecs).sort()).toEqual([
      'draco',
      'meshoptDecoder',
      'meshoptEncoder',
      'simplifier',
      'validator',
    ]);
  });
});
