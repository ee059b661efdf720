import { describe, it } from 'vitest';
import { providerContract } from '../../testing/provider-contract.ts';
import { createLocalProvider } from './provider.ts';

describe('provider contract: local', () => {
  for (const { name, run } of providerContract({ createProvider: createLocalProvider, text: 'a wooden chair' }))
    it(name, run);
});
