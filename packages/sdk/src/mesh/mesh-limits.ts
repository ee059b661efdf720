/** What a mesh may hold before it is refused. A hostile file must not be able to order memory it does not contain. */
export interface MeshLimits {
  /** Size of the file. */
  readonly fileBytes: number;
  /** Size of the JSON part. */
  readonly jsonBytes: number;
  /** Nesting of the JSON part. */
  readonly jsonDepth: number;
  /** Nesting of the node tree. */
  readonly nodeDepth: number;
  /** Indices of one primitive, and elements of one accessor. */
  readonly elements: number;
  /** Decoded size of all accessors together. */
  readonly decodedBytes: number;
  /** Decoded size of accessors that have no data of their own in the file (zero-filled ones). */
  readonly zeroFilledBytes: number;
  /** Triangles of the scene with every instance counted. */
  readonly triangles: number;
}

/** Limits for files of strangers. Generous for single assets, small enough for a 4 GB machine. */
export const MESH_LIMITS: MeshLimits = {
  fileBytes: 1024 * 1024 * 1024,
  jsonBytes: 64 * 1024 * 1024,
  jsonDepth: 128,
  nodeDepth: 256,
  elements: 50_000_000,
  decodedBytes: 1024 * 1024 * 1024,
  zeroFilledBytes: 64 * 1024 * 1024,
  triangles: 20_000_000,
};
