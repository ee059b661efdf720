import type { CancelSignal } from '../../foundation/cancel.ts';
import type { JsonValue } from '../../foundation/json.ts';
import { buildModel } from '../../generator/generate-model.ts';
import { parseLocalOperation, understandOperation } from './operation.ts';

/**
 * Makes the object that an operation of the local provider stands for, as a GLB whose bytes are the caller's. The same
 * operation gives the same bytes, wherever it is made.
 *
 * @param operation - As the provider's `start` returned it.
 * @param signal - Whoever works elsewhere rejects with its reason as soon as it is tripped.
 */
export type GenerateObject = (operation: JsonValue, signal?: CancelSignal) => Promise<Uint8Array>;

/**
 * Makes it in this thread, without a pause. What writes files is loaded with the first one.
 *
 * @throws {@link SdkError} `PROVIDER_PROTOCOL` when the operation is not one this version wrote.
 */
export const generateObject: GenerateObject = async (operation) => {
  const { spec } = understandOperation(parseLocalOperation(operation));
  const { writeGlb } = await import('../../generator/write-glb.ts');
  return writeGlb(buildModel(spec));
};
