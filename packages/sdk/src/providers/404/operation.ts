import * as z from 'zod/mini';
import { SdkError } from '../../foundation/errors.ts';
import type { JsonValue } from '../../foundation/json.ts';
import type { Gateways } from './gateway-address.ts';
import { isRegion, REGIONS } from './gateway-address.ts';

/** The only form of id the gateway gives. */
export const TASK_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const operationSchema = z.strictObject({
  version: z.literal(1),
  /** Id of the task, a UUID in lower case. */
  task: z.string().check(z.regex(TASK_ID)),
  /** Origin of the gateway that took it; null for an adopted task of which that is not known. */
  origin: z.nullable(z.string()),
  /** Null for an adopted task. */
  model: z.nullable(z.string()),
  /** Null for an adopted task: the gateway never tells. */
  seed: z.nullable(z.int()),
  /** How many results are wanted, [1, 3]. */
  candidates: z.int().check(z.gte(1), z.lte(3)),
  /** Milliseconds since the epoch; null for an adopted task. */
  startedAt: z.nullable(z.number()),
});

/** Everything another process needs to go on with a task. */
export type Operation404 = z.infer<typeof operationSchema>;

/**
 * Reads a stored operation.
 *
 * @throws {@link SdkError} `PROVIDER_PROTOCOL` when it is not one this version wrote.
 */
export function parseOperation(operation: JsonValue): Operation404 {
  const parsed = z.safeParse(operationSchema, operation);
  if (parsed.success) return parsed.data;
  throw new SdkError({
    code: 'PROVIDER_PROTOCOL',
    message: 'The stored task of 404-GEN is damaged or was written by another version.',
    remedy: 'Update Maquette, or adopt the task by its id with `maquette jobs adopt 404`.',
  });
}

/**
 * The operation of a task somebody knows the id of.
 *
 * @param taskId - A UUID, after `eu/`, `us-east/` or `us-west/` where the region is known.
 * @throws {@link SdkError} `INPUT_INVALID`
 */
export function adoptTask(taskId: string, gateways: Gateways): Operation404 {
  const slash = taskId.indexOf('/');
  const prefix = slash < 0 ? undefined : taskId.slice(0, slash);
  const task = taskId.slice(slash + 1).toLowerCase();
  if (!TASK_ID.test(task)) {
    throw refused('That is no task id of 404-GEN.', 'It is a UUID, with its region before it if known: us-east/UUID.');
  }
  let origin: string | null = gateways.origins.length === 1 ? (gateways.origins[0] as string) : null;
  if (prefix !== undefined) {
    if (!isRegion(prefix)) {
      throw refused('That is no region of 404-GEN.', `Use one of ${Object.keys(REGIONS).join(', ')}, or leave it out.`);
    }
    if (gateways.isConfigured) {
      throw refused('A region cannot be named while MAQUETTE_404_URL names a gateway.', 'Leave one of them out.');
    }
    origin = REGIONS[prefix];
  }
  return { version: 1, task, origin, model: null, seed: null, candidates: 1, startedAt: null };
}

/**
 * The gateways that may be asked about a task, at least one: the one that took it, or all where that is not known.
 *
 * The operation comes from a file, so an origin in it is used only if the configuration allows it too.
 *
 * @throws {@link SdkError} `CONFIG_MISSING` for a gateway that is not configured here. The job is kept until it is.
 */
export function originsOf(operation: Operation404, gateways: Gateways): readonly string[] {
  if (gateways.fault !== undefined) throw gateways.fault;
  if (operation.origin === null) return gateways.origins;
  if (gateways.origins.includes(operation.origin)) return [operation.origin];
  throw new SdkError({
    code: 'CONFIG_MISSING',
    message: `The task ${operation.task} is at another gateway of 404-GEN than the one that is configured now.`,
    remedy: 'Set MAQUETTE_404_URL as it was when the job was started, then run `maquette jobs resume`.',
  });
}

function refused(message: string, remedy: string): SdkError {
  return new SdkError({ code: 'INPUT_INVALID', message, remedy });
}
