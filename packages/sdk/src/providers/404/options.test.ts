import { describe, expect, it } from 'vitest';
import { OPTION_DESCRIPTIONS, parseOptions } from './options.ts';

describe('options of 404-GEN', () => {
  it('may all be left out', () => {
    expect(parseOptions(undefined, '404-3dgs')).toEqual({ candidates: 1 });
  });

  it('come as texts from a command line or as numbers from a program', () => {
    const wanted = {
      candidates: 3,
      region: 'us-east',
      modelParams: { pipeline_type: '1024_cascade', texture_size: 2048, face_count: 50_000 },
    };
    const texts = { candidates: '3', region: 'us-east', pipeline_type: '1024_cascade', texture_size: '2048' };
    expect(parseOptions({ ...texts, face_count: '50000' }, '404-mesh-v2')).toEqual(wanted);
    expect(parseOptions({ ...texts, candidates: 3, texture_size: 2048, face_count: 50_000 }, '404-mesh-v2')).toEqual(
      wanted,
    );
  });

  it('take every value their descriptions name', () => {
    for (const { key, values } of OPTION_DESCRIPTIONS) {
      for (const value of values ?? []) expect(() => parseOptions({ [key]: value }, '404-mesh-v2')).not.toThrow();
    }
  });

  it.each([
    [{ face_count: '19999' }, /face_count/],
    [{ face_count: '2000001' }, /face_count/],
    [{ face_count: '5e4' }, /face_count/],
    [{ face_count: 50_000.5 }, /face_count/],
    [{ face_count: '' }, /face_count/],
    [{ texture_size: '1000' }, /texture_size/],
    [{ pipeline_type: '2048' }, /pipeline_type/],
    [{ region: 'mars' }, /region/],
    [{ region: 'constructor' }, /region/],
    [{ candidates: '0' }, /candidates/],
    [{ candidates: '4' }, /candidates/],
    [{ candidates: null }, /candidates/],
    [{ colour: 'red' }, /colour/],
  ])('%j is refused', (options, named) => {
    expect(() => parseOptions(options, '404-mesh-v2')).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(named) }),
    );
  });

  it.each(['404-3dgs', '404-mesh'])('of the shape are not for %s', (model) => {
    expect(() => parseOptions({ face_count: '50000' }, model)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', remedy: expect.stringContaining('404-mesh-v2') }),
    );
  });
});
