import { SdkError } from './errors.ts';

/** The parts of an absolute http or https URL, checked and in canonical form. */
export interface ParsedUrl {
  readonly scheme: 'http' | 'https';
  /** Lower case; an IPv6 address without brackets. */
  readonly host: string;
  readonly hostKind: 'name' | 'ipv4' | 'ipv6';
  /** The number given, or the scheme's own. */
  readonly port: number;
  /** `scheme://host`, with the port unless it is the scheme's own. */
  readonly origin: string;
  /** Path and query; begins with `/`. */
  readonly path: string;
  /** `origin` and `path`; a fragment is dropped. */
  readonly href: string;
}

const SHAPE = /^(https?):\/\/([^/?#]*)([^#]*)(?:#.*)?$/;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const DECIMAL_BYTE = /^(?:0|[1-9]\d{0,2})$/;
const PORTS = { http: 80, https: 443 } as const;

/**
 * Takes a URL apart, refusing everything that two parsers could read in two ways.
 *
 * Engines inside editors have no `URL`, and the platform's own is generous: it accepts tabs, backslashes, `0x7f.1` for
 * 127.0.0.1 and letters that fold into dots. An address from outside that needs such generosity is an attack or a mistake.
 *
 * @throws {@link SdkError} `URL_NOT_TRUSTED` for anything but a plain http or https URL: other schemes, user information,
 * backslashes, white space, characters beyond ASCII, percent signs in the host, IPv4 in any but dotted decimal notation.
 * @source RFC 3986 §3.2; WHATWG URL "host parsing" for what browsers accept beyond it.
 */
export function parseUrl(text: string): ParsedUrl {
  if (text.length > 8192) throw refused(text, 'is too long');
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code <= 0x20 || code >= 0x7f || code === 0x5c) throw refused(text, 'holds a character that is not allowed');
  }
  const match = SHAPE.exec(text.slice(0, 8).toLowerCase() + text.slice(8));
  if (match === null) throw refused(text, 'is no plain http or https address');
  const scheme = match[1] as 'http' | 'https';
  const authority = (match[2] as string).toLowerCase();
  if (authority.includes('@')) throw refused(text, 'holds a user name');
  const { host, hostKind, portText } = splitAuthority(authority, text);
  const port = portText === undefined ? PORTS[scheme] : Number(portText);
  if (portText !== undefined && (!/^[1-9]\d{0,4}$/.test(portText) || port > 65_535))
    throw refused(text, 'has no valid port');
  const shownHost = hostKind === 'ipv6' ? `[${host}]` : host;
  const origin = `${scheme}://${shownHost}${port === PORTS[scheme] ? '' : `:${port}`}`;
  const rest = match[3] as string;
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return { scheme, host, hostKind, port, origin, path, href: origin + path };
}

/**
 * The address a redirect or a relative link leads to.
 *
 * @throws {@link SdkError} `URL_NOT_TRUSTED` as {@link parseUrl} does.
 * @source RFC 3986 §5.2
 */
export function resolveUrl(base: ParsedUrl, reference: string): ParsedUrl {
  if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return parseUrl(reference);
  if (reference.startsWith('//')) return parseUrl(`${base.scheme}:${reference}`);
  const [basePath = '/'] = base.path.split('?');
  const cut = reference.search(/[?#]/);
  const referencePath = cut < 0 ? reference : reference.slice(0, cut);
  const tail = cut < 0 ? '' : reference.slice(cut);
  if (referencePath === '') return parseUrl(`${base.origin}${tail.startsWith('?') ? basePath : base.path}${tail}`);
  const joined = referencePath.startsWith('/')
    ? referencePath
    : basePath.slice(0, basePath.lastIndexOf('/') + 1) + referencePath;
  return parseUrl(base.origin + removeDotSegments(joined) + tail);
}

/**
 * True for a host that is not on the public internet: loopback, private, link-local, carrier, documentation and multicast
 * ranges, names without a dot and names of private zones.
 *
 * A public name may still resolve to a private address; only the Host can see that.
 *
 * @source IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890); RFC 6761, RFC 6762, RFC 8375.
 */
export function isPrivateHost(url: ParsedUrl): boolean {
  if (url.hostKind === 'ipv4') return isPrivateIpv4(url.host.split('.').map(Number));
  if (url.hostKind === 'ipv6') return isPrivateIpv6(parseIpv6(url.host) ?? []);
  const labels = url.host.split('.');
  const zone = labels[labels.length - 1] as string;
  if (labels.length === 1 || PRIVATE_ZONES.has(zone)) return true;
  return url.host === 'home.arpa' || url.host.endsWith('.home.arpa');
}

const PRIVATE_ZONES: ReadonlySet<string> = new Set([
  'localhost',
  'local',
  'localdomain',
  'internal',
  'intranet',
  'lan',
  'home',
  'corp',
  'private',
  'test',
  'invalid',
  'onion',
]);

/** First byte, then mask-and-match of what follows: [address, prefix length]. */
const PRIVATE_IPV4: readonly (readonly [readonly [number, number, number, number], number])[] = [
  [[0, 0, 0, 0], 8],
  [[10, 0, 0, 0], 8],
  [[100, 64, 0, 0], 10],
  [[127, 0, 0, 0], 8],
  [[169, 254, 0, 0], 16],
  [[172, 16, 0, 0], 12],
  [[192, 0, 0, 0], 24],
  [[192, 0, 2, 0], 24],
  [[192, 88, 99, 0], 24],
  [[192, 168, 0, 0], 16],
  [[198, 18, 0, 0], 15],
  [[198, 51, 100, 0], 24],
  [[203, 0, 113, 0], 24],
  [[224, 0, 0, 0], 3],
];

function isPrivateIpv4(bytes: readonly number[]): boolean {
  return PRIVATE_IPV4.some(([network, length]) => sharesPrefix(bytes, network, length, 8));
}

/** Global unicast without the parts that carry another address inside or are set aside. */
function isPrivateIpv6(groups: readonly number[]): boolean {
  if (!sharesPrefix(groups, [0x2000], 3, 16)) return true;
  return (
    sharesPrefix(groups, [0x2001, 0], 23, 16) || // protocol assignments, Teredo among them
    sharesPrefix(groups, [0x2001, 0x0db8], 32, 16) ||
    sharesPrefix(groups, [0x2002], 16, 16) || // 6to4
    sharesPrefix(groups, [0x3fff, 0], 20, 16)
  );
}

function sharesPrefix(value: readonly number[], network: readonly number[], length: number, width: number): boolean {
  for (let bit = 0; bit < length; bit += width) {
    const index = bit / width;
    const used = Math.min(width, length - bit);
    const shift = width - used;
    if ((value[index] ?? 0) >> shift !== (network[index] ?? 0) >> shift) return false;
  }
  return true;
}

function splitAuthority(
  authority: string,
  text: string,
): { host: string; hostKind: ParsedUrl['hostKind']; portText: string | undefined } {
  if (authority.startsWith('[')) {
    const end = authority.indexOf(']');
    const host = authority.slice(1, end);
    const after = authority.slice(end + 1);
    const groups = end < 0 ? null : parseIpv6(host);
    if (groups === null || (after !== '' && !after.startsWith(':'))) throw refused(text, 'has no valid host');
    return { host: formatIpv6(groups), hostKind: 'ipv6', portText: after === '' ? undefined : after.slice(1) };
  }
  const colon = authority.indexOf(':');
  const host = colon < 0 ? authority : authority.slice(0, colon);
  const portText = colon < 0 ? undefined : authority.slice(colon + 1);
  const labels = host.split('.');
  if (host.length > 253 || !labels.every((label) => LABEL.test(label))) throw refused(text, 'has no valid host');
  // Whatever ends in a number is an IPv4 address to a browser: `127.1`, `2130706433`, `0x7f.1`, `0177.0.0.1`.
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels[labels.length - 1] as string)) {
    const isPlain = labels.length === 4 && labels.every((label) => DECIMAL_BYTE.test(label) && Number(label) <= 255);
    if (!isPlain) throw refused(text, 'holds an address in an unusual notation');
    return { host, hostKind: 'ipv4', portText };
  }
  return { host, hostKind: 'name', portText };
}

/** Eight groups of 16 bits, or null. Zone names are refused. @source RFC 4291 §2.2 */
function parseIpv6(text: string): readonly number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const parsed = halves.map((half, index) => parseGroups(half, index === halves.length - 1));
  const [head, tail = []] = parsed;
  if (head === null || head === undefined || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function parseGroups(text: string, isLast: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (isLast && index === parts.length - 1 && part.includes('.')) {
      const bytes = part.split('.');
      if (bytes.length !== 4 || !bytes.every((byte) => DECIMAL_BYTE.test(byte) && Number(byte) <= 255)) return null;
      const [a, b, c, d] = bytes.map(Number) as [number, number, number, number];
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

function formatIpv6(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

function removeDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const plain = segment.replaceAll(/%2e/gi, '.');
    const isLast = index === segments.length - 1;
    if (plain === '..') kept.pop();
    if (plain === '.' || plain === '..') {
      if (isLast) kept.push('');
    } else kept.push(segment);
  }
  return `/${kept.join('/')}`;
}

/** Shows as little as helps: the address may hold a signature. */
function refused(text: string, why: string): SdkError {
  const shown = text
    .slice(0, 60)
    .replace(/[?#].*$/s, '')
    .replace(/\/\/[^/@]*@/, '//')
    .replaceAll(/[^\x21-\x7e]/g, '?');
  return new SdkError({ code: 'URL_NOT_TRUSTED', message: `The address "${shown}" ${why}.` });
}
