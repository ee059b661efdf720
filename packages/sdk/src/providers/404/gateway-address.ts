import { SdkError } from '../../foundation/errors.ts';
import { type ParsedUrl, parseUrl } from '../../foundation/url.ts';

/**
 * The public gateways by region. A task and its result live in the memory of the one that took it, so each task is pinned
 * to one; the GeoDNS name, which may lead to another next time, is not used.
 *
 * @source gateway-rs: docs/api/client_api.md, src/http3/handlers/result/read.rs
 */
export const REGIONS = {
  eu: 'https://api-eu.404.xyz',
  'us-east': 'https://api-us-east.404.xyz',
  'us-west': 'https://api-us-west.404.xyz',
} as const;

/** Name of a public gateway. */
export type Region = keyof typeof REGIONS;

/** The region used where none is named. */
export const DEFAULT_REGION: Region = 'eu';

/** The gateways a provider may talk to, and why it may talk to none. */
export interface Gateways {
  /** Origins that get the key, the default one first. Empty for an address that cannot be used. */
  readonly origins: readonly string[];
  /** True for an address of the person's own in place of the public regions. */
  readonly isConfigured: boolean;
  /** What is wrong with the configured address. */
  readonly fault?: SdkError;
}

/**
 * The gateways of a configuration. Never throws, so that a wrong address does not keep other providers from working: the
 * fault comes out when this one is used.
 *
 * @param url - Origin of a gateway; undefined for the public ones.
 */
export function toGateways(url: string | undefined): Gateways {
  if (url === undefined) return { origins: Object.values(REGIONS), isConfigured: false };
  try {
    return { origins: [parseGatewayOrigin(url)], isConfigured: true };
  } catch (error) {
    return { origins: [], isConfigured: true, fault: error as SdkError };
  }
}

/** True for a text that names a region. */
export function isRegion(text: string): text is Region {
  return Object.hasOwn(REGIONS, text);
}

function parseGatewayOrigin(text: string): string {
  const trimmed = text.trim();
  let url: ParsedUrl;
  try {
    url = parseUrl(trimmed);
  } catch (error) {
    throw refused('is no address of a server', error);
  }
  if (url.path !== '/' || /[?#]/.test(trimmed)) throw refused('has a path, where only scheme, host and port belong');
  if (url.scheme === 'http' && !isLoopback(url)) {
    throw refused('is not encrypted, and plain http is for this machine only');
  }
  if (url.hostKind !== 'ipv6') return url.origin;
  // Engines write the addresses of this family in a shorter form than ours, and a key goes to an origin spelt exactly so.
  if (!isLoopback(url)) throw refused('is an IPv6 address, where a name is needed');
  return url.origin.replace('[0:0:0:0:0:0:0:1]', '[::1]');
}

function isLoopback(url: ParsedUrl): boolean {
  if (url.hostKind === 'ipv4') return url.host.startsWith('127.');
  if (url.hostKind === 'ipv6') return url.host === '0:0:0:0:0:0:0:1';
  return url.host === 'localhost' || url.host.endsWith('.localhost');
}

/**
 * `CONFIG_MISSING`, because a job whose task is at a gateway then waits until the address is put right, where any other
 * code would end it. The address itself is not shown: people paste keys into the wrong variable.
 */
function refused(why: string, cause?: unknown): SdkError {
  return new SdkError({
    code: 'CONFIG_MISSING',
    message: `The gateway address in MAQUETTE_404_URL (the option url) ${why}.`,
    remedy:
      'Give an origin like https://gateway.example.com or http://127.0.0.1:4404, or leave it out for the public one.',
    ...(cause === undefined ? {} : { cause }),
  });
}
