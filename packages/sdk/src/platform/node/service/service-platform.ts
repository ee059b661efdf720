import { lstat, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { SdkError } from '../../../foundation/errors.ts';
import { type AssetManifest, readManifest } from '../../../pipeline/manifest.ts';
import type { Provider } from '../../../provider/provider.ts';
import type { AssetFile, ServicePlatform } from '../../../service/service.ts';
import { toPlainBytes } from '../atomic-file.ts';
import { newFolder } from '../folder-name.ts';
import { createKeyStore } from '../key-store.ts';
import type { Environment } from '../maquette-home.ts';
import type { NodeHost } from '../node-host.ts';
import { readInputFile } from '../read-input-file.ts';
import type { AssetLinks } from './asset-links.ts';

const MEBIBYTE = 1024 * 1024;
const MAX_IMAGE_BYTES = 64 * MEBIBYTE;
const MAX_MANIFEST_BYTES = 16 * MEBIBYTE;
const MANIFEST = 'manifest.json';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  glb: 'model/gltf-binary',
  gltf: 'model/gltf+json',
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
};

/** What the platform of a service is made from. */
export interface ServicePlatformOptions {
  readonly host: NodeHost;
  readonly providers: readonly Provider[];
  readonly env: Environment;
  readonly version: string;
  /** Address of the service. */
  readonly url: string;
  readonly links: AssetLinks;
  readonly linkPanel: () => string;
  /** Folders that stored jobs will be delivered to. */
  readonly takenFolders: Iterable<string>;
}

/** This machine as the service sees it. */
export function createServicePlatform(options: ServicePlatformOptions): ServicePlatform {
  const { host, providers, env, version } = options;
  const keyStore = createKeyStore();
  // a folder is made when its asset is there; until then nobody else may get the same name
  const taken = new Set(options.takenFolders);
  return {
    newAssetFolder(name, parent) {
      const folder = newFolder(parent ?? join(host.home, 'assets'), name, (path) => taken.has(path));
      taken.add(folder);
      return folder;
    },
    freeAssetFolder: (folder) => void taken.delete(folder),
    async readImage(path) {
      if (!isAbsolute(path)) {
        throw new SdkError({ code: 'INPUT_INVALID', message: 'The path of an image must be absolute.' });
      }
      const facts = await stat(path).catch(() => null);
      if (facts !== null && !facts.isFile()) {
        throw new SdkError({ code: 'INPUT_INVALID', message: `${path} is no file.`, remedy: 'Choose an image.' });
      }
      return readInputFile(path, MAX_IMAGE_BYTES);
    },
    listAssetFiles,
    linkFile(folder, file) {
      const { path, expiresAt } = options.links.issue(folder, file);
      return { url: `${options.url}${path}`, expiresAt };
    },
    linkPanel: options.linkPanel,
    keySource: async (provider) => (await host.credentialSource(provider)) ?? 'missing',
    async setKey(provider, value) {
      await keyStore.set(provider, value);
      host.forgetCredential(provider);
    },
    async removeKey(provider) {
      const wasThere = await keyStore.remove(provider);
      host.forgetCredential(provider);
      return wasThere;
    },
    async runDoctor() {
      const { examine } = await import('../doctor/examine.ts');
      return examine({ host, providers, env, version });
    },
  };
}

async function listAssetFiles(folder: string): Promise<readonly AssetFile[]> {
  const path = join(folder, MANIFEST);
  const facts = await lstat(path).catch(() => null);
  if (facts === null || !facts.isFile() || facts.size > MAX_MANIFEST_BYTES) {
    throw new SdkError({
      code: 'ASSET_UNREADABLE',
      message: `There is no asset in ${folder}.`,
      remedy: 'It may have been moved or removed; make it again.',
    });
  }
  const manifest = readManifest(toPlainBytes(await readFile(path)));
  const files = filesOf(manifest).map(
    ({ file, bytes, digest }): AssetFile => ({ name: file, bytes, digest, mediaType: mediaTypeOf(file) }),
  );
  return [...files, { name: MANIFEST, bytes: facts.size, mediaType: 'application/json' }];
}

function filesOf(manifest: AssetManifest): readonly { file: string; bytes: number; digest: string }[] {
  const { levels, raw, thumbnail, candidates = [] } = manifest;
  return [...levels, raw, ...(thumbnail === undefined ? [] : [thumbnail]), ...candidates];
}

function mediaTypeOf(name: string): string {
  return MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}
