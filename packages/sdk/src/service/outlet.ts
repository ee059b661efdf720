import type { CancelSignal } from '../foundation/cancel.ts';
import type { Clock } from '../host/host.ts';
import type { Transport } from '../protocol/transport.ts';

/** A client with more than this waiting for it gets nothing pushed, bytes. */
export const HIGH_WATER_BYTES = 1024 * 1024;

/** From this on it gets the rest, bytes. */
export const LOW_WATER_BYTES = 256 * 1024;

/** A client that stays above the low mark for this long is given up, milliseconds. */
export const STUCK_AFTER_MS = 30_000;

/** How often it is looked whether a slow client has caught up, milliseconds. */
const LOOK_MS = 25;

/** The way out to one client, for what nobody has asked for at this moment. */
export interface Outlet {
  /** Sends a text, or returns false where the client is too slow: then nothing was sent and `onDrain` tells when to go on. */
  push(text: string): boolean;
  /** Calls `listener` whenever a slow client has caught up. Returns the function that ends it. */
  onDrain(listener: () => void): () => void;
}

/** What an outlet is made from. */
export interface OutletOptions {
  readonly clock: Clock;
  readonly transport: Transport;
  /** Trips when the client has gone. */
  readonly over: CancelSignal;
  /** Called when a client has not caught up for {@link STUCK_AFTER_MS}. */
  readonly onStuck: () => void;
}

/** Makes the outlet of a client. What waits for a slow client waits in the store, not in memory. */
export function createOutlet({ clock, transport, over, onStuck }: OutletOptions): Outlet {
  const listeners = new Set<() => void>();
  let isBlocked = false;

  const waitForDrain = async (): Promise<void> => {
    const giveUpAt = clock.now() + STUCK_AFTER_MS;
    while (transport.bufferedBytes > LOW_WATER_BYTES) {
      if (clock.now() >= giveUpAt) return onStuck();
      await clock.sleep(LOOK_MS, over);
    }
    isBlocked = false;
    for (const listener of [...listeners]) listener();
  };

  return {
    push(text) {
      if (isBlocked || over.aborted) return false;
      if (transport.bufferedBytes > HIGH_WATER_BYTES) {
        isBlocked = true;
        waitForDrain().catch(() => undefined); // the client has gone
        return false;
      }
      transport.send(text);
      return true;
    },
    onDrain(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
