import { describe, expect, it } from 'vitest';
import { collectBytes, encodeUtf8 } from '../foundation/bytes.ts';
import { SdkError } from '../foundation/errors.ts';
import { fileStoreContract } from './file-store-contract.ts';
import { hostContract } from './host-contract.ts';
import { createMemoryFileStore } from './memory-file-store.ts';
import { createMemoryHost, createScriptedHttp } from './memory-host.ts';

describe('createMemoryFileStore', () => {
  const suite = fileStoreContract({
    create: async () => createMemoryFileStore(),
    createSmall: async () => createMemoryFileStore({ capacityBytes: 1_000_000 }),
  });
  for (const { name, run } of suite) it(name, run);

  it('fails the writes it was told to fail, and no others', async () => {
    const files = createMemoryFileStore();
    files.failWrites(1, (key) => key.startsWith('raw/'));
    await files.write('other', encodeUtf8('x'));
    await expect(files.write('raw/a', encodeUtf8('x'))).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await files.write('raw/a', encodeUtf8('x'));
    expect(files.usedBytes).toBe(2);
  });
});

describe('createMemoryHost', () => {
  for (const { name, run } of hostContract({ create: async () => ({ host: createMemoryHost() }) })) it(name, run);

  it('gives the same random bytes for the same seed', () => {
    expect(createMemoryHost({ seed: 7 }).random(8)).toEqual(createMemoryHost({ seed: 7 }).random(8));
    expect(createMemoryHost({ seed: 7 }).random(8)).not.toEqual(createMemoryHost({ seed: 8 }).random(8));
  });

  it('keeps what it was asked to send, also what it refused', async () => {
    const host = createMemoryHost({ credentials: ['known'] });
    const request = { method: 'GET', url: 'https://example.com/' } as const;
    await expect(host.http(request)).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
    const foreign = { ...request, credential: { name: 'unknown', header: 'authorization' } };
    await expect(host.http(foreign)).rejects.toMatchObject({ code: 'CONFIG_MISSING' });
    expect(host.requests).toEqual([request, foreign]);
    expect(await host.hasCredential('known')).toBe(true);
  });
});

describe('createScriptedHttp', () => {
  it('plays exchanges in order, each as often as it says', async () => {
    const send = createScriptedHttp([
      { method: 'GET', url: 'https://a/', answer: { status: 202 } },
      {
        method: 'GET',
        url: (url) => url.startsWith('https://a/'),
        times: 2,
        answer: { status: 200, body: encodeUtf8('ok') },
      },
      { method: 'POST', url: 'https://a/', answer: new SdkError({ code: 'NETWORK_FAILED', message: 'Gone.' }) },
    ]);
    expect((await send({ method: 'GET', url: 'https://a/' })).status).toBe(202);
    expect(await collectBytes((await send({ method: 'GET', url: 'https://a/x' })).body)).toEqual(encodeUtf8('ok'));
    expect((await send({ method: 'GET', url: 'https://a/' })).status).toBe(200);
    await expect(send({ method: 'GET', url: 'https://a/' })).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(send({ method: 'POST', url: 'https://a/' })).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
  });
});
