import { toSdkError } from '../foundation/errors.ts';
import type { Host } from '../host/host.ts';
import type { JobEvent } from '../jobs/job-events.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { serialiseJobEvent } from './event-view.ts';
import type { Outlet } from './outlet.ts';

/** Newest events of a job that are kept as text, for everybody who follows it. */
const WINDOW_LENGTH = 512;

/** After a failure of the store it is read again this much later, milliseconds. */
const RETRY_MS = 500;

const LAST_EVENTS: ReadonlySet<string> = new Set(['job-succeeded', 'job-failed', 'job-cancelled']);

/** Somebody who follows a job. Ends by itself after the job's last event. */
export interface Subscription {
  /** Begins to send. Until then nothing goes out. */
  start(): void;
  end(): void;
}

/**
 * Sends the events of jobs to those who follow them: every one once and in order, stored ones first.
 *
 * A follower is nothing but the number of the last event it was sent. News only raise the number up to which there is
 * something to send; what lies between is taken from the texts of late, or read from the store. So nothing piles up for a
 * slow client, and it does not matter in which order and how often news come.
 */
export interface EventHub {
  /** @param onEnd - Called when it ends, for whatever reason. */
  open(job: string, afterSeq: number, outlet: Outlet, onEnd: () => void): Subscription;
  /** An event of this process was stored. */
  noteEvent(event: JobEvent): void;
  /** A job was found to have events up to this number; the last one of all if the job has ended. */
  noteSeq(job: string, seq: number, hasEnded: boolean): void;
  /** Jobs that somebody follows. */
  jobs(): readonly string[];
}

interface Text {
  readonly seq: number;
  readonly text: string;
}

interface Feed {
  readonly job: string;
  /** Number of the newest event that is known to be stored. */
  head: number;
  /** Number of the event that ended the job. */
  last: number | undefined;
  readonly window: Map<number, string>;
  /** Readings of the store under way, by the number they begin after. */
  readonly readings: Map<number, Promise<readonly Text[]>>;
  readonly followers: Set<Follower>;
}

interface Follower {
  seen: number;
  hasStarted: boolean;
  hasEnded: boolean;
  isDelivering: boolean;
  readonly outlet: Outlet;
  end(): void;
}

/** Makes a hub. */
export function createEventHub(host: Host, store: JobStore): EventHub {
  const feeds = new Map<string, Feed>();

  const feedOf = (job: string): Feed => {
    const known = feeds.get(job);
    if (known !== undefined) return known;
    const feed: Feed = {
      job,
      head: 0,
      last: undefined,
      window: new Map(),
      readings: new Map(),
      followers: new Set(),
    };
    feeds.set(job, feed);
    return feed;
  };

  /** Serialises an event, once as long as its text is kept. */
  const take = (feed: Feed, event: JobEvent): Text => {
    const text = feed.window.get(event.seq) ?? serialiseJobEvent(event);
    feed.window.set(event.seq, text);
    feed.head = Math.max(feed.head, event.seq);
    if (LAST_EVENTS.has(event.type)) feed.last = event.seq;
    return { seq: event.seq, text };
  };

  const trim = (feed: Feed): void => {
    if (feed.window.size <= WINDOW_LENGTH) return;
    for (const seq of feed.window.keys()) if (seq <= feed.head - WINDOW_LENGTH) feed.window.delete(seq);
  };

  const read = (feed: Feed, afterSeq: number): Promise<readonly Text[]> => {
    const underWay = feed.readings.get(afterSeq);
    if (underWay !== undefined) return underWay;
    const reading = store.events(feed.job, afterSeq).then((events) => {
      const texts = events.map((event) => take(feed, event));
      trim(feed);
      return texts;
    });
    feed.readings.set(afterSeq, reading);
    const forget = (): void => void feed.readings.delete(afterSeq);
    reading.then(forget, forget);
    return reading;
  };

  const deliver = async (feed: Feed, follower: Follower): Promise<void> => {
    if (follower.isDelivering || follower.hasEnded || !follower.hasStarted) return;
    follower.isDelivering = true;
    try {
      while (!follower.hasEnded && follower.seen < feed.head) {
        const next = feed.window.get(follower.seen + 1);
        const texts = next === undefined ? await read(feed, follower.seen) : [{ seq: follower.seen + 1, text: next }];
        if (texts.length === 0) return follower.end(); // the job was removed
        for (const { seq, text } of texts) {
          if (follower.hasEnded || !follower.outlet.push(text)) return;
          follower.seen = seq;
        }
      }
      if (feed.last !== undefined && follower.seen >= feed.last) follower.end();
    } catch (error) {
      const { code, message } = toSdkError(error);
      host.log({ level: 'warn', event: 'events-unread', message, data: { job: feed.job, code } });
      void host.clock.sleep(RETRY_MS).then(() => deliver(feed, follower));
    } finally {
      follower.isDelivering = false;
    }
  };

  const deliverAll = (feed: Feed): void => {
    for (const follower of [...feed.followers]) void deliver(feed, follower);
  };

  return {
    open(job, afterSeq, outlet, onEnd) {
      const feed = feedOf(job);
      const follower: Follower = {
        seen: afterSeq,
        hasStarted: false,
        hasEnded: false,
        isDelivering: false,
        outlet,
        end() {
          if (follower.hasEnded) return;
          follower.hasEnded = true;
          leaveOutlet();
          feed.followers.delete(follower);
          if (feed.followers.size === 0) feeds.delete(job);
          onEnd();
        },
      };
      const leaveOutlet = outlet.onDrain(() => void deliver(feed, follower));
      feed.followers.add(follower);
      return {
        start() {
          follower.hasStarted = true;
          void deliver(feed, follower);
        },
        end: () => follower.end(),
      };
    },
    noteEvent(event) {
      const feed = feeds.get(event.job);
      if (feed === undefined) return;
      take(feed, event);
      trim(feed);
      deliverAll(feed);
    },
    noteSeq(job, seq, hasEnded) {
      const feed = feeds.get(job);
      if (feed === undefined) return;
      if (hasEnded) feed.last = seq;
      else if (seq <= feed.head) return;
      feed.head = Math.max(feed.head, seq);
      deliverAll(feed);
    },
    jobs: () => [...feeds.keys()],
  };
}
