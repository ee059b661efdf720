import { jobEvent, subscribeJob } from '@maquette3d/sdk/protocol';
import { openLooseClient } from './service-client.ts';

/** A client that remembers what it saw, as an engine's plugin does, and asks for what follows. */
export class Follower {
  /** Number of the last event that came. */
  seen = 0;
  /** Number of the last event when the service was asked last. */
  caughtUpAt = 0;
  /** Events that were not the next one. */
  faults = 0;
  readonly #service: { readonly url: string; readonly token: string };
  readonly #job: string;
  #cut: () => void = () => undefined;

  constructor(service: { readonly url: string; readonly token: string }, job: string) {
    this.#service = service;
    this.#job = job;
  }

  cut(): void {
    this.#cut();
    this.#cut = () => undefined;
  }

  /** Resolves with the milliseconds until everything had come that had happened when the service was asked. */
  async connect(): Promise<number> {
    const startedAt = performance.now();
    const { peer, cut } = await openLooseClient(this.#service.url, this.#service.token);
    let isCut = false;
    this.#cut = () => {
      isCut = true;
      cut();
    };
    let noteEvent = (): void => undefined;
    peer.take(jobEvent, ({ seq }) => {
      if (isCut) return; // of a connection that is no more
      if (seq !== this.seen + 1) this.faults += 1;
      this.seen = seq;
      noteEvent();
    });
    const { seq } = (await peer.request(subscribeJob, { job: this.#job, afterSeq: this.seen })).job;
    await new Promise<void>((resolve) => {
      noteEvent = () => {
        if (this.seen >= seq) resolve();
      };
      noteEvent();
    });
    this.caughtUpAt = seq;
    return performance.now() - startedAt;
  }
}
