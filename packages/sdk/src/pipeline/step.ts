import type { CancelSignal } from '../foundation/cancel.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { Warning } from '../foundation/warning.ts';
import type { CodecName, Codecs } from '../host/codecs.ts';
import type { Host } from '../host/host.ts';

/** Optional members of the Host a step may need. */
export type CapabilityName = 'images';

/** What a step works with besides its input. */
export interface StepContext {
  readonly codecs: Codecs;
  readonly images?: Host['images'];
  readonly sha256: Host['sha256'];
  readonly signal?: CancelSignal;
  /** Lets everything else of the process have a turn: interrupts, leases, other jobs. Awaited between steps and levels. */
  readonly pause?: () => Promise<void>;
  /** Raises a warning that ends up in the manifest and in the job's events. */
  readonly warn: (warning: Warning) => void;
  /** Reports what a step changed: before and after, never timings. */
  readonly report: (step: string, report: JsonObject) => void;
}

/** Work on an asset: takes it over and returns it. Deterministic in its input and options. */
export interface Step<In, Out = In> {
  readonly name: string;
  readonly needs: readonly (CodecName | CapabilityName)[];
  run(input: In, context: StepContext): Promise<Out>;
}
