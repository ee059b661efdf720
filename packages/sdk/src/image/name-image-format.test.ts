import { describe, expect, it } from 'vitest';
import { ascii } from './input-image.test-kit.ts';
import { inputImageTypeOf } from './inspect-image.ts';
import { nameImageFormat } from './name-image-format.ts';

describe('nameImageFormat', () => {
  it.each([
    ['GIF89a\x01\0', 'a GIF'],
    ['BM\x46\0\0\0', 'a BMP'],
    ['II*\0\x08\0\0\0', 'a TIFF'],
    ['MM\0*\0\0\0\x08', 'a TIFF'],
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'a HEIC picture'],
    ['\0\0\0\x18ftypmif1\0\0\0\0mif1heic', 'a HEIF picture'],
    ['\0\0\0\x1cftypavif', 'an AVIF picture'],
    ['\0\0\0\x14ftypqt  ', 'a video'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'an SVG drawing'],
    ['\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn --><svg >', 'an SVG drawing'],
    ['<!DOCTYPE html><p>Not found</p><svg ></svg>', 'a web page'],
    ['%PDF-1.7', 'a PDF'],
    ['\xff\x0a\xfa', 'a JPEG XL picture'],
    ['glTF\x02\0\0\0', 'a 3D model'],
    ['plain text', null],
    ['', null],
  ])('case %#', (text, name) => {
    expect(nameImageFormat(ascii(text))).toBe(name);
  });
});

describe('inputImageTypeOf', () => {
  it('names what it refuses, with the remedy', () => {
    expect(() => inputImageTypeOf(ascii('GIF89a'))).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        message: 'The image is a GIF, not a PNG, JPEG or WebP picture.',
        remedy: 'Convert it to PNG or JPEG first.',
      }),
    );
    expect(() => inputImageTypeOf(ascii('no picture'))).toThrow('neither PNG nor JPEG nor WebP');
  });
});
