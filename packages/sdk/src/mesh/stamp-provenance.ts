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
  readonly spend?: JsonObject;
}

/** Members of the provenance that name the run and not the model. They stand in the manifest only. */
const NAMES_OF_THE_RUN: readonly string[] = ['job', 'createdAt'];

/**
 * Writes origin and terms into `asset.extras.maquette`. What the file said about its author before stays where it is.
 *
 * The job and the time stay out: the same prompt and seed give the same files, and nobody's project imports them again.
 * `asset.copyright` gets licence and credit only where it is empty: other people's notices are never replaced.
 */
export function stampProvenance(document: Document, stamp: FileStamp): void {
  const asset = document.getRoot().getAsset();
  const extras = (typeof asset.extras === 'object' && asset.extras !== null ? asset.extras : {}) as Record<
    string,
    unknown
  >;
  const provenance = Object.fromEntries(
    Object.entries(stamp.provenance).filter(([name]) => !NAMES_OF_THE_RUN.includes(name)),
  );
  asset.extras = { ...extras, maquette: { ...stamp, provenance } };
  const notice = [stamp.credit, stamp.licence].filter((part) => part !== undefined).join('; ');
  if (!asset.copyright && notice !== '') asset.copyright = notice;
}

/** Copyright notice of the file a document was read from, if it has one. */
export function copyrightOf(document: Document): string | undefined {
  const { copyright } = document.getRoot().getAsset();
  return typeof copyright === 'string' && copyright !== '' ? copyright : undefined;
}
