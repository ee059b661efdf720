import { refuseWithJson, refuseWithText } from './error-answers.ts';
import { createFixedWindows } from './fixed-windows.ts';
import { isKeyForm } from './gateway-ids.ts';
import type { GatewayRequest } from './gateway-messages.ts';
import type { GatewayLimits, GatewayTimes } from './gateway-settings.ts';

/** Who a key belongs to: a person with any number of keys, or a company. */
export interface GatewayAccountOptions {
  /** UUIDs. */
  readonly keys: readonly string[];
  /** Default `user`. */
  readonly kind?: 'user' | 'company';
  /** Stands in the messages about a company's limits. Default `Company`. */
  readonly name?: string;
  /** US cents. Default 10 000. */
  readonly balanceCents?: number;
  /** Unfinished tasks at a time; 0 is no limit. Default as the gateway's limits say. */
  readonly concurrent?: number;
  /** Tasks per UTC day; 0 is no limit. Default as the gateway's limits say. */
  readonly perDay?: number;
  /** False for a key that still opens the door and can no longer be charged. Default true. */
  readonly canBeBilled?: boolean;
}

/** An account as the gateway keeps it. */
export interface GatewayAccount {
  readonly id: number;
  readonly kind: 'user' | 'company';
  /** `User`, or the name of the company: the subject of messages about limits. */
  readonly label: string;
  readonly concurrent: number;
  readonly perDay: number;
  readonly canBeBilled: boolean;
  balanceCents: number;
}

/** Whom a request comes from. */
export type GatewayCaller =
  | { readonly kind: 'account'; readonly account: GatewayAccount }
  /** The key that everybody may use. Its tasks have no owner. */
  | { readonly kind: 'generic' };

/** What became of the key of a request, before anything is answered. */
export type KeyVerdict = GatewayCaller | { readonly kind: 'missing' | 'malformed' | 'unknown' | 'blocked' };

/** The keys of a gateway. */
export interface GatewayKeys {
  /** Looks the key of a request up. An unknown one counts against the IP address. */
  judge(request: GatewayRequest, address: string): KeyVerdict;
  /** The account of a key, or undefined. */
  accountOf(key: string): GatewayAccount | undefined;
  /** Gives money back. */
  refund(accountId: number, cents: number): void;
}

/** How keys are made up. */
export interface GatewayKeysOptions {
  readonly genericKey: string;
  readonly accounts: readonly GatewayAccountOptions[];
  /** Every well-formed key opens an account of its own. */
  readonly acceptsAnyKey: boolean;
  readonly limits: GatewayLimits;
  readonly times: GatewayTimes;
  readonly now: () => number;
}

const BALANCE_CENTS = 10_000;

/** Makes the keys of a gateway. @source gateway-rs src/db/key_validator.rs, src/http3/rate_limits.rs */
export function createGatewayKeys(options: GatewayKeysOptions): GatewayKeys {
  const { limits, times, now } = options;
  const byKey = new Map<string, GatewayAccount>();
  const accounts: GatewayAccount[] = [];
  const open = (init: GatewayAccountOptions): GatewayAccount => {
    const account: GatewayAccount = {
      id: accounts.length + 1,
      kind: init.kind ?? 'user',
      label: init.kind === 'company' ? (init.name ?? 'Company') : 'User',
      concurrent: init.concurrent ?? limits.accountConcurrent,
      perDay: init.perDay ?? limits.accountPerDay,
      canBeBilled: init.canBeBilled ?? true,
      balanceCents: init.balanceCents ?? BALANCE_CENTS,
    };
    accounts.push(account);
    for (const key of init.keys) byKey.set(key.toLowerCase(), account);
    return account;
  };
  for (const account of options.accounts) open(account);
  const misses = createFixedWindows(now, times.badKeyWindowMs);
  const blockedUntilMs = new Map<string, number>();
  return {
    accountOf: (key) => byKey.get(key.toLowerCase()),
    refund(accountId, cents) {
      const account = accounts[accountId - 1];
      if (account !== undefined) account.balanceCents += cents;
    },
    judge(request, address) {
      const given = request.headers['x-api-key'];
      if (given === undefined) return { kind: 'missing' };
      if (!isKeyForm(given)) return { kind: 'malformed' };
      const key = given.toLowerCase();
      if (key === options.genericKey.toLowerCase()) return { kind: 'generic' };
      const known = byKey.get(key) ?? (options.acceptsAnyKey ? open({ keys: [key] }) : undefined);
      if (known !== undefined) return { kind: 'account', account: known };
      if (now() < (blockedUntilMs.get(address) ?? 0)) return { kind: 'blocked' };
      if (misses.count(address) < limits.badKeyMisses) return { kind: 'unknown' };
      blockedUntilMs.set(address, now() + times.badKeyCooldownMs);
      return { kind: 'blocked' };
    },
  };
}

/** The caller behind a verdict. @throws `Refusal` 401, 400 or 429 where there is none. */
export function requireCaller(verdict: KeyVerdict): GatewayCaller {
  switch (verdict.kind) {
    case 'account':
    case 'generic':
      return verdict;
    case 'missing':
      throw refuseWithText(401, 'Missing API key');
    case 'malformed':
      throw refuseWithText(400, 'Invalid API key format');
    case 'unknown':
      throw refuseWithText(401, 'Invalid API key');
    case 'blocked':
      throw refuseWithJson(
        429,
        'invalid_api_key_rate_limit',
        'Too many invalid API key attempts from this IP. Please retry later.',
      );
  }
}
