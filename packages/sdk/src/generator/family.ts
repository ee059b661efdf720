import type { RandomStream } from '../foundation/random.ts';
import type { GeneratedModel } from './model.ts';
import type { ObjectSpec } from './object-spec.ts';

/** One kind of object the generator can make. Adding one is adding one file to `families/`. */
export interface Family {
  /** Lower case, one word; also the file's name. */
  readonly id: string;
  /** Nouns that mean this family, lower case, singular. The value names the variant the noun implies, or null. */
  readonly nouns: Readonly<Record<string, string | null>>;
  /** Typical height in metres, for help texts. */
  readonly typicalHeightM: number;
  /**
   * Styles of the kit's vocabulary that the object shows, because it changes with them or looks so anyway. The person is
   * told about others. Undefined: all.
   */
  readonly styles?: readonly string[];
  /** Builds the object. A function of its arguments only: the same spec and seed give the same bytes on every engine. */
  build(spec: ObjectSpec, random: RandomStream): GeneratedModel;
}
