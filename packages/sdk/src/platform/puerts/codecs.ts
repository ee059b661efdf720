import type { Codecs } from '../../host/codecs.ts';
import { createMeshSimplifier } from '../../host/mesh-simplifier.ts';
import { createMeshoptDecoder, createMeshoptEncoder, createMeshoptSimplifier } from './generated/meshopt.js';

/**
 * Codecs for a script engine without WebAssembly: meshoptimizer as plain JavaScript.
 *
 * Results are those of the WebAssembly build, bit for bit. Draco and the Khronos validator are absent.
 */
export function createScriptCodecs(): Codecs {
  const encoder = createMeshoptEncoder();
  return {
    simplifier: createMeshSimplifier(createMeshoptSimplifier(), encoder),
    meshoptEncoder: encoder,
    meshoptDecoder: createMeshoptDecoder(),
  };
}
