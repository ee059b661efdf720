import { describe, expect, it } from 'vitest';
import { parseKeyValues, parseLength, parseWhole, processingOf } from './argument-values.ts';
import { UsageError } from './usage-error.ts';

describe('parseLength', () => {
  it.each([
    ['1.2m', 1.2],
    ['1.2', 1.2],
    ['80cm', 0.8],
    ['80 CM', 0.8],
    ['45mm', 0.045],
    ['.5', 0.5],
    ['10000', 10_000],
  ])('reads %s', (text, metres) => {
    expect(parseLength(text, 'height')).toBe(metres);
  });

  it.each(['', '0', '0cm', '-1m', '1e3', '1,5m', 'm', '1.2.3', '10001m', 'Infinity', 'NaN', '1 m 2'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseLength(text, 'height')).toThrow(UsageError);
    },
  );
});

describe('parseWhole', () => {
  it('takes the ends of the range and nothing else', () => {
    expect(parseWhole('0', 'seed', 0, 9)).toBe(0);
    expect(parseWhole('9', 'seed', 0, 9)).toBe(9);
    for (const text of ['10', '-1', '1.0', '0x1', '', '99999999999999999999']) {
      expect(() => parseWhole(text, 'seed', 0, 9)).toThrow(UsageError);
    }
  });
});

describe('parseKeyValues', () => {
  it('splits at the first sign, keeps values as they are', () => {
    expect(parseKeyValues(['a=1', 'url=x=y', 'empty='])).toEqual({ a: '1', url: 'x=y', empty: '' });
  });

  it('refuses keys that are none', () => {
    for (const text of ['=x', 'a', '__proto__=x', 'a b=1']) expect(() => parseKeyValues([text])).toThrow(UsageError);
  });
});

describe('processingOf', () => {
  it('turns levels into shares of what is left', () => {
    expect(processingOf({ levels: '1' })).toEqual({ ratios: [] });
    expect(processingOf({ levels: '6' })).toEqual({ ratios: [0.5, 0.25, 0.1, 0.05, 0.02] });
    expect(processingOf({ ratios: '0.6,0.1' })).toEqual({ ratios: [0.6, 0.1] });
    expect(processingOf({ triangles: '20000,5000' })).toEqual({ triangles: [20_000, 5000] });
    expect(processingOf({ profile: 'unity', height: '2', compress: 'meshopt' })).toEqual({
      profile: 'unity',
      heightM: 2,
      compress: 'meshopt',
    });
    expect(processingOf({})).toEqual({});
  });

  it('refuses lists that do not fall or are too long', () => {
    for (const values of [{ ratios: '0.5,0.5' }, { triangles: '1,2' }, { ratios: '' }, { triangles: '0' }]) {
      expect(() => processingOf(values)).toThrow(UsageError);
    }
    const long = Array.from({ length: 16 }, (_value, index) => 100 - index).join(',');
    expect(() => processingOf({ triangles: long })).toThrow(UsageError);
  });
});
