import { SdkError } from '../foundation/errors.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { Warning } from '../foundation/warning.ts';
import type { Host } from '../host/host.ts';
import type { Money, Provider, ProviderDescription } from '../provider/provider.ts';
import type { GenerationRequest } from '../provider/request.ts';

/** An order for a job, complete and checked. */
export interface JobOrder {
  readonly provider: string;
  readonly request: GenerationRequest;
  readonly processing: JsonObject;
  readonly delivery: JsonObject;
  /** In the currency of the estimate. Undefined: no limit. */
  readonly maxCost?: number;
  /** What was noticed while the order was made. Stored with the job in front of what the provider says. */
  readonly warnings?: readonly Warning[];
}

/** What is known about an order before anything is stored or sent. */
export interface CheckedOrder {
  readonly description: ProviderDescription;
  readonly warnings: readonly Warning[];
  readonly estimate?: Money;
}

/** Checks an order without storing or sending anything. */
export async function checkOrder(host: Host, provider: Provider, order: JobOrder): Promise<CheckedOrder> {
  const description = provider.describe();
  const prepared = provider.prepare(order.request);
  assertAffordable(description, prepared.estimate, order.maxCost);
  if (description.credential !== undefined && !(await host.hasCredential(description.credential.name))) {
    throw new SdkError({
      code: 'CONFIG_MISSING',
      message: `No key is set for ${description.name}.`,
      remedy: `Store one with \`maquette key set ${provider.id}\`.`,
    });
  }
  return { description, ...prepared, warnings: [...(order.warnings ?? []), ...prepared.warnings] };
}

/** Throws `SPEND_LIMIT` before anything is sent. */
function assertAffordable(
  description: ProviderDescription,
  estimate: Money | undefined,
  maxCost: number | undefined,
): void {
  if (maxCost === undefined) return;
  if (!(maxCost >= 0))
    throw new SdkError({ code: 'INPUT_INVALID', message: 'The cost limit must be a number of at least 0.' });
  if (description.currency === undefined && estimate === undefined) return; // everything is free
  if (estimate === undefined) {
    throw new SdkError({
      code: 'SPEND_LIMIT',
      message: `${description.name} gives no estimate, so a limit of ${maxCost} cannot be kept.`,
    });
  }
  if (estimate.amount > maxCost) {
    throw new SdkError({
      code: 'SPEND_LIMIT',
      message: `The estimate of ${estimate.amount} ${estimate.currency} is above the limit of ${maxCost} ${estimate.currency}.`,
      details: { estimate: estimate.amount, currency: estimate.currency, maxCost },
    });
  }
}
