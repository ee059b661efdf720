/** Signatures of formats that are recognised to be named in an error: offset, bytes as Latin-1 text, name. */
const SIGNATURES: readonly (readonly [offset: number, signature: string, name: string])[] = [
  [0, 'GIF87a', 'a GIF'],
  [0, 'GIF89a', 'a GIF'],
  [0, 'II*\0', 'a TIFF'],
  [0, 'MM\0*', 'a TIFF'],
  [0, 'II+\0', 'a TIFF'],
  [0, 'MM\0+', 'a TIFF'],
  [0, '%PDF-', 'a PDF'],
  [0, '8BPS', 'a Photoshop file'],
  [0, '\xabKTX 20\xbb', 'a KTX2 texture'],
  [0, '\xff\x0a', 'a JPEG XL picture'],
  [0, '\0\0\0\x0cJXL \r\n\x87\n', 'a JPEG XL picture'],
  [0, '\0\0\0\x0cjP  \r\n\x87\n', 'a JPEG 2000 picture'],
  [0, '\0\0\x01\0', 'an icon file'],
  [0, '\x76\x2f\x31\x01', 'an OpenEXR picture'],
  [0, 'glTF', 'a 3D model'],
  [0, 'PK\x03\x04', 'a ZIP archive'],
  [0, 'BM', 'a BMP'],
];

/** Brands of the ISO base media format that are pictures. @source ISO/IEC 23008-12 §10; AVIF 1.1 §6 */
const BRANDS: Readonly<Record<string, string>> = {
  avif: 'an AVIF picture',
  avis: 'an AVIF picture',
  heic: 'a HEIC picture',
  heix: 'a HEIC picture',
  heim: 'a HEIC picture',
  heis: 'a HEIC picture',
  hevc: 'a HEIC picture',
  hevx: 'a HEIC picture',
  mif1: 'a HEIF picture',
  msf1: 'a HEIF picture',
};

/** How much of a text is looked at for what it is, bytes. */
const TEXT_WINDOW = 1024;

/**
 * What a file that is no PNG, JPEG or WebP seems to be, with its article ("a GIF"), or null where even that is unknown.
 *
 * For sentences only: nothing but the first bytes is looked at.
 *
 * @source WHATWG MIME Sniffing §6; TIFF 6.0 §2; ISO/IEC 14496-12 §4.3; SVG 1.1 §1.2
 */
export function nameImageFormat(bytes: Uint8Array): string | null {
  for (const [offset, signature, name] of SIGNATURES)
    if (latin1(bytes, offset, signature.length) === signature) return name;
  if (latin1(bytes, 4, 4) === 'ftyp') return BRANDS[latin1(bytes, 8, 4)] ?? 'a video';
  const text = latin1(bytes, 0, TEXT_WINDOW)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  if (/^<(!DOCTYPE html|html)/i.test(text)) return 'a web page';
  if (/^<svg[\s>]/i.test(text) || (/^<(\?xml|!DOCTYPE|!--)/i.test(text) && /<svg[\s>]/i.test(text)))
    return 'an SVG drawing';
  return null;
}

function latin1(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
