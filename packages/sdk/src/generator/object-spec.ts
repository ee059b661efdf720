/** What was understood of a prompt, in the generator's own words. */
export interface ObjectSpec {
  /** Id of the family, for instance `sword`. */
  readonly family: string;
  /** The noun that chose it, as the person wrote it; null when the nearest family was taken. */
  readonly noun: string | null;
  /** Variant of the family that the noun implies (`katana`, `stool`, `pine`), or null. */
  readonly variant: string | null;
  /** Materials named in the prompt, in order, in kit words: `oak`, `steel`, `gold`, `stone`, … */
  readonly materials: readonly string[];
  /** Colours named in the prompt, in order, linear RGB. */
  readonly colors: readonly (readonly [number, number, number])[];
  /** 1 is usual; `small` lowers it, `huge` raises it. Range [0.25, 4]. */
  readonly sizeFactor: number;
  /** 0 new and clean, 1 old, worn, mossy. Default 0.3. */
  readonly wear: number;
  /** Style words in kit vocabulary: `medieval`, `ornate`, `simple`, `modern`, `fantasy`, `mossy`, `snowy`, … */
  readonly styles: readonly string[];
  readonly seed: number;
  /**
   * Parts the prompt describes on their own: `with a golden hilt` is { noun: 'hilt', materials: ['gold'], colors: [] }.
   * Their materials and colours are the last ones of `materials` and `colors`, in the same order.
   */
  readonly features?: readonly SpecFeature[];
  /** A size given in numbers. Applied to the finished model by the front door; families need not look at it. */
  readonly measure?: SpecMeasure;
}

/** A part of the object that the prompt describes. */
export interface SpecFeature {
  /** Singular, lower case: `roof`, `hilt`, `cushion`. */
  readonly noun: string;
  readonly materials: readonly string[];
  readonly colors: readonly (readonly [number, number, number])[];
}

/** A size in numbers: `1.2 m tall`. */
export interface SpecMeasure {
  /** (0, 1000]. */
  readonly metres: number;
  /** `longest` is the largest edge of the bounding box; width runs along x, depth along z. */
  readonly along: 'height' | 'width' | 'depth' | 'longest';
}
