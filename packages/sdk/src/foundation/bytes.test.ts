import { describe, expect, it } from 'vitest';
import { collectBytes, concatBytes, decodeUtf8, encodeUtf8, toHex } from './bytes.ts';
import { createRandom } from './random.ts';

const TEXTS = ['', 'plain', 'grüße, Łódź', '漢字と仮名', '🗡️ sword', 'a\u0000b', '\ud800 lone', 'x'.repeat(20_000)];

describe('UTF-8', () => {
  it.each(TEXTS)('encodes %j like the platform', (text) => {
    expect(encodeUtf8(text)).toEqual(new Uint8Array(new TextEncoder().encode(text)));
  });

  it.each(TEXTS)('decodes %j like the platform', (text) => {
    const bytes = new TextEncoder().encode(text);
    expect(decodeUtf8(bytes)).toBe(new TextDecoder().decode(bytes));
  });

  it('never throws on garbage and round-trips what it could read', () => {
    const random = createRandom(7);
    for (let round = 0; round < 200; round += 1) {
      const bytes = Uint8Array.from({ length: 64 }, () => random.integer(0, 255));
      const text = decodeUtf8(bytes);
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
    }
  });

  it.each([
    ['overlong slash', [0xc0, 0xaf]],
    ['surrogate', [0xed, 0xa0, 0x80]],
    ['above the range', [0xf4, 0x90, 0x80, 0x80]],
    ['cut short', [0xe6, 0xbc]],
  ])('replaces %s', (_name, bytes) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toMatch(/^\ufffd+$/);
  });
});

describe('chunks', () => {
  it('joins in order', async () => {
    async function* stream() {
      yield Uint8Array.of(1, 2);
      yield Uint8Array.of();
      yield Uint8Array.of(3);
    }
    expect(await collectBytes(stream())).toEqual(Uint8Array.of(1, 2, 3));
    expect(concatBytes([])).toEqual(new Uint8Array(0));
  });

  it('writes two digits a byte', () => {
    expect(toHex(Uint8Array.of(0, 15, 16, 255))).toBe('000f10ff');
  });
});
