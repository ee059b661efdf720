import { afterEach, describe, expect, it } from 'vitest';
import type { StartGatewayOptions } from '../../src/testing/index.ts';
import { type Bench, createBench, type FormPart, PICTURE, png } from './bench.ts';

const OFF = { limits: 'off' } as const;
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const open: Bench[] = [];

async function start(options: StartGatewayOptions = {}): Promise<Bench> {
  const bench = await createBench(options);
  open.push(bench);
  return bench;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.close()));
});

/** Headers of pictures that say a size; there are no pixels behind them. */
function jpegHeader(width: number, height: number): Uint8Array {
  const frame = [
    0xff,
    0xc0,
    0,
    17,
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    3,
    1,
    34,
    0,
    2,
    17,
    1,
    3,
    17,
    1,
  ];
  return new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, ...frame, 0xff, 0xd9]);
}

function webpHeader(chunk: 'VP8X' | 'VP8L' | 'VP8 ', width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(40);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from('RIFF'), 0);
  bytes.set(Buffer.from(`WEBP${chunk}`), 8);
  if (chunk === 'VP8X') {
    view.setUint32(24, width - 1, true);
    view.setUint16(27, height - 1, true);
  } else if (chunk === 'VP8L') {
    bytes[20] = 0x2f;
    view.setUint32(21, (width - 1) | ((height - 1) << 14), true);
  } else {
    bytes.set([0x9d, 0x01, 0x2a], 23);
    view.setUint16(26, width, true);
    view.setUint16(28, height, true);
  }
  return bytes;
}

describe('traps of orders', () => {
  it('reads the size of every accepted kind of picture from its header alone', async () => {
    const bench = await start(OFF);
    const make = [
      jpegHeader,
      png,
      (width: number, height: number) => webpHeader('VP8X', width, height),
      (width: number, height: number) => webpHeader('VP8L', width, height),
      (width: number, height: number) => webpHeader('VP8 ', width, height),
    ];
    for (const header of make) {
      const post = async (width: number, height: number) => {
        const { status, text } = await bench.postForm([['image', header(width, height)]]);
        return status === 200 ? 'accepted' : text.replace('Bad request: ', '');
      };
      expect(await post(1024, 7)).toBe('accepted');
      expect(await post(1025, 7)).toBe('Image too wide: 1025px (max: 1024px)');
      expect(await post(7, 1030)).toBe('Image too tall: 1030px (max: 1024px)');
    }
    const cutPixels = await bench.postForm([['image', png(64, 64).slice(0, 60)]]);
    expect(cutPixels.status).toBe(200);
    const cutHeader = await bench.postForm([['image', PICTURE.slice(0, 20)]]);
    expect(cutHeader.text).toMatch(/^Bad request: Failed to read image dimensions: /);
  });

  it('takes a picture part without bytes for a picture, beside a prompt', async () => {
    const bench = await start(OFF);
    const parts: FormPart[] = [
      ['prompt', 'robot'],
      ['image', ''],
    ];
    expect((await bench.postForm(parts)).text).toMatch(/^Bad request: Failed to guess image format/);
  });

  it('takes the last of a repeated field, and null for what is left out', async () => {
    const bench = await start(OFF);
    await bench.postForm([
      ['prompt', 'first robot'],
      ['seed', '1'],
      ['seed', '-7'],
      ['prompt', 'second robot'],
      ['model_params', '{"a":1}'],
    ]);
    expect(bench.lastTask()).toMatchObject({ prompt: 'second robot', seed: -7, modelParams: { a: 1 } });
    expect((await bench.post({ prompt: 'robot', seed: null, model: null, other: [] })).status).toBe(200);
    expect((await bench.post({ prompt: 5 })).text).toBe('Bad request: invalid type: integer `5`, expected a string');
    expect((await bench.post([])).status).toBe(400);
  });

  it('refuses forms that stop early, each field and the whole', async () => {
    const bench = await start(OFF);
    const headers = { 'x-api-key': bench.key, 'content-type': 'Multipart/Form-Data; boundary=b' };
    const bodies = ['', '--b', '--b\r\nContent-Disposition: form-data; name="prompt"', '--other--\r\n'];
    bodies.push('--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nrobot\r\n--');
    for (const body of bodies) {
      const { status, text } = await bench.send('/add_task', { method: 'POST', headers, body });
      expect({ status, text: text.slice(0, 26) }).toEqual({ status: 400, text: 'Bad request: Field error: ' });
    }
    const whole = 'preamble\r\n--b\r\ncontent-disposition: form-data; name=prompt\r\n\r\nrobot\r\n--b--';
    expect((await bench.send('/add_task', { method: 'POST', headers, body: whole })).status).toBe(200);
  });

  it('caps every field of a form and the whole of a JSON body', async () => {
    const bench = await start(OFF);
    const field = async (name: string, content: string) =>
      (
        await bench.postForm([
          ['prompt', 'robot'],
          [name, content],
        ])
      ).text;
    expect(await field('model', 'x'.repeat(65))).toMatch(/^Bad request: Failed to read model: .*maximum size limit/);
    expect(await field('seed', '1'.repeat(12))).toMatch(/^Bad request: Failed to read seed: /);
    expect(await field('model_params', ' '.repeat(1025))).toMatch(/^Bad request: Failed to read model_params: /);
    const long = JSON.stringify({ prompt: 'x'.repeat(2_097_152) });
    expect((await bench.post(long)).text).toBe('Bad request: payload too large');
  });

  it('answers a large body that it refuses unread', async () => {
    const bench = await start();
    const answer = await bench.post(JSON.stringify({ prompt: 'x'.repeat(1_500_000) }), { 'x-api-key': UNKNOWN });
    expect(answer.status).toBe(401);
  });

  it('takes ids in every form of a UUID and answers with one', async () => {
    const bench = await start({ workers: () => [{}] });
    const id = await bench.submit();
    for (const form of [id.toUpperCase(), id.replaceAll('-', ''), `urn:uuid:${id}`, `%7B${id}%7D`]) {
      expect(await bench.status(form)).toEqual({ status: 'PartialResult(1)' });
    }
    const { text } = await bench.result(UNKNOWN.replaceAll('-', ''));
    expect(text).toBe(`Task ID ${UNKNOWN} not found`);
  });
});

describe('limits beyond the table', () => {
  it('counts states and loads per minute, each on its own', async () => {
    const bench = await start({ limits: { statusesPerMinute: 2, loadsPerMinute: 2 } });
    const ask = async (path: string) => (await bench.send(path)).status;
    const [state, load, leader] = [`/get_status?id=${UNKNOWN}`, '/get_load', '/get_leader'];
    expect([await ask(state), await ask(state), await ask(state)]).toEqual([200, 200, 429]);
    expect([await ask(load), await ask(leader), await ask(load)]).toEqual([200, 200, 429]);
    bench.advance(60_000);
    expect([await ask(state), await ask(leader)]).toEqual([200, 200]);
  });

  it('stops orders without a good key after a day’s share, and the generic key after everybody’s', async () => {
    const bench = await start({ limits: { unauthorizedPerDay: 2, genericPerDay: 1 }, workers: () => [{}, {}, {}] });
    const without = async () => (await bench.post({ prompt: 'robot' }, { 'x-api-key': undefined })).status;
    expect([await without(), await without(), await without()]).toEqual([401, 401, 429]);
    const generic = { 'x-api-key': bench.genericKey };
    expect((await bench.post({ prompt: 'robot' }, generic)).status).toBe(200);
    expect((await bench.post({ prompt: 'robot' }, generic)).json).toEqual({
      error: 'daily_limit',
      message: 'Generic key global rolling limit exceeded.',
    });
    bench.advance(86_400_001);
    expect(await without()).toBe(401);
  });

  it('counts a person’s tasks per UTC day, failed ones not, and takes free ones first', async () => {
    const bench = await start({ limits: { accountPerDay: 2, freePerDay: 1 } });
    const end = async (outcome: 'success' | 'failure') => {
      bench.gateway.scriptNext([{ outcome }, { outcome }, { outcome }]);
      const { status, text } = await bench.post({ prompt: 'robot' });
      return status === 200 ? bench.lastTask().priceCents : text;
    };
    expect(await end('failure')).toBe(0);
    expect([await end('success'), await end('success')]).toEqual([0, 15]);
    expect(await end('success')).toContain('User daily task limit exceeded.');
    bench.advance(13.5 * 3_600_000); // midnight
    expect(await end('success')).toBe(15);
  });
});
