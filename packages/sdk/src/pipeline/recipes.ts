import type { ImageCodec } from '../host/host.ts';
import { convertTextures } from '../mesh/convert-textures.ts';
import type { MeshAsset } from '../mesh/mesh-asset.ts';
import { normalise } from '../mesh/normalise-mesh.ts';
import { repair } from '../mesh/repair-mesh.ts';
import { triangulate } from '../mesh/triangulate-mesh.ts';
import { tidy } from '../mesh/write-gltf.ts';
import type { ProcessingOptions } from './processing-options.ts';
import type { Step } from './step.ts';

/** The steps that make level 0 out of a raw mesh. Read aloud, they say what happens to the model. */
export function cleanMeshRecipe(
  name: string,
  options: ProcessingOptions,
  images?: ImageCodec,
): readonly Step<MeshAsset>[] {
  return [
    triangulate(),
    normalise({ name, ...(options.heightM === undefined ? {} : { heightM: options.heightM }) }),
    repair(),
    convertTextures(options.profile, images),
    tidy(),
  ];
}
