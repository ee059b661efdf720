import { SdkError } from '../foundation/errors.ts';
import { isTerminalPhase } from '../jobs/job-state.ts';
import * as messages from '../protocol/messages/job.ts';
import type { Subscription } from './event-hub.ts';
import { requireJob, type ServiceContext } from './service-context.ts';
import type { Session } from './session.ts';

/** Jobs that are listed where no number is given. */
const LISTED = 50;

/** Jobs one client may follow at once. */
export const MOST_SUBSCRIPTIONS = 256;

/** Answers a client's requests to see jobs and to hear of them. */
export function answerFollow(context: ServiceContext, session: Session): void {
  const { store, hub, watch, storeWatch, toView } = context;
  const { peer, outlet } = session;
  const subscriptions = new Map<string, Subscription>();
  let leaveWatch: (() => void) | undefined;

  session.over.addEventListener('abort', () => {
    for (const subscription of [...subscriptions.values()]) subscription.end();
    leaveWatch?.();
  });

  const subscribe = (job: string, afterSeq: number): Subscription => {
    subscriptions.get(job)?.end(); // whoever asks again knows better what it has seen
    if (subscriptions.size >= MOST_SUBSCRIPTIONS) {
      throw new SdkError({
        code: 'RATE_LIMITED',
        message: `A client may follow ${MOST_SUBSCRIPTIONS} jobs at once.`,
        remedy: 'End a subscription first, or watch all jobs with job/watch.',
      });
    }
    const subscription = hub.open(job, afterSeq, outlet, () => {
      if (subscriptions.get(job) === subscription) subscriptions.delete(job);
    });
    subscriptions.set(job, subscription);
    return subscription;
  };

  peer.answer(messages.getJob, async ({ job }) => ({ job: toView(await requireJob(context, job)) }));

  peer.answer(messages.listJobs, async ({ limit = LISTED }) => ({
    jobs: (await store.list({ limit })).map(toView),
  }));

  peer.answer(messages.watchJobs, async ({ limit = LISTED }) => {
    // before the list is read: what changes meanwhile is told once more
    if (!session.over.aborted) leaveWatch ??= watch.add(outlet);
    const states = await store.list({ limit });
    storeWatch.wake(states);
    return { jobs: states.map(toView) };
  });

  peer.answer(messages.subscribeJob, async ({ job, afterSeq = 0 }, afterAnswer) => {
    const subscription = subscribe(job, afterSeq);
    try {
      const state = await requireJob(context, job);
      if (session.over.aborted) subscription.end();
      hub.noteSeq(job, state.seq, isTerminalPhase(state.phase));
      storeWatch.wake([]);
      afterAnswer(() => subscription.start());
      return { job: toView(state) };
    } catch (error) {
      subscription.end();
      throw error;
    }
  });

  peer.answer(messages.unsubscribeJob, ({ job }) => {
    subscriptions.get(job)?.end();
    return {};
  });
}
