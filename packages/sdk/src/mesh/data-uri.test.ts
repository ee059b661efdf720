import { expect, it } from 'vitest';
import { parseDataUri } from './data-uri.ts';

it.each([0, 1, 2, 3, 4, 255, 256])('decodes %i bytes as the platform does', (length) => {
  const bytes = Uint8Array.from({ length }, (_, at) => (at * 37) % 256);
  const text = Buffer.from(bytes).toString('base64');
  expect(parseDataUri(`data:image/PNG;base64,${text}`)).toEqual({ mediaType: 'image/png', bytes });
  expect(parseDataUri(`DATA:;base64,${text.replace(/=+$/, '')}`)?.bytes).toEqual(bytes);
});

it.each([
  'http://example.com/a.bin',
  'data:text/plain,hello',
  'data:;base64',
  'data:;base64,A',
  'data:;base64,AA\u00e9A',
  'data:;base64,A=AA',
])('refuses %s', (uri) => {
  expect(parseDataUri(uri)).toBeNull();
});
