import { describe, expect, it } from 'vitest';
import { createCancelController, linkCancel, raceCancel, throwIfCancelled } from './cancel.ts';

describe('createCancelController', () => {
  it('tells listeners once and keeps the first reason', () => {
    const controller = createCancelController();
    let calls = 0;
    controller.signal.addEventListener('abort', () => {
      calls += 1;
    });
    controller.cancel('first');
    controller.cancel('second');
    expect(calls).toBe(1);
    expect(controller.signal.reason).toBe('first');
    expect(() => throwIfCancelled(controller.signal)).toThrow('first');
  });

  it('gives a CANCELLED error when no reason is named', () => {
    const controller = createCancelController();
    controller.cancel();
    expect(controller.signal.reason).toMatchObject({ code: 'CANCELLED' });
  });
});

describe('linkCancel', () => {
  it('follows any source, also one of the platform', () => {
    const platform = new AbortController();
    const linked = linkCancel([undefined, createCancelController().signal, platform.signal]);
    platform.abort('from the platform');
    expect(linked.signal.reason).toBe('from the platform');
  });

  it('starts out tripped when a source already is', () => {
    const source = createCancelController();
    source.cancel('early');
    expect(linkCancel([source.signal]).signal.aborted).toBe(true);
  });

  it('no longer follows after dispose', () => {
    const source = createCancelController();
    const linked = linkCancel([source.signal]);
    linked.dispose();
    source.cancel();
    expect(linked.signal.aborted).toBe(false);
  });
});

describe('raceCancel', () => {
  it('rejects at once with the reason and leaves the promise alone', async () => {
    const controller = createCancelController();
    const raced = raceCancel(new Promise<never>(() => undefined), controller.signal);
    controller.cancel('stop');
    await expect(raced).rejects.toBe('stop');
  });

  it('passes results and failures through', async () => {
    const controller = createCancelController();
    await expect(raceCancel(Promise.resolve(7), controller.signal)).resolves.toBe(7);
    await expect(raceCancel(Promise.reject(new Error('no')), controller.signal)).rejects.toThrow('no');
    await expect(raceCancel(Promise.resolve(1), undefined)).resolves.toBe(1);
  });
});
