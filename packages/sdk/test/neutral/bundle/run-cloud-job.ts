import { createFakeClock } from '../../../src/testing/fake-clock.ts';
import { createGatewayStandIn } from '../../../src/testing/gateway/create-gateway-stand-in.ts';
import { sendToGateway } from '../../../src/testing/gateway/send-to-gateway.ts';
import { createMemoryHost } from '../../../src/testing/memory-host.ts';
import { followJob, type LocalJobOutcome } from './run-local-job.ts';

/** The functions of the SDK that a job in the cloud takes; from a bundle or from the sources. */
export type CloudSdk = Pick<typeof import('./sdk.ts'), 'create404Provider' | 'createStudio'>;

/** What to make. */
export interface CloudJobOrder {
  readonly prompt: string;
  readonly seed: number;
  readonly thumbnailSize: number;
  readonly heightM: number;
  /** The file the gateway serves. */
  readonly served: readonly number[];
}

/** One job of 404-GEN from the prompt to the asset folder: Host, clock and gateway live in memory. */
export async function runCloudJob(sdk: CloudSdk, order: CloudJobOrder): Promise<LocalJobOutcome> {
  const { prompt, seed, thumbnailSize, heightM, served } = order;
  const clock = createFakeClock();
  const gateway = createGatewayStandIn({ clock, results: () => Uint8Array.from(served) });
  const host = createMemoryHost({ clock, http: sendToGateway(gateway), credentials: ['404'] });
  const provider = sdk.create404Provider({ url: 'http://127.0.0.1:4404' });
  const studio = sdk.createStudio({ host, codecs: {}, providers: [provider] });
  const job = await studio.generate({ prompt, seed, processing: { thumbnailSize, heightM } });
  return followJob(host, studio, job);
}
