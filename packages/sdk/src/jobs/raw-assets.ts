import { toHex } from '../foundation/bytes.ts';
import type { Host } from '../host/host.ts';
import type { AssetOffer } from '../provider/provider.ts';
import type { RawAsset } from './job-events.ts';
import type { JobState } from './job-state.ts';
import { sniffMediaType } from './sniff-media-type.ts';

/** Where raw assets lie in the Host's files. */
export const RAW_PREFIX = 'raw/';

/** Stores bytes under their digest and says what they are. Storing the same bytes again is harmless. */
export async function storeRawAsset(host: Host, offer: AssetOffer, bytes: Uint8Array): Promise<RawAsset> {
  const digest = toHex(await host.sha256(bytes));
  const { mediaType, extension, kind = offer.kind } = sniffMediaType(bytes, offer.kind);
  const key = `${RAW_PREFIX}${digest.slice(0, 2)}/${digest}.${extension}`;
  // Written even if it is there: that makes it young, and cleaning up leaves young files alone.
  await host.files.write(key, bytes);
  return {
    assetId: offer.id,
    kind,
    key,
    mediaType,
    extension,
    sizeBytes: bytes.length,
    digest,
    ...(kind === 'splat' && offer.frame !== undefined ? { frame: offer.frame } : {}),
  };
}

/** The id of the result to use: `main`, or the first one offered. */
export function mainAssetId(state: JobState): string | undefined {
  return state.offered.includes('main') ? 'main' : state.offered[0];
}

/** Fetched assets whose bytes are still there, the one to use first. */
export async function presentAssets(host: Host, state: JobState): Promise<readonly RawAsset[]> {
  const main = mainAssetId(state);
  const present: RawAsset[] = [];
  for (const asset of state.fetched) {
    const file = await host.files.stat(asset.key);
    if (file?.sizeBytes !== asset.sizeBytes) continue;
    if (asset.assetId === main) present.unshift(asset);
    else present.push(asset);
  }
  return present;
}
