/**
 * Work that has different builds on different platforms: WebAssembly in Node and browsers, plain JavaScript inside a
 * script engine without it. Handed to steps as a parameter; a step cannot tell the builds apart.
 */
export interface Codecs {
  readonly simplifier?: MeshSimplifier;
  readonly meshoptEncoder?: MeshoptEncoder;
  readonly meshoptDecoder?: MeshoptDecoder;
  readonly draco?: DracoCodec;
  readonly validator?: GltfValidator;
}

/** Name of a codec, as steps declare it in `needs`. */
export type CodecName = keyof Codecs;

/** Result of one simplification. */
export interface SimplifyResult {
  /** 3·m indices into the input vertices. Owned by the caller. */
  readonly indices: Uint32Array;
  /** Largest deviation, fraction of the mesh's extents (meshoptimizer's relative error). */
  readonly error: number;
}

/**
 * Options meshoptimizer understands.
 *
 * @source meshoptimizer 1.3, `meshopt_SimplifyLockBorder` and following.
 */
export type SimplifyFlag =
  /** Vertices on open borders keep their place. */
  | 'LockBorder'
  /** Indices use a small part of the vertices: work and error then refer to that part. */
  | 'Sparse'
  /** Errors are given and returned in the unit of the positions. */
  | 'ErrorAbsolute'
  /** Small separate pieces may be removed whole. */
  | 'Prune'
  /** Evener triangles at some cost of error. */
  | 'Regularize'
  | 'RegularizeLight'
  /** Attribute seams may be collapsed across, except at locked vertices. */
  | 'Permissive'
  /** Sharp folds keep their shape. */
  | 'PreserveFolds'
  | 'ErrorClamped';

/** Edge-collapse simplifier. @source meshoptimizer 1.3, js/meshopt_simplifier */
export interface MeshSimplifier {
  /**
   * Fewer triangles over the same vertices.
   *
   * Deterministic: the same arguments give the same indices and error on every platform.
   *
   * @param indices - 3·n indices. Not modified.
   * @param positions - xyz per vertex, finite. Not modified.
   * @param attributes - `attributeStride` floats per vertex, finite, or null. Not modified.
   * @param attributeWeights - One weight ≥ 0 per attribute component that counts, at most 32 and at most
   *   `attributeStride`. Ignored without attributes.
   * @param vertexLock - One byte of flags per vertex, or null: 1 keeps the vertex where it is, 2 keeps its attribute seam
   *   although `Permissive` is given.
   * @param targetIndexCount - Multiple of 3.
   * @param targetError - Relative error at which to stop, [0, 1].
   * @throws SdkError `ASSET_INVALID` if an index names no vertex; `INPUT_INVALID` if arrays and counts do not fit.
   */
  simplify(
    indices: Uint32Array,
    positions: Float32Array,
    attributes: Float32Array | null,
    attributeStride: number,
    attributeWeights: readonly number[],
    vertexLock: Uint8Array | null,
    targetIndexCount: number,
    targetError: number,
    flags: readonly SimplifyFlag[],
  ): SimplifyResult;
  /**
   * Reorders triangles for vertex-cache locality and renumbers vertices in the order of their first use.
   *
   * @param indices - 3·n indices. Modified: holds the new order in the new numbering.
   * @returns New number of every old vertex (2³² − 1 for one that no triangle uses), and how many are used.
   */
  reorder(indices: Uint32Array): readonly [Uint32Array, number];
  /** Factor between relative and absolute error: the mesh's largest extent, in the unit of the positions. */
  scale(positions: Float32Array): number;
}

/** meshoptimizer's encoder in the form glTF-Transform asks for. Opaque to everything else. */
export interface MeshoptEncoder {
  readonly ready: Promise<void>;
  readonly supported: boolean;
}

/** meshoptimizer's decoder in the form glTF-Transform asks for. Opaque to everything else. */
export interface MeshoptDecoder {
  readonly ready: Promise<void>;
  readonly supported: boolean;
}

/** Draco modules in the form glTF-Transform asks for (`draco3d.encoder`, `draco3d.decoder`). Opaque to everything else. */
export interface DracoModules {
  readonly encoder: unknown;
  readonly decoder: unknown;
}

/** Draco geometry compression. Loaded when first asked for: few files need it and it is the largest codec. */
export interface DracoCodec {
  /** The modules, instantiated. Later calls give the same ones. */
  load(): Promise<DracoModules>;
}

/** One finding of the Khronos validator. */
export interface ValidationIssue {
  readonly code: string;
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'info' | 'hint';
  readonly pointer?: string;
}

/** What the Khronos validator says about a file. */
export interface ValidationReport {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly hints: number;
  readonly issues: readonly ValidationIssue[];
}

/** Khronos glTF validator. Fetches nothing: external resources are reported as missing. */
export interface GltfValidator {
  /**
   * Checks a GLB or glTF file.
   *
   * @param bytes - The whole file. Not modified.
   * @returns Every finding, most severe kind first.
   * @throws SdkError `ASSET_UNREADABLE` if the bytes are neither GLB nor glTF at all.
   */
  validate(bytes: Uint8Array): Promise<ValidationReport>;
}
