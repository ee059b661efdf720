import { describe, expect, it } from 'vitest';
import { explainFailure } from './explain.mjs';

/** What npm and pnpm printed on machines with these troubles, shortened. */
const SAMPLES: readonly [cause: string, output: string][] = [
  [
    'cannot be reached',
    'npm error code EAI_AGAIN\nnpm error request to https://… failed, reason: getaddrinfo EAI_AGAIN',
  ],
  ['cannot be reached', 'client error (Connect): dns error: error resolving DNS: failed to lookup address information'],
  ['connection to the package registry broke', 'npm error code ECONNRESET\nnpm error network aborted'],
  ['proxy refused', 'client error (Connect): tunnel error: failed to create underlying connection'],
  ['proxy refused', 'npm error code E407\nnpm error 407 Proxy Authentication Required'],
  [
    'certificate is not trusted',
    'npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error self-signed certificate in chain',
  ],
  [
    'certificate is not trusted',
    'error sending request: client error (Connect): invalid peer certificate: UnknownIssuer',
  ],
  ['disk is full', 'npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device, write'],
  ['disk is full', '[WARN] GET error (ECONNRESET)\nError: failed to write: No space left on device (os error 28)'],
  ['file system is read-only', "Error: EROFS: read-only file system, mkdir 'node_modules'"],
  ['may not be written', "npm error code EACCES\nnpm error Error: EACCES: permission denied, mkdir '/home/x/.npm'"],
  ['does not match the package.json', 'ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile"'],
  ['does not match the package.json', 'Error: ERR_PNPM_FROZEN_LOCKFILE_WITH_OUTDATED_LOCKFILE'],
  ['does not have the expected content', 'ERR_PNPM_TARBALL_INTEGRITY Got unexpected checksum for "https://…"'],
  ['not supported', 'ERR_PNPM_UNSUPPORTED_PLATFORM  Unsupported platform for esbuild'],
  ['refused access', 'ERR_PNPM_FETCH_401  GET https://…: Unauthorized - 401'],
  ['does not have one of the packages', 'ERR_PNPM_FETCH_404  GET https://…: Not Found - 404'],
];

describe('explainFailure', () => {
  it.each(SAMPLES)('finds that %s', (cause, output) => {
    const sentence = explainFailure(output, 'The installation failed', {});
    expect(sentence).toContain(cause);
    expect(sentence).toMatch(/^The installation failed: .*[^.]\.$/);
    expect(sentence).not.toContain('\n');
  });

  it('names the proxy, without its password, where one is set', () => {
    const env = { HTTPS_PROXY: 'http://someone:secret@proxy.example:8080' };
    const sentence = explainFailure('npm error code ECONNREFUSED', 'The installation failed', env);
    expect(sentence).toContain('through the proxy http://…@proxy.example:8080');
    expect(sentence).not.toContain('secret');
  });

  it('passes on the last telling line where it does not know the cause', () => {
    const sentence = explainFailure(
      'one\nERR_PNPM_SOMETHING_NEW it broke.\n\nsee the docs\n',
      'The installation failed',
      {},
    );
    expect(sentence).toBe('The installation failed: ERR_PNPM_SOMETHING_NEW it broke.');
    expect(explainFailure('', 'The installation failed', {})).toContain('the installer said nothing');
  });
});
