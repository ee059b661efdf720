import type { JsonObject } from './json.ts';

/** Something the person should know although the work goes on. Data, so that every interface can show it. */
export interface Warning {
  /** Stable, upper case: `OPTION_IGNORED`, `NOUN_UNKNOWN`, … */
  readonly code: string;
  /** One sentence for people. */
  readonly message: string;
  readonly details?: JsonObject;
}
