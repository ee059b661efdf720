/**
 * What a gateway allows. Every number is configuration of the real one too; the defaults are its development values, the
 * only public ones.
 *
 * @source 404-Repo/gateway-rs dev-env/config/config-single.toml, dev-env/init-scripts/init-schema.sql
 */
export interface GatewayLimits {
  /** `POST /add_task` per minute and IP address, bad ones counted. */
  readonly addTasksPerMinute: number;
  /** `GET /get_status` per minute and IP address. */
  readonly statusesPerMinute: number;
  /** `GET /get_load` and `GET /get_leader` together, per minute and IP address. */
  readonly loadsPerMinute: number;
  /** `POST /add_task` without a key that counts, per UTC day and IP address. */
  readonly unauthorizedPerDay: number;
  /** The look-up of an unknown key with this number blocks the IP address for a while. */
  readonly badKeyMisses: number;
  /** Tasks that wait for workers; from here on new ones are refused. */
  readonly queueLength: number;
  /** Unfinished tasks of the generic key, of everybody together. */
  readonly genericConcurrent: number;
  /** Tasks of the generic key in 24 hours, of everybody together. */
  readonly genericPerDay: number;
  /** Tasks of the generic key in 24 hours from one IP address. */
  readonly genericPerDayAndAddress: number;
  /** Unfinished tasks of an account that sets no limit of its own. 0 is no limit. */
  readonly accountConcurrent: number;
  /** Tasks per UTC day of an account that sets no limit of its own. 0 is no limit. */
  readonly accountPerDay: number;
  /** Tasks of a person in 24 hours that cost nothing. */
  readonly freePerDay: number;
  /** Bytes of a JSON body. */
  readonly jsonBytes: number;
  /** Bytes of the form field `image`. */
  readonly imageBytes: number;
  /** Pixels of a picture, each way. */
  readonly imagePixels: number;
  /** Characters of a prompt, at least. */
  readonly promptCharacters: number;
  /** Bytes of the form field `prompt`. A prompt in JSON has no maximum. */
  readonly promptBytes: number;
  /** Bytes of `model_params` as compact JSON. */
  readonly modelParamsBytes: number;
}

/** The limits of a gateway that is not configured. */
export const GATEWAY_LIMITS: GatewayLimits = {
  addTasksPerMinute: 30,
  statusesPerMinute: 1000,
  loadsPerMinute: 120,
  unauthorizedPerDay: 1200,
  badKeyMisses: 50,
  queueLength: 500,
  genericConcurrent: 2,
  genericPerDay: 250,
  genericPerDayAndAddress: 10,
  accountConcurrent: 1,
  accountPerDay: 50,
  freePerDay: 0,
  jsonBytes: 2_097_152,
  imageBytes: 2_097_152,
  imagePixels: 1024,
  promptCharacters: 3,
  promptBytes: 384,
  modelParamsBytes: 1024,
};

/** Lifts what counts requests and tasks; what is said of a single request stays as it is. */
export const NO_COUNTING: Partial<GatewayLimits> = {
  addTasksPerMinute: Number.POSITIVE_INFINITY,
  statusesPerMinute: Number.POSITIVE_INFINITY,
  loadsPerMinute: Number.POSITIVE_INFINITY,
  unauthorizedPerDay: Number.POSITIVE_INFINITY,
  badKeyMisses: Number.POSITIVE_INFINITY,
  queueLength: Number.POSITIVE_INFINITY,
  genericConcurrent: Number.POSITIVE_INFINITY,
  genericPerDay: Number.POSITIVE_INFINITY,
  genericPerDayAndAddress: Number.POSITIVE_INFINITY,
  accountConcurrent: 0,
  accountPerDay: 0,
  freePerDay: Number.POSITIVE_INFINITY,
};

/** How long things last at a gateway, milliseconds of its clock. */
export interface GatewayTimes {
  /** From accepting a task to its deadline. */
  readonly taskLifetimeMs: number;
  /** From the last result of a task to the loss of all of them. */
  readonly resultLifetimeMs: number;
  /** Deadlines and losses are noticed at multiples of this. */
  readonly cleanupIntervalMs: number;
  /** From accepting a task until nobody knows its id any more. */
  readonly retentionMs: number;
  /** How long an unknown key counts against an IP address. */
  readonly badKeyWindowMs: number;
  /** How long an IP address with too many unknown keys is refused. */
  readonly badKeyCooldownMs: number;
}

/** The times of a gateway that is not configured. @source config-single.toml, as for {@link GatewayLimits} */
export const GATEWAY_TIMES: GatewayTimes = {
  taskLifetimeMs: 600_000,
  resultLifetimeMs: 300_000,
  cleanupIntervalMs: 30_000,
  retentionMs: 86_400_000,
  badKeyWindowMs: 600_000,
  badKeyCooldownMs: 300_000,
};

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
