import { refuseWithJson, refuseWithText } from './error-answers.ts';
import type { GatewayAccount, GatewayCaller } from './gateway-accounts.ts';
import type { GatewayModel } from './gateway-models.ts';
import { DAY_MS, type GatewayLimits } from './gateway-settings.ts';
import { isTerminal, type LiveTask } from './gateway-task.ts';

/** What a new task is measured against. */
export interface QuotaCheck {
  readonly caller: GatewayCaller;
  readonly address: string;
  readonly model: GatewayModel;
  readonly tasks: readonly LiveTask[];
  readonly limits: GatewayLimits;
  readonly nowMs: number;
}

/**
 * Checks the limits that need the whole cluster, in the gateway's order, and says what the task costs. Nothing is taken yet.
 *
 * @returns US cents.
 * @throws `Refusal` 429, 401 or 402.
 * @source gateway-rs src/http3/rate_limits.rs; generation_submit_task in init-schema.sql
 */
export function checkQuotas(check: QuotaCheck): number {
  return check.caller.kind === 'generic' ? checkGeneric(check) : checkAccount(check, check.caller.account);
}

function checkGeneric({ tasks, limits, nowMs, address }: QuotaCheck): 0 {
  const generic = tasks.filter((task) => task.order.accountId === null);
  if (generic.filter((task) => !isTerminal(task)).length >= limits.genericConcurrent) {
    throw refuseWithJson(429, 'concurrent_limit', 'Generic key concurrent task limit exceeded.');
  }
  const counted = generic.filter((task) => countsSince(task, nowMs - DAY_MS));
  if (counted.length >= limits.genericPerDay) {
    throw refuseWithJson(429, 'daily_limit', 'Generic key global rolling limit exceeded.');
  }
  if (counted.filter((task) => task.order.address === address).length >= limits.genericPerDayAndAddress) {
    throw refuseWithJson(429, 'daily_limit', 'Generic key per-IP rolling limit exceeded.');
  }
  return 0;
}

function checkAccount({ tasks, limits, nowMs, model }: QuotaCheck, account: GatewayAccount): number {
  const own = tasks.filter((task) => task.order.accountId === account.id);
  if (account.concurrent > 0 && own.filter((task) => !isTerminal(task)).length >= account.concurrent) {
    throw refuseWithJson(429, 'concurrent_limit', `${account.label} concurrent task limit exceeded.`);
  }
  const dayStartMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  if (account.perDay > 0 && own.filter((task) => countsSince(task, dayStartMs)).length >= account.perDay) {
    throw refuseWithJson(429, 'daily_limit', `${account.label} daily task limit exceeded.`);
  }
  if (!account.canBeBilled) throw refuseWithText(401, 'API key is no longer active for billing.');
  if (account.kind === 'user') {
    const free = own.filter((task) => task.order.priceCents === 0 && countsSince(task, nowMs - DAY_MS));
    if (free.length < limits.freePerDay) return 0;
  }
  if (account.balanceCents < model.priceCents) {
    throw refuseWithJson(402, 'insufficient_balance', `Insufficient ${account.kind} balance.`);
  }
  return model.priceCents;
}

/** Tasks whose price went back do not count. */
function countsSince(task: LiveTask, sinceMs: number): boolean {
  return task.row.money !== 'refunded' && task.order.acceptedAtMs >= sinceMs;
}
