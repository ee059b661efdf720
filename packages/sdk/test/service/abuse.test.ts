import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { DoorLimits } from '../../src/platform/node/service/door-limits.ts';
import type { LocalService } from '../../src/platform/node/service/local-service.ts';
import { assertServes, createBench, dial, dialIn, endOf, portOf, type ServiceBench, sendRaw } from './service-bench.ts';

let bench: ServiceBench;

beforeEach(async () => {
  bench = await createBench();
});

afterEach(() => bench.remove());

const startWith = (limits: Partial<DoorLimits> = {}): Promise<LocalService> => bench.start({ limits });

/** Sends a text again and again until the connection ends. */
async function flood(socket: WebSocket, text: string, count: number): Promise<void> {
  for (let sent = 0; sent < count && socket.readyState === socket.OPEN; sent += 1) {
    socket.send(text);
    if (sent % 500 === 0) await sleep(0);
  }
}

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'job/list', params: {} });

describe('messages that are too large', () => {
  it.each([
    ['1 MiB and one byte', 1024 * 1024 + 1],
    ['100 MB', 100_000_000],
  ])('end the connection with 1009: %s', async (_name, size) => {
    const service = await startWith();
    const socket = await dialIn(service);
    socket.on('error', () => undefined); // it is cut off in the middle of sending
    const ended = endOf(socket);
    socket.send('x'.repeat(size));
    expect((await ended).code).toBe(1009);
    await assertServes(service);
  });

  it('end it before they are there, by their announced size', async () => {
    const service = await startWith();
    const socket = await dialIn(service);
    const ended = endOf(socket);
    const header = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x05, 0xf5, 0xe1, 0x00, 1, 2, 3, 4]); // 100 000 000 bytes follow
    (socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(header);
    expect((await ended).code).toBe(1009);
    await assertServes(service);
  });

  it('end it when they come in pieces', async () => {
    const service = await startWith();
    const socket = await dialIn(service);
    socket.on('error', () => undefined);
    const ended = endOf(socket);
    for (let piece = 0; piece < 1600 && socket.readyState === socket.OPEN; piece += 1) {
      socket.send('x'.repeat(64 * 1024), { fin: false });
      await sleep(0);
    }
    expect((await ended).code).toBe(1009);
    await assertServes(service);
  });

  it('are no way to fill the memory over HTTP either', async () => {
    const service = await startWith();
    const answer = sendRaw(
      service,
      `POST /session HTTP/1.1\r\nHost: 127.0.0.1:${portOf(service)}\r\nOrigin: ${service.url}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100000000\r\n\r\n{"code":"',
    );
    expect(await answer.received).toMatch(/^HTTP\/1\.1 413 /);
    const headers = sendRaw(service, `GET / HTTP/1.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(await headers.received).toMatch(/^HTTP\/1\.1 431 [\s\S]*The headers may have 8192 bytes\.\n$/);
    await assertServes(service);
  });
});

describe('too many messages', () => {
  it('end the connection with 1008 and a sentence: 10 000 in a second', async () => {
    const service = await startWith();
    const socket = await dialIn(service);
    const ended = endOf(socket);
    await flood(socket, PING, 10_000);
    expect(await ended).toEqual({ code: 1008, reason: 'Too many messages: at most 500 in a second are taken.' });
    await assertServes(service);
  });

  it('are counted for pings, too', async () => {
    const service = await startWith();
    const socket = await dialIn(service);
    const ended = endOf(socket);
    for (let sent = 0; sent < 10_000 && socket.readyState === socket.OPEN; sent += 1) {
      socket.ping();
      if (sent % 500 === 0) await sleep(0);
    }
    expect((await ended).code).toBe(1008);
    await assertServes(service);
  });

  it('are counted by their size, too', async () => {
    const service = await startWith({ messageBurst: 100, messagesPerSecond: 1 });
    const socket = await dialIn(service);
    const ended = endOf(socket);
    await flood(socket, `{"jsonrpc":"2.0","method":"none","params":"${'x'.repeat(1_000_000)}"}`, 10);
    expect((await ended).code).toBe(1008);
    await assertServes(service);
  });

  it('do not hold up another client', async () => {
    const service = await startWith();
    const sockets = await Promise.all(Array.from({ length: 5 }, () => dialIn(service)));
    const ends = sockets.map(endOf);
    const floods = sockets.map((socket) => flood(socket, PING, 10_000));
    await assertServes(service);
    await Promise.all(floods);
    for (const { code } of await Promise.all(ends)) expect(code).toBe(1008);
  });

  it('are no matter below the limit', async () => {
    const service = await startWith();
    const socket = await dialIn(service);
    let answers = 0;
    const all = new Promise<void>((resolve) => {
      socket.on('message', () => {
        answers += 1;
        if (answers === 900) resolve();
      });
    });
    await flood(socket, PING, 900);
    await all;
    expect(socket.readyState).toBe(socket.OPEN);
    socket.close();
  });
});

describe('what is no message', () => {
  it('ends the connection: bytes, broken UTF-8, frames that are none', async () => {
    const service = await startWith();
    const binary = await dialIn(service);
    const binaryEnd = endOf(binary);
    binary.send(Buffer.from([1, 2, 3]));
    expect(await binaryEnd).toEqual({ code: 1003, reason: 'Messages are text.' });

    const text = await dialIn(service);
    const textEnd = endOf(text);
    text.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect((await textEnd).code).toBe(1007);

    const frames = await dialIn(service);
    const framesEnd = endOf(frames);
    (frames as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from([0xff, 0xff, 0xff]));
    expect((await framesEnd).code).toBe(1002);
    await assertServes(service);
  });

  it('gets an answer where it is text: no JSON, batches, deep nests', async () => {
    const service = await startWith();
    const socket = await dialIn(service);
    for (const text of ['{', '[]', '[{"jsonrpc":"2.0","id":1,"method":"job/list"}]', '['.repeat(200_000), 'null']) {
      const answer = new Promise<string>((resolve) => {
        socket.once('message', (data) => resolve(String(data)));
      });
      socket.send(text);
      expect(JSON.parse(await answer)).toMatchObject({ error: { data: { code: 'INPUT_INVALID' } } });
    }
    socket.close();
    await assertServes(service);
  });
});

describe('connections that stand still', () => {
  it('are ended when a client answers no ping', async () => {
    const service = await startWith({ heartbeatMs: 20 });
    const socket = await dialIn(service, { autoPong: false });
    expect((await endOf(socket)).code).toBe(1006);
    await assertServes(service);
  });

  it('stay while a client answers', async () => {
    const service = await startWith({ heartbeatMs: 20 });
    const socket = await dialIn(service);
    let pings = 0;
    await new Promise<void>((resolve) => {
      socket.on('ping', () => {
        pings += 1;
        if (pings === 10) resolve();
      });
    });
    expect(socket.readyState).toBe(socket.OPEN);
    socket.close();
  });

  it('are ended when the other side is gone without a word', async () => {
    const service = await startWith({ heartbeatMs: 20 });
    const socket = await dialIn(service);
    const ended = endOf(socket);
    socket.pause(); // reads nothing, hence hears no ping: as a machine that was switched off
    await sleep(150);
    socket.resume();
    expect((await ended).code).toBe(1006);
    await assertServes(service);
  });

  it('are ended when nothing, or half a request, was sent', async () => {
    const service = await startWith({ headersMs: 100, requestMs: 200 });
    const silent = sendRaw(service, '');
    const half = sendRaw(service, 'GET / HTTP/1.1\r\nHost: ');
    const drip = sendRaw(service, 'GET /rpc HTTP/1.1\r\n');
    const dripping = setInterval(() => drip.socket.write('X-A: b\r\n'), 20);
    const body = sendRaw(
      service,
      `POST /session HTTP/1.1\r\nHost: 127.0.0.1:${portOf(service)}\r\nOrigin: ${service.url}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    try {
      for (const { received } of [silent, half, drip, body]) {
        expect(await received).toMatch(/^HTTP\/1\.1 408 [\s\S]*The request did not arrive in time\.\n$|^$/);
      }
      expect(await half.received).toMatch(/^HTTP\/1\.1 408 /);
    } finally {
      clearInterval(dripping);
    }
    await assertServes(service);
  });

  it('give way to those who know the token', async () => {
    const service = await startWith({ strangers: 8, headersMs: 60_000, requestMs: 60_000 });
    const known = await dialIn(service);
    const waiting = Array.from({ length: 40 }, () => sendRaw(service, 'GET / HTTP/1.1\r\n'));
    await Promise.all(waiting.slice(0, 32).map(({ received }) => received));
    await assertServes(service);
    expect(known.readyState).toBe(known.OPEN);
    for (const { socket } of waiting) socket.destroy();
    known.close();
  });

  it('are refused in one sentence when there are too many', async () => {
    const service = await startWith({ connections: 4 });
    const sockets = await Promise.all(Array.from({ length: 4 }, () => dialIn(service)));
    expect(await dial(service)).toEqual({ status: 503, text: 'Too many connections.\n' });
    const [first] = sockets;
    if (first !== undefined) {
      const ended = endOf(first);
      first.close();
      await ended;
    }
    await assertServes(service);
    for (const socket of sockets) socket.close();
  });

  it('do not keep the service from ending', async () => {
    const service = await startWith({ goodbyeMs: 50 });
    const deaf = await dialIn(service);
    deaf.pause();
    sendRaw(service, 'GET / HTTP/1.1\r\n');
    await service.close();
    expect(await service.ended).toBe('it was asked to');
    deaf.terminate();
  });
});
