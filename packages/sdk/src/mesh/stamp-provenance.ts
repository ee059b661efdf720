import type { Document } from '@gltf-transform/core';
import type { JsonObject } from '../foundation/json.ts';

/** What a file says about itself when it is found without its manifest. */
export interface FileStamp {
  /** 0 for the finest. */
  readonly level: number;
  readonly levels: number;
  /** SHA-256 of the bytes the model was made from, hexadecimal. */
  readonly rawDigest: string;
  readonly provenance: JsonObject;
  readonly licence?: string;
  readonly credit?: string;
}

/**
 * Writes origin and terms into `asset.extras.maquette`. What the file said about its author before stays where it is.
 *
 * `asset.copyright` gets licence and credit only where it is empty: other people's notices are never replaced.
 */
export function stampProvenance(document: Document, stamp: FileStamp): void {
  const asset = document.getRoot().getAsset();
  const extras = (typeof asset.extras === 'object' && asset.extras !== null ? asset.extras : {}) as Record<
    string,
    unknown
  >;
  asset.extras = { ...extras, maquette: { ...stamp } };
  const notice = [stamp.credit, stamp.licence].filter((part) => part !== undefined).join('; ');
  if (!asset.copyright && notice !== '') asset.copyright = notice;
}

/** Copyright notice of the file a document was read from, if it has one. */
export function copyrightOf(document: Document): string | undefined {
  const { copyright } = document.getRoot().getAsset();
  return typeof copyright === 'string' && copyright !== '' ? copyright : undefined;
}
