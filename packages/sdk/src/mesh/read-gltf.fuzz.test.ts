import { expect, it } from 'vitest';
import { isSdkError } from '../foundation/errors.ts';
import { createRandom } from '../foundation/random.ts';
import { createNodeCodecs } from '../platform/node/codecs.ts';
import { draftMesh, fixture, glbOf, recordingContext } from './gltf-builder.test-kit.ts';
import { inspectMesh } from './inspect-mesh.ts';
import { readGltf } from './read-gltf.ts';

it('ends with an SdkError or a mesh whatever bytes are damaged', async () => {
  const codecs = await createNodeCodecs();
  const random = createRandom(20261121);
  const uvs = { TEXCOORD_0: { type: 'VEC2', data: new Float32Array([0, 0, 1, 0, 0, 1]) } };
  const sources = [
    glbOf(draftMesh([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2], { attributes: uvs })),
    fixture('Fox.glb').slice(),
  ];
  const outcomes = { read: 0, refused: 0 };
  for (let round = 0; round < 600; round += 1) {
    const source = sources[round % 8 === 0 ? 1 : 0] as Uint8Array;
    const bytes = damage(source, random);
    try {
      inspectMesh(await readGltf(bytes, recordingContext(codecs)));
      outcomes.read += 1;
    } catch (error) {
      if (!isSdkError(error)) throw error;
      expect(error.message).not.toMatch(/\n/);
      outcomes.refused += 1;
    }
  }
  expect(outcomes.read).toBeGreaterThan(20);
  expect(outcomes.refused).toBeGreaterThan(100);
});

/** Cuts, flips bits, or swaps digits in the JSON, where damage does most. */
function damage(source: Uint8Array, random: ReturnType<typeof createRandom>): Uint8Array {
  const kind = random.integer(0, 3);
  if (kind === 0) return source.slice(0, random.integer(0, source.length));
  const bytes = source.slice();
  const jsonEnd = 20 + new DataView(source.buffer, source.byteOffset).getUint32(12, true);
  const changes = random.integer(1, 4);
  for (let change = 0; change < changes; change += 1) {
    if (kind === 1) {
      const at = random.integer(0, bytes.length - 1);
      bytes[at] = (bytes[at] as number) ^ (1 << random.integer(0, 7));
      continue;
    }
    let at = random.integer(20, jsonEnd - 1);
    while (at < jsonEnd && !isDigit(bytes[at] as number)) at += 1;
    if (at < jsonEnd) bytes[at] = 0x30 + random.integer(0, 9);
  }
  return bytes;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
