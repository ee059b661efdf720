/** Types of meshopt.js, which scripts/wasm-to-js.ts writes beside this file. */
import type { MeshoptDecoder, MeshoptEncoder } from '../../../host/codecs.ts';
import type { ReorderModule, SimplifierModule } from '../../../host/mesh-simplifier.ts';

/** A fresh simplifier with memory of its own. */
export declare function createMeshoptSimplifier(): SimplifierModule;
/** A fresh encoder with memory of its own. */
export declare function createMeshoptEncoder(): MeshoptEncoder & ReorderModule;
/** The reference decoder. */
export declare function createMeshoptDecoder(): MeshoptDecoder;
