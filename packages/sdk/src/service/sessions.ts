import type { Client, Session } from './session.ts';

/** The clients that have presented themselves. */
export interface Sessions {
  /** Adds a client. An older connection of the same instance ends. */
  add(session: Session, client: Client): void;
  remove(session: Session): void;
  /** All of them, in the order of their first connection. */
  list(): readonly { readonly session: Session; readonly client: Client }[];
  readonly count: number;
}

/** Makes an empty list. */
export function createSessions(): Sessions {
  const byInstance = new Map<string, Session>();
  return {
    add(session, { instance }) {
      const older = byInstance.get(instance);
      byInstance.set(instance, session);
      older?.peer.close('The same client has connected again.');
    },
    remove(session) {
      const instance = session.client?.instance;
      if (instance !== undefined && byInstance.get(instance) === session) byInstance.delete(instance);
    },
    list: () =>
      [...byInstance.values()].flatMap((session) =>
        session.client === undefined ? [] : [{ session, client: session.client }],
      ),
    get count() {
      return byInstance.size;
    },
  };
}
