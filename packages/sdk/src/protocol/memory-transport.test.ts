import { describe, expect, it } from 'vitest';
import { transportContract } from '../testing/transport-contract.ts';
import { createTransportPair } from './memory-transport.ts';

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

describe('a pair in memory', () => {
  for (const { name, run } of transportContract({ createPair: createTransportPair, settle })) it(name, run);

  it('keeps what comes while it is paused, and counts it for the sender', async () => {
    const [left, right] = createTransportPair();
    const seen: string[] = [];
    left.start({ onMessage: () => undefined, onClose: () => undefined });
    right.start({ onMessage: (text) => seen.push(text), onClose: () => seen.push('end') });
    left.send('before');
    await settle();
    right.pause();
    left.send('12345');
    left.send('67');
    await settle();
    expect([left.bufferedBytes, right.bufferedBytes]).toEqual([7, 0]);
    expect(seen).toEqual(['before']);
    right.resume();
    await settle();
    expect(left.bufferedBytes).toBe(0);
    expect(seen).toEqual(['before', '12345', '67']);
  });

  it('can be paused from inside a message', async () => {
    const [left, right] = createTransportPair();
    const seen: string[] = [];
    right.start({
      onMessage: (text) => {
        seen.push(text);
        right.pause();
      },
      onClose: () => undefined,
    });
    left.send('a');
    left.send('b');
    await settle();
    expect(seen).toEqual(['a']);
  });

  it('ends for the side that closes while the other one hangs', async () => {
    const [left, right] = createTransportPair();
    const ends: string[] = [];
    left.start({ onMessage: () => undefined, onClose: () => ends.push('left') });
    right.start({ onMessage: () => undefined, onClose: () => ends.push('right') });
    right.pause();
    left.close();
    await settle();
    expect(ends).toEqual(['left']);
    right.resume();
    await settle();
    expect(ends).toEqual(['left', 'right']);
  });

  it('tells the end to whoever starts after it', async () => {
    const [left, right] = createTransportPair();
    left.close('over');
    const ends: string[] = [];
    for (const end of [left, right]) end.start({ onMessage: () => undefined, onClose: (reason) => ends.push(reason) });
    await settle();
    expect(ends).toEqual(['over', 'over']);
  });
});
