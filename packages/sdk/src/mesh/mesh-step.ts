import type { CancelSignal } from '../foundation/cancel.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { Warning } from '../foundation/warning.ts';
import type { CodecName, Codecs } from '../host/codecs.ts';
import type { MeshAsset } from './mesh-asset.ts';

/** What a mesh step works with besides its asset. The pipeline's step context fits. */
export interface MeshStepContext {
  readonly codecs: Codecs;
  readonly signal?: CancelSignal;
  readonly warn: (warning: Warning) => void;
  readonly report: (step: string, report: JsonObject) => void;
}

/** Work on a mesh: takes the asset over and returns it. Deterministic in asset and options. */
export interface MeshStep {
  readonly name: string;
  readonly needs: readonly CodecName[];
  run(asset: MeshAsset, context: MeshStepContext): Promise<MeshAsset>;
}
