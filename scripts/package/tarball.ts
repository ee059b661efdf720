import { gunzipSync, gzipSync } from 'node:zlib';

const BLOCK = 512;
const REGULAR_FILE = new Set(['0', '\0']);
/** The folder that npm puts around everything. */
const TOP = 'package/';
const LONGEST_NAME = 100;
/** 1985-10-26 08:15 UTC, as npm has it in every tarball. */
const TIME = 499_162_500;

/** The regular files of a package's tarball by their path in the package. @source POSIX.1-1988 ustar. */
export function readTarball(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const tar = gunzipSync(bytes);
  const text = (start: number, length: number): string =>
    tar.toString('utf8', start, start + length).replace(/\0.*$/s, '');
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const prefix = text(at + 345, 155);
    const name = `${prefix === '' ? '' : `${prefix}/`}${text(at, 100)}`;
    const data = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (REGULAR_FILE.has(String.fromCharCode(tar[at + 156] ?? 0))) files.set(name.replace(/^[^/]*\//, ''), data);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** A package's tarball: the same files give the same bytes, in whatever order and whenever they come. */
export function makeTarball(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [path, bytes] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const name = `${TOP}${path}`;
    if (Buffer.byteLength(name) > LONGEST_NAME) throw new Error(`${name} is too long a name for a tarball.`);
    const header = Buffer.alloc(BLOCK);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write('0000000\0'.repeat(2), 108);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(`${TIME.toString(8).padStart(11, '0')}\0`, 136);
    header.write(' '.repeat(8), 148); // what the sum is made with
    header.write('0', 156);
    header.write('ustar\u000000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    parts.push(header, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]), { level: 9 });
}
