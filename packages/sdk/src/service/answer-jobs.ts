import { SdkError, toSdkError } from '../foundation/errors.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { JobEvent } from '../jobs/job-events.ts';
import { isTerminalPhase, type JobState } from '../jobs/job-state.ts';
import * as messages from '../protocol/messages/job.ts';
import { estimateText } from './cost-text.ts';
import type { JobView } from './job-view.ts';
import { assertAbsolute, deliveryFor, toGenerateOptions, toSameOrder } from './place-order.ts';
import { requireJob, type ServiceContext } from './service-context.ts';
import type { Session } from './session.ts';

/** Answers a client's requests to make, end and go on with jobs. */
export function answerJobs(context: ServiceContext, session: Session): void {
  const { studio, platform, store, host } = context;
  const { peer } = session;

  const viewOf = async (job: string): Promise<{ job: JobView }> => ({
    job: context.toView(await requireJob(context, job)),
  });
  /** Has a job made for a place. The name of a folder is used up by a job, not by an order that is refused. */
  const makeJob = async (
    place: Place,
    make: (delivery: (name: string) => JsonObject) => Promise<{ readonly id: string }>,
  ): Promise<{ job: JobView }> => {
    let made: string | undefined;
    const delivery = (name: string): JsonObject => {
      const folder = folderFor(place, (parent) => {
        made = platform.newAssetFolder(name, parent);
        return made;
      });
      return deliveryFor(folder, session.client);
    };
    let job: string;
    try {
      job = (await make(delivery)).id;
    } catch (error) {
      // where the store failed, the job may be in it
      if (made !== undefined && toSdkError(error).code !== 'STORE_FAILED') platform.freeAssetFolder(made);
      throw error;
    }
    return viewOf(job);
  };

  peer.answer(messages.createJob, (order) =>
    makeJob(order, async (delivery) => studio.generate(await toGenerateOptions(context, order, delivery))),
  );

  peer.answer(messages.estimateJob, async (order) => {
    const options = await toGenerateOptions(context, order, () =>
      deliveryFor(folderFor(order, context.estimateFolder), session.client),
    );
    const { provider, request, estimate, warnings } = await studio.prepare(options);
    return {
      provider: provider.id,
      output: request.output,
      ...(estimate === undefined ? {} : { estimate: { ...estimate } }),
      cost: estimateText(provider, estimate),
      credit: provider.credit,
      licence: provider.outputLicence,
      warnings: warnings.map((warning) => warning.message),
    };
  });

  peer.answer(messages.cancelJob, async ({ job }) => {
    await requireJob(context, job);
    await storeWish(job);
    return viewOf(job);
  });

  /** Resolves as soon as the wish is stored or there is nothing left to wish. What becomes of it is told by events. */
  const storeWish = async (job: string): Promise<void> => {
    let leave: () => void = () => undefined;
    const isStored = new Promise<void>((resolve) => {
      leave = store.subscribe((event) => {
        if (event.job === job && (event.type === 'cancel-requested' || isLast(event))) resolve();
      });
    });
    const isOver = studio.cancel(job);
    isOver.catch((error: unknown) => {
      const { code, message } = toSdkError(error);
      host.log({ level: 'warn', event: 'cancel-left', message, data: { job, code } });
    });
    try {
      await Promise.race([isStored, isOver]);
    } finally {
      leave();
    }
  };

  peer.answer(messages.retryJob, async ({ job, parent }) => {
    const state = await requireJob(context, job);
    if (!isTerminalPhase(state.phase)) {
      throw new SdkError({
        code: 'INPUT_INVALID',
        message: `The job ${job} has not ended, so it cannot be tried again.`,
        remedy: 'Cancel it first.',
      });
    }
    return makeJob({ parent }, async (deliveryOf) => {
      const delivery = deliveryOf(context.toView(state).name);
      if (!state.adopted) return studio.generate(await toSameOrder(context, state, delivery));
      // what an adopted task was asked for is not known; bringing it in again costs nothing
      const { provider, taskId = '', request, processing } = state;
      const { text } = request.prompt;
      return studio.adopt(provider, taskId, {
        output: request.output,
        processing,
        delivery,
        ...(text === undefined ? {} : { prompt: text }),
      });
    });
  });

  peer.answer(messages.resumeJob, async ({ job, folder }) => {
    const state = await requireJob(context, job);
    assertOpen(state);
    if (folder !== undefined) {
      await studio.changeDelivery(job, { ...state.delivery, folder: assertAbsolute(folder), force: false });
    }
    await studio.resume([job]);
    context.watch.note(job); // being taken up is no event
    return viewOf(job);
  });

  peer.answer(messages.adoptJob, ({ provider, task, output, profile, folder, parent }) =>
    makeJob({ folder, parent }, (delivery) =>
      studio.adopt(provider, task, {
        delivery: delivery(`task ${task}`),
        processing: profile === undefined ? {} : { profile },
        ...(output === undefined ? {} : { output }),
      }),
    ),
  );
}

/** Where a client wants an asset: in this folder, or in a new one within that. */
interface Place {
  readonly folder?: string | undefined;
  readonly parent?: string | undefined;
}

function folderFor({ folder, parent }: Place, makeWithin: (parent: string | undefined) => string): string {
  if (folder !== undefined) return assertAbsolute(folder);
  return makeWithin(parent === undefined ? undefined : assertAbsolute(parent));
}

function isLast({ type }: JobEvent): boolean {
  return type === 'job-succeeded' || type === 'job-failed' || type === 'job-cancelled';
}

function assertOpen({ job, phase }: JobState): void {
  if (!isTerminalPhase(phase)) return;
  throw new SdkError({
    code: 'INPUT_INVALID',
    message: `The job ${job} has already ${phase}; there is nothing to go on with.`,
  });
}
