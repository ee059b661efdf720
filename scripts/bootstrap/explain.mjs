/**
 * Causes of a failed installation by what npm, pnpm and the system print, most telling first: a full disk or a stale
 * lockfile stays the cause even where a failed connection is mentioned as well.
 *
 * @type {readonly { pattern: RegExp, cause: string, remedy: string }[]}
 */
const CAUSES = [
  {
    pattern: /ENOSPC|no space left|EDQUOT|disk quota/i,
    cause: 'the disk is full',
    remedy: 'make room (about 1 GB) and run the command again',
  },
  {
    pattern:
      /ERR_PNPM_OUTDATED_LOCKFILE|ERR_PNPM_LOCKFILE_CONFIG_MISMATCH|ERR_PNPM_NO_LOCKFILE|ERR_PNPM_FROZEN_LOCKFILE/,
    cause: 'pnpm-lock.yaml does not match the package.json files',
    remedy: 'restore both from git, or run `npx pnpm install` if you changed dependencies',
  },
  {
    pattern: /ERR_PNPM_TARBALL_INTEGRITY|EINTEGRITY|Got unexpected checksum/,
    cause: 'a downloaded package does not have the expected content',
    remedy: 'try again, and check what stands between this machine and the registry if it persists',
  },
  {
    pattern: /EROFS|read-only file system/i,
    cause: 'the file system is read-only',
    remedy: 'run it in a checkout that can be written',
  },
  {
    pattern: /\bEACCES\b|\bEPERM\b|permission denied|operation not permitted/i,
    cause: 'a file or folder may not be written',
    remedy: 'check who owns the checkout and the package cache',
  },
  {
    pattern:
      /SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF|CERT_HAS_EXPIRED|CERT_UNTRUSTED|DEPTH_ZERO_SELF_SIGNED|ERR_TLS_CERT|self[- ]signed certificate|unable to get (local )?issuer|invalid peer certificate|UnknownIssuer/i,
    cause: "the package registry's certificate is not trusted",
    remedy: "point NODE_EXTRA_CA_CERTS at your organisation's certificate file",
  },
  {
    pattern: /\b407\b|proxy authentication|tunneling socket|ERR_PROXY|proxy (connect|error)|tunnel error|EPROXY/i,
    cause: 'the proxy refused the connection',
    remedy: 'check HTTP_PROXY, HTTPS_PROXY and NO_PROXY',
  },
  {
    pattern: /ERR_PNPM_UNSUPPORTED_PLATFORM|EBADPLATFORM|ERR_PNPM_UNSUPPORTED_ENGINE|EBADENGINE|exec format error/i,
    cause: 'this operating system or processor is not supported by one of the tools',
    remedy: 'use Linux, macOS or Windows on x64 or arm64',
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENETDOWN|getaddrinfo|dns error|network is unreachable/i,
    cause: 'the package registry cannot be reached; this machine seems to be offline',
    remedy: 'connect it, or set HTTPS_PROXY if it needs a proxy',
  },
  {
    pattern:
      /ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|socket hang up|connection (refused|reset)|error sending request/i,
    cause: 'the connection to the package registry broke',
    remedy: 'check the network and proxy settings and try again',
  },
  {
    pattern: /ERR_PNPM_FETCH_(401|403)|\b(E401|E403)\b|ERR_PNPM_UNAUTHORIZED/,
    cause: 'the package registry refused access',
    remedy: 'check the registry and its token in your .npmrc',
  },
  {
    pattern: /ERR_PNPM_FETCH_\d+|ERR_PNPM_NO_MATCHING_VERSION|ERR_PNPM_NO_VERSIONS|\bE404\b|\bETARGET\b/,
    cause: 'the package registry does not have one of the packages',
    remedy: 'check which registry your .npmrc names',
  },
];

/**
 * One sentence that names the cause of a failed installation.
 *
 * @param {string} output - What the installer printed.
 * @param {string} [subject] - What failed.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function explainFailure(output, subject = 'The installation failed', env = process.env) {
  const found = CAUSES.find(({ pattern }) => pattern.test(output));
  if (found === undefined) return `${subject}: ${lastTellingLine(output)}.`;
  const isNetwork = /reached|broke/.test(found.cause);
  const proxy = isNetwork ? (env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy) : undefined;
  if (proxy) {
    return `${subject}: the package registry cannot be reached through the proxy ${withoutPassword(proxy)}; check HTTP_PROXY, HTTPS_PROXY and NO_PROXY.`;
  }
  return `${subject}: ${found.cause}; ${found.remedy}.`;
}

/** @param {string} output */
function lastTellingLine(output) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.findLast((line) => /ERR|error/i.test(line)) ?? lines.at(-1) ?? 'the installer said nothing';
  return telling.replace(/\.$/, '').slice(0, 300);
}

/** @param {string} proxy */
function withoutPassword(proxy) {
  return proxy.replace(/\/\/[^/@]*@/, '//…@');
}
