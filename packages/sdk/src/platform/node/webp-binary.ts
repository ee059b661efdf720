import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/**
 * The WebAssembly of the WebP decoder, from its package.
 *
 * A file of its own, because a program that is bundled into one file has no package to look into: its bundler puts the
 * bytes in the place of this module.
 */
export async function readWebpBinary(): Promise<Uint8Array> {
  return readFile(createRequire(import.meta.url).resolve('@jsquash/webp/codec/dec/webp_dec.wasm'));
}
