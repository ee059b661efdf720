import { SdkError } from '../foundation/errors.ts';
import type { ProduceAsset } from './process-raw.ts';

/** The road of a mesh: a set of levels with manifest and thumbnail. */
export const produceAsset: ProduceAsset = async (_job, raw) => {
  throw new SdkError({ code: 'UNSUPPORTED_ON_HOST', message: `A ${raw.kind} cannot be processed here.` });
};
