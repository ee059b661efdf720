import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SdkError } from '../../foundation/errors.ts';
import type { KeyStore } from './key-store.ts';
import { createNodeCredentials, type NodeCredentials } from './node-credentials.ts';

/** A key store whose content and failures the test decides. */
let stored: string | null;
let failure: SdkError | null;
let reads: number;
let credentials: NodeCredentials;

const keyStore: KeyStore = {
  async get() {
    reads += 1;
    if (failure !== null) throw failure;
    return stored;
  },
  set: async () => undefined,
  remove: async () => false,
};

beforeEach(() => {
  vi.useFakeTimers();
  stored = null;
  failure = null;
  reads = 0;
  credentials = createNodeCredentials({ env: {}, keyStore, origins: { cloud: ['https://cloud.example'] } });
});

afterEach(() => {
  vi.useRealTimers();
});

const headerOf = () => credentials.headerFor({ name: 'cloud', header: 'authorization' }, 'https://cloud.example');

describe('a key in the key store', () => {
  it('is read once for many requests', async () => {
    stored = 'first-key';
    for (let request = 0; request < 5; request += 1) expect(await headerOf()).toEqual(['authorization', 'first-key']);
    expect(reads).toBe(1);
  });

  it('is noticed at once when this process has set it', async () => {
    expect(await credentials.sourceOf('cloud')).toBeNull();
    stored = 'new-key';
    expect(await credentials.sourceOf('cloud')).toBeNull();
    credentials.forget('cloud');
    expect(await headerOf()).toEqual(['authorization', 'new-key']);
  });

  it('is noticed within seconds when another process has set it, and within a minute when it was replaced', async () => {
    expect(await credentials.sourceOf('cloud')).toBeNull();
    stored = 'new-key';
    await vi.advanceTimersByTimeAsync(5000);
    expect(await credentials.sourceOf('cloud')).toBe('key-store');
    stored = 'newer-key';
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await headerOf()).toEqual(['authorization', 'newer-key']);
    // what was once a key is kept out of the log for ever
    expect([...credentials.knownValues]).toEqual(['new-key', 'newer-key']);
  });

  it('is asked for again after the store has failed', async () => {
    failure = new SdkError({ code: 'INTERNAL', message: 'The key ring is locked.' });
    await expect(headerOf()).rejects.toMatchObject({ message: 'The key ring is locked.' });
    failure = null;
    stored = 'first-key';
    expect(await headerOf()).toEqual(['authorization', 'first-key']);
  });

  it('counts as missing where there is no key store', async () => {
    failure = new SdkError({ code: 'UNSUPPORTED_ON_HOST', message: 'There is none.' });
    await expect(headerOf()).rejects.toMatchObject({ code: 'CONFIG_MISSING' });
  });
});
