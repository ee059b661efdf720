import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../foundation/bytes.ts';
import { createCancelController } from '../foundation/cancel.ts';
import { createRandom } from '../foundation/random.ts';
import { createBackOff, MIN_HINT_MS } from './back-off.ts';
import { parseJobEvent } from './job-event-schema.ts';
import { createSlots } from './slots.ts';
import { sniffMediaType } from './sniff-media-type.ts';

const OPTIONS = { initialMs: 1000, factor: 2, maxMs: 10_000, jitter: 0.2, maxHintMs: 300_000 };
const bytesOf = (high: number, low: number) => () => Uint8Array.of(high, low);

describe('back-off', () => {
  it('grows to its bound and starts over', () => {
    const backOff = createBackOff(OPTIONS, bytesOf(127, 255));
    expect(Array.from({ length: 6 }, () => Math.round(backOff.next() / 10) * 10)).toEqual([
      1000, 2000, 4000, 8000, 10_000, 10_000,
    ]);
    backOff.reset();
    expect(Math.round(backOff.next() / 10) * 10).toBe(1000);
  });

  it('stays within its jitter and uses all of it', () => {
    expect(createBackOff(OPTIONS, bytesOf(0, 0)).next()).toBe(800);
    expect(createBackOff(OPTIONS, bytesOf(255, 255)).next()).toBe(1200);
  });

  it.each([
    [5000, 5000],
    [0, MIN_HINT_MS],
    [-9, MIN_HINT_MS],
    [1e12, 300_000],
  ])('takes a hint of %i as %i, without jitter', (hint, wait) => {
    expect(createBackOff(OPTIONS, bytesOf(255, 255)).next(hint)).toBe(wait);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('ignores a hint of %d', (hint) => {
    expect(createBackOff(OPTIONS, bytesOf(255, 255)).next(hint)).toBe(1200);
  });
});

describe('slots', () => {
  it('never give out more than there are, in the order of asking', async () => {
    const random = createRandom('slots');
    const slots = createSlots(3);
    const { signal } = createCancelController();
    const order: number[] = [];
    let taken = 0;
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const release = await slots.take(signal);
        order.push(index);
        taken += 1;
        expect(taken).toBeLessThanOrEqual(3);
        for (let turn = random.integer(1, 30); turn > 0; turn -= 1) await undefined;
        taken -= 1;
        release();
        release();
      }),
    );
    expect(order).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it('let go of who no longer waits', async () => {
    const slots = createSlots(1);
    const release = await slots.take(createCancelController().signal);
    const impatient = createCancelController();
    const gone = slots.take(impatient.signal);
    const next = slots.take(createCancelController().signal);
    impatient.cancel('no longer');
    await expect(gone).rejects.toBe('no longer');
    release();
    (await next)();
    expect(await slots.take(createCancelController().signal)).toBeTypeOf('function');
  });

  it('count what was forced, and wait until it is below the limit again', async () => {
    const slots = createSlots(1);
    const { signal } = createCancelController();
    const forced = await Promise.all([slots.take(signal, true), slots.take(signal, true)]);
    let isTaken = false;
    const waiting = slots.take(signal).then(() => {
      isTaken = true;
    });
    forced[0]();
    for (let turn = 0; turn < 10; turn += 1) await undefined;
    expect(isTaken).toBe(false);
    forced[1]();
    await waiting;
  });
});

describe('sniffMediaType', () => {
  const glb = (declared: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    bytes.set([0x67, 0x6c, 0x54, 0x46, 2, 0, 0, 0]);
    if (length >= 12) new DataView(bytes.buffer).setUint32(8, declared, true);
    return bytes;
  };
  const zip = (withEnd: boolean): Uint8Array =>
    Uint8Array.from([
      0x50,
      0x4b,
      3,
      4,
      ...new Array(40).fill(1),
      ...(withEnd ? [0x50, 0x4b, 5, 6, ...new Array(18).fill(0)] : []),
    ]);

  it.each([
    ['a GLB', glb(40, 40), 'mesh', 'glb', true],
    ['half a GLB', glb(41, 40), 'mesh', 'glb', false],
    ['the first bytes of a GLB', glb(0, 8), 'mesh', 'glb', false],
    ['a PLY', encodeUtf8('ply\nformat binary_little_endian 1.0\n'), 'splat', 'ply', true],
    ['a PLY with carriage returns', encodeUtf8('ply\r\nformat'), 'splat', 'ply', true],
    ['a bare SPZ', encodeUtf8('NGSP'), 'splat', 'spz', true],
    ['an SPZ in Zstandard', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0), 'splat', 'spz', true],
    ['half an SPZ in Zstandard', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 4, 33, 0, 0, 1), 'splat', 'spz', false],
    ['an SPZ in gzip', Uint8Array.of(0x1f, 0x8b, 8), 'splat', 'spz', true],
    ['gzip of anything else', Uint8Array.of(0x1f, 0x8b, 8), 'mesh', 'gz', true],
    ['an archive', zip(true), 'mesh', 'zip', true],
    ['an archive that broke off', zip(false), 'mesh', 'zip', false],
    ['a glTF', encodeUtf8('\n {"scene":0,"asset":{"version":"2.0"}}'), 'mesh', 'gltf', true],
    ['other JSON', encodeUtf8('{"error":"no"}'), 'mesh', 'json', true],
    ['a web page', encodeUtf8('  <!doctype html>'), 'mesh', 'html', true],
    ['anything else', Uint8Array.of(1, 2, 3), 'mesh', 'bin', true],
    ['nothing', new Uint8Array(0), 'mesh', 'bin', true],
  ] as const)('knows %s', (_name, bytes, kind, extension, complete) => {
    expect(sniffMediaType(bytes, kind)).toMatchObject({ extension, complete });
  });
});

describe('parseJobEvent', () => {
  const event = { type: 'progress-reported', job: 'a', seq: 3, at: 5, progress: 0.5 };

  it('passes what is right, with members it does not know', () => {
    expect(parseJobEvent({ ...event, mood: 'good' })).toEqual({ ...event, mood: 'good' });
    expect(parseJobEvent({ type: 'something-new', job: 'a', seq: 1, at: 1, x: [] })).toMatchObject({
      type: 'something-new',
    });
  });

  it.each([
    ['null', null],
    ['text', 'job-queued'],
    ['no number', { ...event, seq: undefined }],
    ['number zero', { ...event, seq: 0 }],
    ['progress in words', { ...event, progress: 'half' }],
    ['an operation that is missing', { type: 'operation-started', job: 'a', seq: 1, at: 1 }],
    ['an error without a code', { type: 'job-failed', job: 'a', seq: 1, at: 1, error: {} }],
  ])('refuses %s', (_name, value) => {
    expect(() => parseJobEvent(value)).toThrow(expect.objectContaining({ code: 'STORE_FAILED' }));
  });
});
