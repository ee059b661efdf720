import type { Transport } from '../protocol/transport.ts';
import { type ContractCase, expectSame, expectTrue } from './contract-case.ts';

/** What the suite needs to know about a transport. */
export interface TransportContractOptions {
  /** Two connected ends, neither of them started. */
  readonly createPair: () => Promise<readonly [Transport, Transport]> | readonly [Transport, Transport];
  /** Resolves when everything under way has arrived, for instance after some turns of the event loop. */
  readonly settle: () => Promise<void>;
}

/** One end with everything that came to it. */
interface Listener {
  readonly messages: string[];
  readonly ends: string[];
  /** Resolves when `count` messages have come, or the end. */
  until(count: number): Promise<void>;
  ended(): Promise<void>;
}

const LONG = 'ä😀"\\\n'.repeat(40_000);

/**
 * Every promise of {@link Transport}, as cases for any test runner.
 *
 * Run it over every implementation: `for (const { name, run } of transportContract(…)) it(name, run)`.
 */
export function transportContract({ createPair, settle }: TransportContractOptions): readonly ContractCase[] {
  const test = (name: string, run: (left: Transport, right: Transport) => Promise<void>): ContractCase => ({
    name,
    async run() {
      const [left, right] = await createPair();
      try {
        await run(left, right);
      } finally {
        left.close();
        right.close();
      }
    },
  });

  return [
    test('carries messages both ways, whole and in order', async (left, right) => {
      const atLeft = listen(left);
      const atRight = listen(right);
      const sent = Array.from({ length: 300 }, (_, index) => `message ${index} 😀`);
      for (const text of sent) {
        left.send(text);
        right.send(text.toUpperCase());
      }
      await Promise.all([atLeft.until(300), atRight.until(300)]);
      await settle();
      expectSame(atRight.messages, sent, 'messages to the right');
      expectSame(
        atLeft.messages,
        sent.map((text) => text.toUpperCase()),
        'messages to the left',
      );
    }),
    test('carries a long message with every kind of character', async (left, right) => {
      const atRight = listen(right);
      left.start({ onMessage: () => undefined, onClose: () => undefined });
      left.send(LONG);
      left.send('after');
      await atRight.until(2);
      expectTrue(atRight.messages[0] === LONG, 'the long message unchanged');
      expectSame(atRight.messages[1], 'after', 'the message after it');
    }),
    test('delivers nothing inside send, and answers can be sent from inside a message', async (left, right) => {
      let isSending = false;
      const wrong: string[] = [];
      right.start({
        onMessage: (text) => {
          if (isSending) wrong.push(text);
          right.send(`answer to ${text}`);
        },
        onClose: () => undefined,
      });
      const atLeft = listen(left);
      isSending = true;
      left.send('a');
      left.send('b');
      isSending = false;
      await atLeft.until(2);
      expectSame(wrong, [], 'messages delivered inside send');
      expectSame(atLeft.messages, ['answer to a', 'answer to b'], 'answers');
    }),
    test('delivers nothing before it is started, and then what has come', async (left, right) => {
      left.start({ onMessage: () => undefined, onClose: () => undefined });
      left.send('early');
      left.send('birds');
      await settle();
      const atRight = listen(right);
      await atRight.until(2);
      expectSame(atRight.messages, ['early', 'birds'], 'messages');
    }),
    test('delivers what was sent before it was closed, then the end', async (left, right) => {
      const atRight = listen(right);
      listen(left);
      left.send('last words');
      left.close('enough');
      await atRight.ended();
      expectSame(atRight.messages, ['last words'], 'messages before the end');
    }),
    test('tells the end once on both sides, whoever closes and however often', async (left, right) => {
      const atLeft = listen(left);
      const atRight = listen(right);
      left.close('enough');
      left.close('again');
      await Promise.all([atLeft.ended(), atRight.ended()]);
      right.close('me too');
      await settle();
      expectSame([atLeft.ends.length, atRight.ends.length], [1, 1], 'number of ends');
      expectSame(atLeft.ends, ['enough'], 'reason on the side that closed');
      expectSame(atRight.ends, ['enough'], 'reason on the other side');
    }),
    test('sends and receives nothing after its end', async (left, right) => {
      const atLeft = listen(left);
      const atRight = listen(right);
      right.send('on its way');
      left.close('enough');
      left.send('too late');
      await Promise.all([atLeft.ended(), atRight.ended()]);
      right.send('into nothing');
      left.send('into nothing');
      await settle();
      expectSame(atLeft.messages, [], 'messages after closing');
      expectSame(atRight.messages, [], 'messages after the end');
    }),
    test('has nothing buffered once everything has been taken', async (left, right) => {
      expectSame(left.bufferedBytes, 0, 'bytes buffered at the beginning');
      const atRight = listen(right);
      left.start({ onMessage: () => undefined, onClose: () => undefined });
      for (let index = 0; index < 20; index += 1) left.send(LONG);
      expectTrue(left.bufferedBytes >= 0, 'buffered bytes to be a number of at least 0');
      await atRight.until(20);
      await settle();
      expectSame(left.bufferedBytes, 0, 'bytes buffered at the end');
    }),
  ];
}

function listen(transport: Transport): Listener {
  const messages: string[] = [];
  const ends: string[] = [];
  const waiting: { readonly isDone: () => boolean; readonly resolve: () => void }[] = [];
  const look = (): void => {
    for (const { isDone, resolve } of waiting) if (isDone()) resolve();
  };
  const until = (isDone: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ isDone, resolve });
      look();
    });
  transport.start({
    onMessage: (text) => {
      messages.push(text);
      look();
    },
    onClose: (reason) => {
      ends.push(reason);
      look();
    },
  });
  return {
    messages,
    ends,
    until: (count) => until(() => messages.length >= count || ends.length > 0),
    ended: () => until(() => ends.length > 0),
  };
}
