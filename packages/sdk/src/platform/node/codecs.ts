import type { CodecName, Codecs, DracoCodec, DracoModules } from '../../host/codecs.ts';
import { createGltfValidator, type ValidatorModule } from '../../host/gltf-validator.ts';
import { createMeshSimplifier } from '../../host/mesh-simplifier.ts';

/**
 * All codecs, meshoptimizer as WebAssembly.
 *
 * Draco and the Khronos validator are loaded when first used. On a Node without WebAssembly (`--jitless`) the
 * meshoptimizer codecs are absent.
 */
export async function createNodeCodecs(): Promise<Codecs> {
  const [{ MeshoptSimplifier }, { MeshoptEncoder }, { MeshoptDecoder }] = await Promise.all([
    import('meshoptimizer/simplifier'),
    import('meshoptimizer/encoder'),
    import('meshoptimizer/decoder'),
  ]);
  await Promise.all([MeshoptSimplifier.ready, MeshoptEncoder.ready, MeshoptDecoder.ready]);
  return {
    ...(MeshoptSimplifier.supported && MeshoptEncoder.supported
      ? { simplifier: createMeshSimplifier(MeshoptSimplifier, MeshoptEncoder), meshoptEncoder: MeshoptEncoder }
      : {}),
    ...(MeshoptDecoder.supported ? { meshoptDecoder: MeshoptDecoder } : {}),
    draco: createDracoCodec(),
    validator: createGltfValidator(loadValidator),
  };
}

/** Which codecs {@link createNodeCodecs} gives here, without loading any. */
export function nodeCodecPresence(): { readonly [Name in CodecName]?: true } {
  const { WebAssembly: webAssembly } = globalThis as { readonly WebAssembly?: unknown };
  const always = { draco: true, validator: true } as const;
  return webAssembly === undefined
    ? always
    : { ...always, simplifier: true, meshoptEncoder: true, meshoptDecoder: true };
}

function createDracoCodec(): DracoCodec {
  let modules: Promise<DracoModules> | undefined;
  const load = async (): Promise<DracoModules> => {
    // @ts-expect-error -- the package has no types; what it gives is opaque here
    const { default: draco } = await import('draco3dgltf');
    const [encoder, decoder] = await Promise.all([draco.createEncoderModule(), draco.createDecoderModule()]);
    return { encoder, decoder };
  };
  return { load: () => (modules ??= load()) };
}

async function loadValidator(): Promise<ValidatorModule> {
  // @ts-expect-error -- the package has no types; the part that is used is described by ValidatorModule
  const { default: validator } = await import('gltf-validator');
  return validator as ValidatorModule;
}
