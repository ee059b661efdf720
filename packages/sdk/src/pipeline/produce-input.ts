import type { Warning } from '../foundation/warning.ts';
import type { AssetManifest } from './manifest.ts';

/** A raw asset and what is known about it. */
export interface ProduceInput {
  /** The file as it was received. Kept in the result, not modified. */
  readonly raw: Uint8Array;
  /** Without the dot. Default: by the content. */
  readonly rawExtension?: string;
  /** For people and for the root node; any text. */
  readonly name: string;
  /** Where it comes from. Written into the manifest as it is. */
  readonly provenance?: AssetManifest['provenance'];
  readonly licence?: string;
  readonly credit?: string;
  readonly spend?: NonNullable<AssetManifest['spend']>;
  /** Warnings of earlier stages that belong into the manifest. */
  readonly warnings?: readonly Warning[];
  /** Other results of the same order, kept beside the chosen one as they were received. */
  readonly candidates?: readonly Candidate[];
}

/** A result that was not chosen. */
export interface Candidate {
  readonly bytes: Uint8Array;
  /** Without the dot. */
  readonly extension: string;
  readonly mediaType: string;
}
