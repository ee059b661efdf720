import { describe, expect, it } from 'vitest';
import { createCancelController } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import { compose } from './compose.ts';
import type { Step, StepContext } from './step.ts';

const context: StepContext = {
  codecs: {},
  sha256: async () => new Uint8Array(32),
  warn: () => undefined,
  report: () => undefined,
};

function append(letter: string, needs: Step<string>['needs'] = []): Step<string> {
  return { name: letter, needs, run: async (text) => text + letter };
}

function failing(error: unknown): Step<string> {
  return { name: 'broken', needs: [], run: () => Promise.reject(error) };
}

describe('compose', () => {
  it('runs steps after each other', async () => {
    expect(await compose('abc', [append('a'), append('b'), append('c')]).run('', context)).toBe('abc');
  });

  it('refuses before the first step what the last one needs', async () => {
    const ran: string[] = [];
    const first: Step<string> = {
      name: 'first',
      needs: [],
      run: async (text) => {
        ran.push('first');
        return text;
      },
    };
    const recipe = compose('recipe', [first, append('b', ['draco', 'images'])]);
    expect(recipe.needs).toEqual(['draco', 'images']);
    await expect(recipe.run('', context)).rejects.toMatchObject({
      code: 'UNSUPPORTED_ON_HOST',
      details: { need: 'draco' },
    });
    expect(ran).toEqual([]);
  });

  it('stops between two steps', async () => {
    const controller = createCancelController();
    const cancelling: Step<string> = {
      name: 'cancelling',
      needs: [],
      run: async (text) => {
        controller.cancel();
        return text;
      },
    };
    const recipe = compose('recipe', [cancelling, failing(new Error('reached'))]);
    await expect(recipe.run('', { ...context, signal: controller.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('passes the reason of a tripped signal on untouched, whatever the step says about it', async () => {
    class LetGo extends Error {}
    for (const thrown of ['the reason', 'something else']) {
      const reason = new LetGo();
      const controller = createCancelController();
      const interrupted: Step<string> = {
        name: 'interrupted',
        needs: [],
        run: async () => {
          controller.cancel(reason);
          throw thrown === 'the reason' ? reason : new TypeError('half done');
        },
      };
      await expect(compose('recipe', [interrupted]).run('', { ...context, signal: controller.signal })).rejects.toBe(
        reason,
      );
    }
  });

  it('names the step that failed, and lets errors of ours through', async () => {
    await expect(compose('recipe', [failing(new Error('odd'))]).run('', context)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: 'The step broken failed: odd',
    });
    const own = new SdkError({ code: 'ASSET_INVALID', message: 'No triangles.' });
    await expect(compose('recipe', [failing(own)]).run('', context)).rejects.toBe(own);
  });
});
