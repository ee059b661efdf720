import { describe, expect, it } from 'vitest';
import { createCancelController } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import { createTransportPair } from './memory-transport.ts';
import { engineSelection, selection } from './messages/engine.ts';
import { hello } from './messages/hello.ts';
import { createJob, getJob, jobEvent, listJobs, unsubscribeJob } from './messages/job.ts';
import { listKeys } from './messages/key.ts';
import { linkPanel, serviceStopping } from './messages/service.ts';
import { createPeer, type PeerOptions, serialiseNotification } from './peer.ts';

function connect(service: Partial<PeerOptions> = {}) {
  const [near, far] = createTransportPair();
  const client = createPeer({ transport: near, receives: 'to-client' });
  const server = createPeer({ transport: far, receives: 'to-service', ...service });
  return { client, server };
}

/** A server's peer and what it says to whoever speaks by hand. */
function speak(service: Partial<PeerOptions> = {}) {
  const [near, far] = createTransportPair();
  const server = createPeer({ transport: far, receives: 'to-service', ...service });
  const answers: { id?: unknown; result?: unknown; error?: { code: number; message: string; data: object } }[] = [];
  near.start({ onMessage: (text) => answers.push(JSON.parse(text)), onClose: () => undefined });
  return { server, answers, say: (text: string) => near.send(text), near };
}

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
const askFor = (method: string, params: unknown = {}, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

/** JSON of a value within values, as deep as that. */
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('requests', () => {
  it('are refused in a sentence where they are nested deeper than a stack', async () => {
    const { server, answers, say } = speak();
    server.answer(createJob, () => expect.unreachable());
    server.start();
    say(`{"jsonrpc":"2.0","id":1,"method":"job/create","params":{"options":{"a":${nested(100_000)}}}}`);
    await settle();
    expect(answers).toMatchObject([
      { id: 1, error: { message: 'job/create: the params are nested too deeply.', data: { code: 'INPUT_INVALID' } } },
    ]);
  });

  it('end where the answer is nested deeper than a stack', async () => {
    const [near, far] = createTransportPair();
    const asking = createPeer({ transport: near, receives: 'to-client' });
    const error = (id: number) =>
      `{"jsonrpc":"2.0","id":${id},"error":{"code":1,"message":"x","data":{"code":"INTERNAL","message":"x","retry":"never","details":{"a":${nested(100_000)}}}}}`;
    far.start({ onMessage: (text) => far.send(error(JSON.parse(text).id)), onClose: () => undefined });
    asking.start();
    await expect(asking.request(linkPanel, {})).rejects.toMatchObject({ code: 'PROTOCOL_MISMATCH' });
  });

  it('are answered, several at once and in any order', async () => {
    const { client, server } = connect();
    const waiting: (() => void)[] = [];
    server.answer(unsubscribeJob, async () => {
      await new Promise<void>((resolve) => {
        waiting.unshift(resolve);
      });
      return {};
    });
    server.answer(linkPanel, () => ({ url: 'x' }));
    client.start();
    server.start();
    const done: string[] = [];
    const slow = ['a', 'b'].map((job) => client.request(unsubscribeJob, { job }).then(() => done.push(job)));
    expect(await client.request(linkPanel, {})).toEqual({ url: 'x' });
    for (const go of waiting) {
      go();
      await settle();
    }
    await Promise.all(slow);
    expect(done).toEqual(['b', 'a']);
  });

  it('go both ways', async () => {
    const { client, server } = connect();
    client.answer(engineSelection, () => ({ objects: [] }));
    server.answer(selection, () => server.request(engineSelection, {}));
    client.start();
    server.start();
    expect(await client.request(selection, {})).toEqual({ objects: [] });
  });

  it('bring the error of the other side under its code', async () => {
    const { client, server } = connect();
    server.answer(linkPanel, () => {
      throw new SdkError({
        code: 'RATE_LIMITED',
        message: 'Slowly.',
        remedy: 'Wait.',
        retryAfterMs: 5,
        details: { a: 1 },
      });
    });
    client.start();
    server.start();
    await expect(client.request(linkPanel, {})).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: 'Slowly.',
      remedy: 'Wait.',
      retry: 'later',
      retryAfterMs: 5,
      details: { a: 1 },
    });
  });

  it('tell nothing of an error that was not meant for people', async () => {
    const faults: unknown[] = [];
    const { client, server } = connect({ onFault: (method, error) => faults.push([method, error]) });
    const secret = new Error('sk-1 at /home/somebody');
    server.answer(linkPanel, () => Promise.reject(secret));
    client.start();
    server.start();
    await expect(client.request(linkPanel, {})).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'Something went wrong inside.',
    });
    expect(faults).toEqual([['panel/link', secret]]);
  });

  it('reject when the connection ends, and after it', async () => {
    const { client, server } = connect();
    server.answer(linkPanel, () => new Promise<never>(() => undefined));
    client.start();
    server.start();
    const asking = client.request(linkPanel, {});
    server.close('bye');
    await expect(asking).rejects.toMatchObject({ code: 'PEER_GONE', message: 'The connection has ended: bye.' });
    await expect(client.request(linkPanel, {})).rejects.toMatchObject({ code: 'PEER_GONE' });
    expect(await client.closed).toBe('bye');
  });

  it('can be given up, before and while they wait; a late answer is passed over', async () => {
    const { client, server } = connect();
    let answer: (() => void) | undefined;
    server.answer(linkPanel, async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return { url: 'late' };
    });
    client.start();
    server.start();
    const giveUp = createCancelController();
    const asking = client.request(linkPanel, {}, giveUp.signal);
    await settle();
    giveUp.cancel(new SdkError({ code: 'TIMED_OUT', message: 'Enough.' }));
    await expect(asking).rejects.toMatchObject({ code: 'TIMED_OUT' });
    await expect(client.request(linkPanel, {}, giveUp.signal)).rejects.toMatchObject({ code: 'TIMED_OUT' });
    answer?.();
    await settle();
    server.answer(linkPanel, () => ({ url: 'next' }));
    expect(await client.request(linkPanel, {})).toEqual({ url: 'next' });
  });

  it('have work done right after their answer went out, and not after an error', async () => {
    const { client, server } = connect();
    const order: string[] = [];
    client.take(serviceStopping, ({ reason }) => void order.push(reason));
    server.answer(unsubscribeJob, ({ job }, afterAnswer) => {
      afterAnswer(() => server.notify(serviceStopping, { reason: `after ${job}` }));
      if (job === 'bad') throw new SdkError({ code: 'INPUT_INVALID', message: 'bad' });
      return {};
    });
    client.start();
    server.start();
    await client.request(unsubscribeJob, { job: 'good' }).then(() => order.push('answer'));
    await client.request(unsubscribeJob, { job: 'bad' }).catch(() => order.push('error'));
    await settle();
    expect(order).toEqual(['answer', 'after good', 'error']);
  });

  it('with an answer that is not what the protocol says are no success', async () => {
    const { client, server } = connect();
    server.answer(linkPanel, () => ({ adress: 'x' }) as never);
    client.start();
    server.start();
    await expect(client.request(linkPanel, {})).rejects.toMatchObject({ code: 'PROTOCOL_MISMATCH' });
  });

  it('pass over members they do not know, on both sides', async () => {
    const { client, server } = connect();
    server.answer(unsubscribeJob, (params) => ({ ...params, more: 1 }) as never);
    client.start();
    server.start();
    expect(await client.request(unsubscribeJob, { job: 'a', more: 2 } as never)).toEqual({});
  });
});

describe('what comes from outside', () => {
  it.each<[string, string, number, unknown]>([
    ['no JSON', '{', -32700, null],
    ['a batch', '[]', -32600, null],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"panel/link"}', -32600, null],
    ['a request and an answer in one', '{"jsonrpc":"2.0","id":1,"method":"panel/link","result":1}', -32600, null],
    ['nothing', '{"jsonrpc":"2.0"}', -32600, null],
    ['a long id', askFor('panel/link', {}, 'x'.repeat(101)), -32600, null],
    ['an unknown method', askFor('no/such'), -32601, 1],
    ['a method of the other side', askFor('engine/import', { job: 'a', folder: '/' }), -32601, 1],
    ['a notification as a request', askFor('asset/imported'), -32601, 1],
    ['a name every object has', askFor('toString'), -32601, 1],
    ['parameters that do not fit', askFor('job/get', { job: 7 }), -32602, 1],
    ['no parameters where some are needed', askFor('job/get', null), -32602, 1],
    ['a list of parameters', askFor('job/get', ['a']), -32602, 1],
  ])('%s is answered as such', async (_name, text, code, id) => {
    const { server, answers, say } = speak();
    server.answer(getJob, () => Promise.reject(new Error('not reached')));
    server.start();
    say(text);
    await settle();
    expect(answers).toMatchObject([{ id, error: { code, data: { code: 'INPUT_INVALID' } } }]);
  });

  it('names the parameter that does not fit', async () => {
    const { server, answers, say } = speak();
    server.answer(hello, () => Promise.reject(new Error('not reached')));
    server.start();
    say(askFor('peer/hello', { protocol: { major: 1, minor: 0 }, client: { name: '' } }));
    await settle();
    expect(answers[0]?.error?.message).toMatch(/^peer\/hello: client\.name is not what it must be/);
  });

  it('gets no answer to answers nobody waits for, nor to notifications nobody takes', async () => {
    const { server, answers, say } = speak();
    server.start();
    say('{"jsonrpc":"2.0","id":99,"result":{}}');
    say('{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}');
    say('{"jsonrpc":"2.0","method":"no/such"}');
    say('{"jsonrpc":"2.0","method":"asset/imported","params":{"receipt":7}}');
    await settle();
    expect(answers).toEqual([]);
  });

  it('may ask 256 things at once', async () => {
    const { server, answers, say } = speak();
    server.answer(listJobs, () => new Promise<never>(() => undefined));
    server.answer(listKeys, () => ({ keys: [] }));
    server.start();
    for (let id = 1; id <= 256; id += 1) say(askFor('job/list', {}, id));
    say(askFor('key/list', {}, 257));
    await settle();
    expect(answers).toMatchObject([{ id: 257, error: { data: { code: 'RATE_LIMITED', retry: 'later' } } }]);
  });

  it('is refused by whoever admits, before anything is looked at', async () => {
    const { server, answers, say } = speak({
      admit: (method) => {
        if (method !== 'panel/link') throw new SdkError({ code: 'PROTOCOL_MISMATCH', message: 'First things first.' });
      },
    });
    server.answer(linkPanel, () => ({ url: 'x' }));
    server.start();
    say(askFor('no/such', {}, 1));
    say(askFor('panel/link', {}, 2));
    await settle();
    expect(answers).toMatchObject([
      { id: 1, error: { data: { code: 'PROTOCOL_MISMATCH' } } },
      { id: 2, result: { url: 'x' } },
    ]);
  });

  it('with a code of a newer version is an error all the same', async () => {
    const reply = (data: object): string =>
      JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32000, message: 'm', data } });
    const [left, right] = createTransportPair();
    const other = createPeer({ transport: left, receives: 'to-client' });
    other.start();
    const again = other.request(linkPanel, {});
    right.send(reply({ code: 'BRAND_NEW', message: 'Something new.', retry: 'never' }));
    await expect(again).rejects.toMatchObject({ code: 'INTERNAL', message: 'Something new.' });
    const third = other.request(linkPanel, {});
    right.send('{"jsonrpc":"2.0","id":2,"error":{"code":-32000,"message":"no record"}}');
    await expect(third).rejects.toMatchObject({ code: 'PROTOCOL_MISMATCH', message: 'no record' });
  });
});

it('a serialised notification is what a peer would have sent', async () => {
  const params = { job: 'a', seq: 1, at: 2, type: 'x', event: {} };
  const [left, right] = createTransportPair();
  const client = createPeer({ transport: left, receives: 'to-client' });
  const seen: unknown[] = [];
  client.take(jobEvent, (taken) => void seen.push(taken));
  client.start();
  right.send(serialiseNotification(jobEvent, params));
  createPeer({ transport: right, receives: 'to-service' }).notify(jobEvent, params);
  await settle();
  expect(seen).toEqual([params, params]);
});
