import type { OperationStatus, Provider } from '@maquette3d/sdk/provider';

/** Time between two changes, milliseconds. */
export const BEAT_MS = 50;

/**
 * A provider that never finishes and changes at every beat. Its stage is the time of the change, nanoseconds of the clock
 * that all processes of a machine share.
 */
export function createMetronomeProvider(): Provider {
  return {
    specVersion: 1,
    id: 'metronome',
    describe: () => ({
      id: 'metronome',
      name: 'Metronome',
      credit: 'Beaten by a metronome',
      offline: true,
      outputs: { text: ['mesh'] },
      models: [],
      concurrency: 8,
      canCancel: true,
      canAdopt: false,
      operationTimeoutMs: 600_000,
      outputLicence: 'CC0-1.0',
      options: [],
    }),
    prepare: () => ({ warnings: [], estimate: { amount: 0, currency: 'USD' } }),
    start: async () => ({ operation: { startedAt: Date.now() }, warnings: [] }),
    poll: async (): Promise<OperationStatus> => ({
      state: 'pending',
      stage: String(process.hrtime.bigint()),
      pollAfterMs: BEAT_MS,
    }),
    cancel: async () => undefined,
  };
}
