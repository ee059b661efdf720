import { MeshoptDecoder } from 'meshoptimizer/decoder';
import { MeshoptEncoder } from 'meshoptimizer/encoder';
import { MeshoptSimplifier } from 'meshoptimizer/simplifier';
import type { Codecs } from '../../host/codecs.ts';
import { createMeshSimplifier } from '../../host/mesh-simplifier.ts';

/**
 * Codecs for browsers: meshoptimizer as WebAssembly.
 *
 * Draco and the Khronos validator are absent: the packages that hold them are made for Node (`fs`, `require`). Under a
 * content security policy that forbids WebAssembly (no `wasm-unsafe-eval`) this rejects with the browser's own error.
 */
export async function createBrowserCodecs(): Promise<Codecs> {
  await Promise.all([MeshoptSimplifier.ready, MeshoptEncoder.ready, MeshoptDecoder.ready]);
  return {
    ...(MeshoptSimplifier.supported && MeshoptEncoder.supported
      ? { simplifier: createMeshSimplifier(MeshoptSimplifier, MeshoptEncoder), meshoptEncoder: MeshoptEncoder }
      : {}),
    ...(MeshoptDecoder.supported ? { meshoptDecoder: MeshoptDecoder } : {}),
  };
}
