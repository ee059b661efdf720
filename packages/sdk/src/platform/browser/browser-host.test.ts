import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileStoreContract } from '../../testing/file-store-contract.ts';
import { hostContract } from '../../testing/host-contract.ts';
import { type ContractServer, startContractServer } from '../web/contract-server.test-kit.ts';
import { createBrowserHost, hasPrivateFileSystem } from './browser-host.ts';
import { createDirectoryFileStore } from './directory-file-store.ts';
import { createFakeDirectory } from './fake-directory.test-kit.ts';

// Node has what most of this Host is made of (fetch, timers, web crypto); a real browser runs the same suites later.
describe('createBrowserHost, with what Node shares with browsers', () => {
  let server: ContractServer;

  beforeAll(async () => {
    server = await startContractServer();
  });
  afterAll(async () => {
    await server.close();
  });

  // Node's fetch shows redirects, browsers do not
  const suite = hostContract({
    create: async () => ({ host: createBrowserHost({ log: () => undefined }) }),
    origin: () => server.origin,
    showsRedirects: true,
  });
  for (const { name, run } of suite) it(name, run);

  it('draws more random bytes than the platform gives at once', () => {
    const bytes = createBrowserHost().random(200_000);
    expect(bytes.length).toBe(200_000);
    expect(bytes.subarray(-1000).some((byte) => byte !== 0)).toBe(true);
  });
});

describe('files of createBrowserHost without a private file system', () => {
  it('stands in for it here', () => {
    expect(hasPrivateFileSystem()).toBe(false);
  });
  for (const { name, run } of fileStoreContract({ create: async () => createBrowserHost().files })) it(name, run);
});

describe('createDirectoryFileStore on a stand-in for the private file system', () => {
  const suite = fileStoreContract({
    create: async () => createDirectoryFileStore(async () => createFakeDirectory()),
    createSmall: async () => createDirectoryFileStore(async () => createFakeDirectory(1_000_000)),
  });
  for (const { name, run } of suite) it(name, run);
});
