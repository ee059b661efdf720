import { expect, it } from 'vitest';
import { createCancelController } from '../foundation/cancel.ts';
import type { Transport } from '../protocol/transport.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createOutlet, HIGH_WATER_BYTES, LOW_WATER_BYTES, STUCK_AFTER_MS } from './outlet.ts';

function createBench() {
  const clock = createFakeClock({ mode: 'manual' });
  const sent: string[] = [];
  const line = { bufferedBytes: 0 };
  const transport: Transport = {
    start: () => undefined,
    send: (text) => void sent.push(text),
    get bufferedBytes() {
      return line.bufferedBytes;
    },
    close: () => undefined,
  };
  const over = createCancelController();
  const told: string[] = [];
  const outlet = createOutlet({ clock, transport, over: over.signal, onStuck: () => void told.push('stuck') });
  outlet.onDrain(() => void told.push('drained'));
  return { clock, sent, line, over, told, outlet };
}

it('sends as long as little is waiting', () => {
  const { outlet, sent, line } = createBench();
  expect(outlet.push('a')).toBe(true);
  line.bufferedBytes = HIGH_WATER_BYTES;
  expect(outlet.push('b')).toBe(true);
  expect(sent).toEqual(['a', 'b']);
});

it('sends nothing to a slow client until it has caught up, and says so once', async () => {
  const { outlet, sent, line, clock, told } = createBench();
  line.bufferedBytes = HIGH_WATER_BYTES + 1;
  expect([outlet.push('a'), outlet.push('b')]).toEqual([false, false]);
  await clock.advance(1000);
  line.bufferedBytes = LOW_WATER_BYTES + 1;
  await clock.advance(1000);
  expect(outlet.push('c')).toBe(false);
  expect(told).toEqual([]);
  line.bufferedBytes = LOW_WATER_BYTES;
  await clock.advance(50);
  expect(told).toEqual(['drained']);
  expect(outlet.push('d')).toBe(true);
  expect(sent).toEqual(['d']);
  expect(clock.waitingCount).toBe(0);
});

it('gives up a client that does not catch up', async () => {
  const { outlet, line, clock, told } = createBench();
  line.bufferedBytes = HIGH_WATER_BYTES + 1;
  outlet.push('a');
  await clock.advance(STUCK_AFTER_MS - 100);
  expect(told).toEqual([]);
  await clock.advance(200);
  expect(told).toEqual(['stuck']);
  expect(clock.waitingCount).toBe(0);
});

it('stops waiting when the client has gone', async () => {
  const { outlet, line, clock, told, over } = createBench();
  line.bufferedBytes = HIGH_WATER_BYTES + 1;
  outlet.push('a');
  over.cancel();
  await clock.advance(STUCK_AFTER_MS * 2);
  expect(told).toEqual([]);
  line.bufferedBytes = 0;
  expect(outlet.push('b')).toBe(false);
});
