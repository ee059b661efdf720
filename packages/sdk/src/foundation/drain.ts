import { type CancelSignal, raceCancel } from './cancel.ts';

/**
 * Hands every chunk of a stream to `take`, one after the other.
 *
 * Rejects with the signal's reason as soon as it trips, also while the source is stuck in a read that never ends, and
 * with whatever the source or `take` throws. The source is told to stop, but not waited for.
 */
export async function drain(
  stream: AsyncIterable<Uint8Array>,
  take: (chunk: Uint8Array) => Promise<void>,
  signal: CancelSignal | undefined,
): Promise<void> {
  const chunks = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await raceCancel(chunks.next(), signal);
      if (next.done === true) return;
      await take(next.value);
    }
  } catch (error) {
    // its complaint about stopping is moot
    chunks.return?.().catch(() => undefined);
    throw error;
  }
}
