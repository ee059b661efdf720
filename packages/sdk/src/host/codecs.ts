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

/** Options meshoptimizer understands. */
export type SimplifyFlag = 'LockBorder' | 'Sparse' | 'ErrorAbsolute' | 'Prune' | 'Regularize' | 'Permissive';

/** Edge-collapse simplifier. @source meshoptimizer 1.3, js/meshopt_simplifier */
export interface MeshSimplifier {
  /**
   * @param indices - 3·n indices. Not modified.
   * @param positions - xyz per vertex.
   * @param attributes - `attributeStride` floats per vertex, or null.
   * @param attributeWeights - One weight per attribute component.
   * @param vertexLock - One byte per vertex, non-zero keeps the vertex, or null.
   * @param targetIndexCount - Multiple of 3.
   * @param targetError - Relative error at which to stop, [0, 1].
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
  /** Shuffles triangles and returns [vertex remap, unique vertex count] for vertex-cache locality. Modifies `indices`. */
  reorder(indices: Uint32Array): readonly [Uint32Array, number];
  /** Factor between relative and absolute error: the mesh's largest extent. */
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
export interface DracoCodec {
  readonly encoder: unknown;
  readonly decoder: unknown;
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
  validate(bytes: Uint8Array): Promise<ValidationReport>;
}
