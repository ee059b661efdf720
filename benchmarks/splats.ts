// The road of a splat: from the raw file to four levels, without and with the picture.
// Peer: SHA-256 over 16 MiB, so that figures of different machines can be compared.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PROCESSING_DEFAULTS, produceSplatSet } from '@maquette3d/sdk/pipeline';
import { pairwise, printRow } from './timing.ts';

const rounds = Number(process.argv[2] ?? 5);
const block = new Uint8Array(16 * 1024 * 1024);
const peer = () => createHash('sha256').update(block).digest();

for (const [name, file] of [
  ['tower, 30 014 gaussians, PLY', '404gen-eiffel-30k.ply'],
  ['logo, 307 128 gaussians, SPZ v2', 'logo-307k.v2.spz'],
] as const) {
  const raw = new Uint8Array(readFileSync(new URL(`../fixtures/${file}`, import.meta.url)));
  for (const thumbnailSize of [0, 512]) {
    const { ours, ratio } = await pairwise(
      rounds,
      () =>
        produceSplatSet(
          { raw, name },
          { ...PROCESSING_DEFAULTS, thumbnailSize },
          {
            codecs: {},
            sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
            warn: () => undefined,
            report: () => undefined,
          },
        ),
      peer,
    );
    printRow(`${name}${thumbnailSize > 0 ? ', picture' : ''}`, ours, ratio, 'SHA-256 of 16 MiB');
  }
}
