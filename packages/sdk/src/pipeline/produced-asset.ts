import type { JsonObject } from '../foundation/json.ts';
import type { AssetManifest } from './manifest.ts';

/** A finished asset before it is delivered: every file of the asset folder by name. */
export interface ProducedAsset<Manifest extends AssetManifest = AssetManifest> {
  readonly manifest: Manifest;
  /** File name to bytes: `manifest.json`, `raw.<ext>`, `lod0.<ext>`, …, `thumbnail.png`. Names hold no folders. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Numbers for a summary line. */
  readonly summary: JsonObject;
}
