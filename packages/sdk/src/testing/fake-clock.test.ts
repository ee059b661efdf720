import { describe, expect, it } from 'vitest';
import { createCancelController } from '../foundation/cancel.ts';
import { createFakeClock } from './fake-clock.ts';

describe('createFakeClock', () => {
  it('jumps from sleeper to sleeper by itself', async () => {
    const clock = createFakeClock({ startMs: 1000 });
    const woken: string[] = [];
    const sleeper = async (name: string, ...naps: number[]): Promise<void> => {
      for (const nap of naps) {
        await clock.sleep(nap);
        woken.push(`${name}@${clock.now()}`);
      }
    };
    await Promise.all([sleeper('slow', 3_600_000), sleeper('quick', 10, 10), sleeper('same', 20)]);
    expect(woken).toEqual(['quick@1010', 'same@1020', 'quick@1020', 'slow@3601000']);
    expect(clock.waitingCount).toBe(0);
  });

  it('stands still by hand, and wakes in order what an advance reaches', async () => {
    const clock = createFakeClock({ startMs: 0, mode: 'manual' });
    const woken: number[] = [];
    const loop = (async () => {
      for (let count = 0; count < 3; count += 1) {
        await clock.sleep(100);
        woken.push(clock.now());
      }
    })();
    await clock.settle();
    expect(clock.now()).toBe(0);
    await clock.advance(99);
    expect(woken).toEqual([]);
    await clock.advance(151);
    expect(woken).toEqual([100, 200]);
    expect(clock.now()).toBe(250);
    await clock.advance(1000);
    expect(woken).toEqual([100, 200, 300]);
    await loop;
  });

  it('forgets a sleeper that was cancelled', async () => {
    const clock = createFakeClock({ mode: 'manual' });
    const cancel = createCancelController();
    const sleeping = clock.sleep(1000, cancel.signal);
    expect(clock.waitingCount).toBe(1);
    cancel.cancel(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    expect(clock.waitingCount).toBe(0);
  });

  it('does not starve work that really is asynchronous', async () => {
    const clock = createFakeClock();
    let isOver = false;
    const heartbeat = (async () => {
      while (!isOver) await clock.sleep(10_000);
    })();
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    isOver = true;
    await heartbeat;
  });
});
