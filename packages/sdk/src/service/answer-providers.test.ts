import { afterEach, expect, it } from 'vitest';
import { listProviders } from '../protocol/messages/provider.ts';
import { create404Provider } from '../providers/404/provider.ts';
import { createServiceBench } from './service.test-kit.ts';

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

it.each([
  ['the public gateway', undefined, false],
  ['a gateway on this machine', 'http://127.0.0.1:4404', true],
  ['a gateway elsewhere', 'https://gateway.example.com', false],
])('tells an editor that stays offline whether it may use %s', async (_, url, isOffline) => {
  const bench = await createServiceBench({ providers: [create404Provider(url === undefined ? {} : { url })] });
  close = () => bench.close();
  const { peer } = await bench.connect({ label: 'Editor' });
  const { providers } = await peer.request(listProviders, {});
  expect(providers.find(({ id }) => id === '404')?.offline).toBe(isOffline);
});
