import { isSdkError } from '../../foundation/errors.ts';
import { createRandom, hash32 } from '../../foundation/random.ts';
import { FAMILIES } from '../../generator/families.generated.ts';
import { generateModel } from '../../generator/generate-model.ts';
import type { GeneratedModel } from '../../generator/model.ts';
import { writeGlb } from '../../generator/write-glb.ts';
import type { AcceptedOrder } from './gateway-task.ts';
import { meshToSplat } from './mesh-to-splat.ts';
import { writeSpz } from './write-spz.ts';
import { storeZstdFrame } from './zstd-frame.ts';

/** Points a splat is sampled from. */
const SPLAT_POINTS = 40_000;

/** Workers start from different numbers, as real ones do. */
const SEED_STEP = 7919;

/**
 * Makes files as the workers of the gateway would, of objects from the built-in generator: a splat or a mesh, the object
 * of the prompt, or for a picture one that its bytes choose. The same order gives the same bytes.
 *
 * @param compressZstd - Default: frames of stored blocks.
 */
export function createDefaultResults(
  compressZstd: (bytes: Uint8Array) => Uint8Array = storeZstdFrame,
): (order: AcceptedOrder, index: number) => Promise<Uint8Array> {
  return async (order, index) => {
    const seed = (order.seed + index * SEED_STEP) >>> 0;
    const model = modelOf(order, seed);
    return order.model.output === 'mesh'
      ? writeGlb(model)
      : compressZstd(writeSpz(meshToSplat(model, SPLAT_POINTS, seed)));
  };
}

function modelOf(order: AcceptedOrder, seed: number): GeneratedModel {
  const text = order.prompt ?? nounFor(order.image ?? new Uint8Array());
  try {
    return generateModel(text, seed).model;
  } catch (error) {
    // a prompt without words, which the gateway takes: "123"
    if (isSdkError(error) && error.code === 'INPUT_INVALID') return generateModel('rock', seed).model;
    throw error;
  }
}

/** A noun that the bytes of a picture choose. */
function nounFor(image: Uint8Array): string {
  let hash = hash32(String(image.length));
  for (let at = 0; at < image.length; at += 1) hash = Math.imul(hash ^ (image[at] as number), 0x01000193) >>> 0;
  return createRandom(hash).pick(FAMILIES).id;
}
