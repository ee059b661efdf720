import { describe, expect, it } from 'vitest';
import { installPrelude } from './prelude.ts';

interface PreludeGlobals {
  TextEncoder: typeof TextEncoder;
  TextDecoder: typeof TextDecoder;
  Intl: typeof Intl;
}

const empty = {} as PreludeGlobals;
installPrelude(empty);

describe('installPrelude', () => {
  it('installs exactly what libraries insist on, hidden from enumeration', () => {
    expect(Object.getOwnPropertyNames(empty).sort()).toEqual(['Intl', 'TextDecoder', 'TextEncoder']);
    expect(Object.keys(empty)).toEqual([]);
  });

  it('leaves alone what the engine has', () => {
    const target = { TextEncoder: 1 };
    installPrelude(target);
    expect(target.TextEncoder).toBe(1);
  });

  it('encodes and decodes text as the platform does', () => {
    const text = 'ASCII, ä, €, 🗡, \u0000';
    const bytes = new empty.TextEncoder().encode(text);
    expect([...bytes]).toEqual([...new TextEncoder().encode(text)]);
    expect(new empty.TextDecoder().decode(bytes)).toBe(text);
    expect(new empty.TextDecoder().decode(bytes.buffer)).toBe(text);
    expect(new empty.TextDecoder().decode(bytes.subarray(0, 5))).toBe('ASCII');
    expect(new empty.TextDecoder().decode()).toBe('');
  });

  it('treats a byte order mark as the platform does', () => {
    const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0x41]);
    expect(new empty.TextDecoder().decode(bytes)).toBe('A');
    expect(new empty.TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)).toBe('\ufeffA');
  });

  it('decodes latin1 as windows-1252, every byte', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(new empty.TextDecoder('latin1').decode(bytes)).toBe(new TextDecoder('latin1').decode(bytes));
  });

  it('refuses broken bytes only when told to, and encodings and streams it does not know', () => {
    const broken = new Uint8Array([0x41, 0xff]);
    expect(new empty.TextDecoder().decode(broken)).toBe('A\ufffd');
    expect(() => new empty.TextDecoder('utf-8', { fatal: true }).decode(broken)).toThrow(TypeError);
    expect(() => new empty.TextDecoder('utf-16le')).toThrow(RangeError);
    expect(() => new empty.TextDecoder().decode(broken, { stream: true })).toThrow(TypeError);
  });

  it('formats numbers without grouping', () => {
    expect(new empty.Intl.NumberFormat(undefined, { maximumFractionDigits: 0 }).format(1234.6)).toBe('1235');
  });
});
