/** A file that everybody may have who asks from the right place. */
export interface StaticFile {
  readonly mediaType: string;
  readonly content: string | Uint8Array;
}

/** Files by path: `/`, `/panel.js`. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;
