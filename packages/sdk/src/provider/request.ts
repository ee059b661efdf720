import type { JsonObject } from '../foundation/json.ts';

/** What a prompt is made of. */
export type InputKind = 'text' | 'image';

/** The form a result has. */
export type AssetKind = 'mesh' | 'splat';

/**
 * Axes of a splat as they lie in a file, x y z in words: `RUB` is right, up, back (glTF's, the canonical one), `RDF` is right,
 * down, front (that of cameras in computer vision).
 */
export type SplatFrame = 'RUB' | 'RDF';

/** Importers a result is made for; decides which glTF extensions and texture formats it may use. */
export type ProfileName = 'unity' | 'blender' | 'web' | 'print';

/** A stored input file. */
export interface FileReference {
  /** Key in the Host's files. */
  readonly key: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** SHA-256, hexadecimal. */
  readonly digest: string;
  /** The file a person gave, where this one was made from it to fit a provider's limits. It is not stored. */
  readonly original?: { readonly mediaType: string; readonly sizeBytes: number; readonly digest: string };
}

/** What a person asked for. Holds no provider words. At least one of the members is present. */
export interface Prompt {
  readonly text?: string;
  readonly images?: readonly FileReference[];
}

/** A complete order for a provider: defaults filled in, seed chosen, frozen, hashable. */
export interface GenerationRequest {
  readonly prompt: Prompt;
  readonly output: AssetKind;
  /** [0, 2³¹ − 1]. */
  readonly seed: number;
  /** Undefined: the provider's default. */
  readonly model?: string;
  /** Options for one provider, by provider id. Parsed by the adapter's own strict schema. */
  readonly providerOptions: Readonly<Record<string, JsonObject>>;
}
