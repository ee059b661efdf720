import { type Document, GLB_BUFFER } from '@gltf-transform/core';
import { isCancelError, isSdkError, SdkError } from '../foundation/errors.ts';
import type { Warning } from '../foundation/warning.ts';
import type { Codecs } from '../host/codecs.ts';
import { invalid, quoteForeign, tooLarge, unreadable } from './asset-errors.ts';
import { checkAccessors } from './check-accessors.ts';
import { checkReferences } from './check-gltf.ts';
import { checkMeshData } from './check-mesh-data.ts';
import { parseDataUri } from './data-uri.ts';
import { isGlb, parseGlb } from './glb-container.ts';
import { createGltfIo, GLTF_EXTENSIONS, type GltfFile } from './gltf-io.ts';
import { type GltfJson, parseGltfJson } from './gltf-json.ts';
import type { MeshAsset } from './mesh-asset.ts';
import { MESH_LIMITS, type MeshLimits } from './mesh-limits.ts';
import { sniffTextureType } from './texture-type.ts';

/** What reading needs: the codecs of this platform and somewhere to put warnings. */
export interface ReadContext {
  readonly codecs: Codecs;
  readonly warn: (warning: Warning) => void;
}

/**
 * Reads a GLB or a self-contained glTF from anyone.
 *
 * Everything is checked against the bytes that are there before it is used; nothing outside the file is fetched.
 *
 * @param bytes - The file. Not modified, not kept.
 * @throws {@link SdkError} `ASSET_UNREADABLE` for something that is no glTF or is damaged; `ASSET_INVALID` for one that
 *   breaks the format's rules, refers to external files or requires an unsupported extension; `ASSET_TOO_LARGE` above
 *   the limits; `UNSUPPORTED_ON_HOST` if it is compressed and this platform lacks the decoder.
 */
export async function readGltf(
  bytes: Uint8Array,
  context: ReadContext,
  limits: MeshLimits = MESH_LIMITS,
): Promise<MeshAsset> {
  if (bytes.length > limits.fileBytes) {
    throw tooLarge(`The file has ${bytes.length} bytes; at most ${limits.fileBytes} are read.`);
  }
  const binary = isGlb(bytes);
  if (!binary && !looksLikeJson(bytes)) throw unreadable('The file is neither a GLB nor a glTF.');
  const chunks = binary ? parseGlb(bytes) : { json: bytes, trailingBytes: 0 };
  if (chunks.trailingBytes > 0) {
    context.warn({
      code: 'BYTES_IGNORED',
      message: `${chunks.trailingBytes} bytes after the end of the GLB were ignored.`,
    });
  }
  const json = parseGltfJson(chunks.json, limits);
  checkExtensions(json, context);
  const file = resolveResources(json, chunks.bin);
  checkReferences(json, limits);
  checkAccessors(json, file.buffers, limits);

  let document: Document;
  try {
    const io = await createGltfIo(context.codecs, json.extensionsUsed?.includes('KHR_draco_mesh_compression') ?? false);
    document = await io.readJSON(file.source);
  } catch (error) {
    if (isSdkError(error) || isCancelError(error)) throw error;
    throw new SdkError({
      code: 'ASSET_INVALID',
      message: 'The glTF contradicts itself and cannot be interpreted.',
      cause: error,
    });
  }
  checkMeshData(document, limits);
  return { document, sourceBytes: bytes.length, mediaType: binary ? 'model/gltf-binary' : 'model/gltf+json' };
}

function looksLikeJson(bytes: Uint8Array): boolean {
  for (const byte of bytes.subarray(0, 64)) {
    if (byte === 0x7b) return true;
    // white space and the parts of a byte order mark
    if (![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte)) return false;
  }
  return false;
}

function checkExtensions(json: GltfJson, context: ReadContext): void {
  const known = new Set(GLTF_EXTENSIONS.map((extension) => extension.EXTENSION_NAME));
  const missing = (json.extensionsRequired ?? []).filter((name) => !known.has(name));
  if (missing.length > 0) {
    throw invalid(
      `The file requires ${missing.map(quoteForeign).join(', ')}, which Maquette does not support.`,
      'Export the file without that extension.',
    );
  }
  const used = new Set(json.extensionsUsed ?? []);
  for (const name of used) {
    if (known.has(name)) continue;
    context.warn({
      code: 'EXTENSION_DROPPED',
      message: `The optional glTF extension ${quoteForeign(name)} was left out.`,
    });
  }
  if (used.has('KHR_draco_mesh_compression') && context.codecs.draco === undefined)
    throw missingDecoder('Draco', 'draco');
  if (used.has('EXT_meshopt_compression') && context.codecs.meshoptDecoder === undefined) {
    throw missingDecoder('meshopt', 'meshoptDecoder');
  }
}

function missingDecoder(name: string, codec: string): SdkError {
  return new SdkError({
    code: 'UNSUPPORTED_ON_HOST',
    message: `The mesh is compressed with ${name}, and this platform has no decoder for it.`,
    details: { codec },
  });
}

interface ResolvedFile {
  readonly source: GltfFile;
  readonly buffers: readonly (Uint8Array | null)[];
}

/** Replaces data URIs by named resources and refuses every other address. Fills in media types the file left out. */
function resolveResources(json: GltfJson, bin: Uint8Array | undefined): ResolvedFile {
  const resources: Record<string, Uint8Array> = {};
  const binView = bin === undefined ? undefined : bin;
  if (binView !== undefined) resources[GLB_BUFFER] = binView;
  const buffers: (Uint8Array | null)[] = [];
  const bufferDefs = (json.buffers ?? []).map((buffer, index) => {
    const where = `buffers[${index}]`;
    if (buffer.uri === undefined) {
      // only the first buffer may be the binary chunk; others without an address stand for decompressed data
      const data = index === 0 ? binView : undefined;
      if (data !== undefined && buffer.byteLength > data.length) {
        throw invalid(`${where} declares ${buffer.byteLength} bytes, but the binary part has ${data.length}.`);
      }
      buffers.push(data === undefined ? null : data.subarray(0, buffer.byteLength));
      return buffer;
    }
    const data = embedded(buffer.uri, where).bytes;
    if (buffer.byteLength > data.length) {
      throw invalid(`${where} declares ${buffer.byteLength} bytes, but its data URI has ${data.length}.`);
    }
    buffers.push(data);
    const name = `__buffer${index}.bin`;
    resources[name] = data;
    return { ...buffer, uri: name };
  });
  const images = (json.images ?? []).map((image, index) => {
    if (image.uri === undefined) {
      if (image.mimeType !== undefined || image.bufferView === undefined) return image;
      const view = json.bufferViews?.[image.bufferView];
      const data = view === undefined ? undefined : buffers[view.buffer];
      const start = view?.byteOffset ?? 0;
      const type = data === null || data === undefined ? null : sniffTextureType(data.subarray(start, start + 16));
      return type === null ? image : { ...image, mimeType: type };
    }
    const data = embedded(image.uri, `images[${index}]`);
    const mimeType = sniffTextureType(data.bytes) ?? image.mimeType ?? data.mediaType;
    const name = `__image${index}.bin`;
    resources[name] = data.bytes;
    return { ...image, uri: name, mimeType };
  });
  const source = { ...json, ...(json.buffers && { buffers: bufferDefs }), ...(json.images && { images }) };
  return { source: { json: source, resources } as unknown as GltfFile, buffers };
}

function embedded(uri: string, where: string): { bytes: Uint8Array; mediaType: string } {
  const data = parseDataUri(uri);
  if (data !== null) return data;
  if (uri.slice(0, 5).toLowerCase() === 'data:') throw invalid(`${where} has a data URI that is not proper base64.`);
  throw invalid(
    `${where} refers to the external file ${quoteForeign(uri)}; nothing external is fetched.`,
    'Export the model as one GLB with everything embedded.',
  );
}
