import { throwIfCancelled } from '../foundation/cancel.ts';
import { isCancelError, SdkError, toSdkError } from '../foundation/errors.ts';
import type { Step, StepContext } from './step.ts';

/**
 * One step out of several that run after each other.
 *
 * What any of them needs is checked before the first begins, and the signal between them. An error that is not one of
 * ours becomes `STEP_FAILED` with the step's name. Once the signal has been tripped its reason is thrown, untouched.
 */
export function compose<Asset>(name: string, steps: readonly Step<Asset>[]): Step<Asset> {
  const needs = [...new Set(steps.flatMap((step) => step.needs))];
  return {
    name,
    needs,
    async run(input, context) {
      assertNeeds(needs, context);
      let asset = input;
      for (const step of steps) {
        await context.pause?.();
        throwIfCancelled(context.signal);
        asset = await runStep(step, asset, context);
      }
      throwIfCancelled(context.signal);
      return asset;
    },
  };
}

/** Fails with `UNSUPPORTED_ON_HOST` naming the first codec or capability that is missing. */
export function assertNeeds(needs: Step<unknown>['needs'], context: StepContext): void {
  for (const need of needs) {
    const present = need === 'images' ? context.images : context.codecs[need];
    if (present !== undefined) continue;
    throw new SdkError({
      code: 'UNSUPPORTED_ON_HOST',
      message: `This platform lacks ${need}, which the work needs.`,
      details: { need },
    });
  }
}

async function runStep<Asset>(step: Step<Asset>, asset: Asset, context: StepContext): Promise<Asset> {
  try {
    return await step.run(asset, context);
  } catch (error) {
    throwIfCancelled(context.signal);
    if (isCancelError(error)) throw error;
    throw toSdkError(error, 'STEP_FAILED', `The step ${step.name} failed`);
  }
}
