// How long each family of the built-in generator takes: to its GLB, and on to the whole set of levels with thumbnail.
// Peer: SHA-256 over 16 MiB, so that figures of different machines can be compared.
import { createHash } from 'node:crypto';
import { isSdkError } from '@maquette3d/sdk';
import { createNodeCodecs } from '@maquette3d/sdk/node';
import { PROCESSING_DEFAULTS, produceLodSet } from '@maquette3d/sdk/pipeline';
import type { CallContext, GenerationRequest } from '@maquette3d/sdk/provider';
import { createLocalProvider } from '@maquette3d/sdk/providers/local';
import { pairwise, printRow } from './timing.ts';

const rounds = Number(process.argv[2] ?? 5);
const families = ['sword', 'chair', 'table', 'barrel', 'tree', 'house', 'rock', 'lamp'];
const provider = createLocalProvider();
const codecs = await createNodeCodecs();
const block = new Uint8Array(16 * 1024 * 1024);
const peer = () => createHash('sha256').update(block).digest();

const context: CallContext = {
  http: () => Promise.reject(new Error('the built-in generator is offline')),
  hasCredential: async () => false,
  log: () => undefined,
  signal: new AbortController().signal,
  readInput: () => Promise.reject(new Error('the built-in generator takes no images')),
  idempotencyKey: 'benchmark',
  now: Date.now,
};

async function generate(family: string): Promise<Uint8Array> {
  const request: GenerationRequest = { prompt: { text: `a ${family}` }, output: 'mesh', seed: 1, providerOptions: {} };
  const { operation } = await provider.start(request, context);
  const status = await provider.poll(operation, context);
  const offer = status.state === 'completed' ? status.assets[0] : undefined;
  if (offer === undefined || provider.fetchAsset === undefined) throw new Error(`nothing came of "${family}"`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of await provider.fetchAsset(offer, operation, context)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

for (const family of families) {
  try {
    const raw = await generate(family);
    const glb = await pairwise(rounds, () => generate(family), peer);
    printRow(`${family}: prompt to GLB`, glb.ours, glb.ratio, 'SHA-256 of 16 MiB');
    const set = await pairwise(
      rounds,
      () =>
        produceLodSet({ raw, name: family }, PROCESSING_DEFAULTS, {
          codecs,
          sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
          warn: () => undefined,
          report: () => undefined,
        }),
      peer,
    );
    printRow(`${family}: GLB to levels and picture`, set.ours, set.ratio, 'SHA-256 of 16 MiB');
  } catch (error) {
    console.error(`${family}: ${isSdkError(error) ? `${error.code} ${error.message}` : String(error)}`);
    process.exitCode = 1;
  }
}
