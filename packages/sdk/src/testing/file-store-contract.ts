import { encodeUtf8 } from '../foundation/bytes.ts';
import { createCancelController } from '../foundation/cancel.ts';
import type { FileStore } from '../host/file-store.ts';
import { type ContractCase, expectRejection, expectSame, expectTrue } from './contract-case.ts';

/** What every {@link FileStore} must do. */
export interface FileStoreContractOptions {
  /** Makes an empty store; called once per case. */
  readonly create: () => Promise<FileStore>;
  /**
   * Makes an empty store that holds at least 64 KiB and fails as on a full disk well before 64 MiB. Left out where a
   * disk cannot be filled.
   */
  readonly createSmall?: () => Promise<FileStore>;
}

const BAD_KEYS = [
  '',
  '/',
  'a/',
  '/a',
  'a//b',
  '.',
  '..',
  '../a',
  'a/../b',
  'a/./b',
  'a\\b',
  'ä',
  'a b',
  'a\u0000',
  'C:',
];

async function* inChunks(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk;
}

/** Cases for a file store, for any test runner. */
export function fileStoreContract(options: FileStoreContractOptions): readonly ContractCase[] {
  const { create, createSmall } = options;
  const one = encodeUtf8('one');
  const two = encodeUtf8('two, and longer');
  const cases: ContractCase[] = [
    {
      name: 'gives null for a file that does not exist',
      async run() {
        const files = await create();
        expectSame(await files.read('a/none'), null, 'the bytes');
        expectSame(await files.stat('a/none'), null, 'the entry');
        await files.delete('a/none');
      },
    },
    {
      name: 'reads what was written, in one piece and streamed',
      async run() {
        const files = await create();
        await files.write('a/piece', one);
        await files.write('a/stream', inChunks(one, new Uint8Array(0), two));
        await files.write('empty', new Uint8Array(0));
        expectSame(await files.read('a/piece'), one, 'the file');
        expectSame(await files.read('a/stream'), new Uint8Array([...one, ...two]), 'the streamed file');
        expectSame(await files.read('empty'), new Uint8Array(0), 'the empty file');
        const entry = await files.stat('a/stream');
        expectSame(entry?.key, 'a/stream', 'the key');
        expectSame(entry?.sizeBytes, one.length + two.length, 'the size');
        expectTrue((entry?.modifiedMs ?? 0) > 0, 'a time of modification');
      },
    },
    {
      name: 'replaces a file as a whole',
      async run() {
        const files = await create();
        await files.write('a', two);
        await files.write('a', one);
        expectSame(await files.read('a'), one, 'the file');
        expectSame((await files.list('')).length, 1, 'the number of files');
      },
    },
    {
      name: 'keeps its bytes apart from those of the caller',
      async run() {
        const files = await create();
        const mine = encodeUtf8('mine');
        await files.write('a', mine);
        mine[0] = 0;
        expectSame(await files.read('a'), encodeUtf8('mine'), 'the file');
        const read = await files.read('a');
        read?.slice().fill(0); // a copy, which that of a subclass may not be
        expectSame(read, encodeUtf8('mine'), 'the bytes read');
        read?.fill(0);
        expectSame(await files.read('a'), encodeUtf8('mine'), 'the file');
      },
    },
    {
      name: 'lists by prefix, in order of keys, over all folders',
      async run() {
        const files = await create();
        for (const key of ['b/z', 'b/a/x', 'b.txt', 'a', 'bb/c', 'B/c', 'b/a-b']) await files.write(key, one);
        const keysOf = async (prefix: string) => (await files.list(prefix)).map((entry) => entry.key);
        expectSame(await keysOf(''), ['B/c', 'a', 'b.txt', 'b/a-b', 'b/a/x', 'b/z', 'bb/c'], 'all keys');
        expectSame(await keysOf('b/'), ['b/a-b', 'b/a/x', 'b/z'], 'keys of a folder');
        expectSame(await keysOf('b/a/'), ['b/a/x'], 'keys of a folder in it');
        expectSame(await keysOf('a'), ['a'], 'a whole key');
        expectSame(await keysOf('none/'), [], 'keys of nothing');
      },
    },
    {
      name: 'deletes one file and leaves its neighbours',
      async run() {
        const files = await create();
        await files.write('a/one', one);
        await files.write('a/two', two);
        await files.delete('a/one');
        expectSame(await files.read('a/one'), null, 'the deleted file');
        expectSame(await files.read('a/two'), two, 'its neighbour');
      },
    },
    {
      name: 'refuses keys that are no keys',
      async run() {
        const files = await create();
        for (const key of BAD_KEYS) {
          await expectRejection(files.write(key, one), 'INPUT_INVALID', `writing "${key}"`);
          await expectRejection(files.read(key), 'INPUT_INVALID', `reading "${key}"`);
          await expectRejection(files.delete(key), 'INPUT_INVALID', `deleting "${key}"`);
          await expectRejection(files.stat(key), 'INPUT_INVALID', `looking at "${key}"`);
        }
        expectSame((await files.list('')).length, 0, 'the number of files');
      },
    },
    {
      name: 'stores nothing of a stream that fails, and keeps the old file',
      async run() {
        const files = await create();
        await files.write('a', one);
        const failure = new Error('the source broke');
        const broken = async function* (): AsyncGenerator<Uint8Array> {
          yield two;
          throw failure;
        };
        for (const key of ['a', 'new']) {
          let caught: unknown;
          await files.write(key, broken()).catch((error: unknown) => {
            caught = error;
          });
          expectTrue(caught === failure, 'the error of the source to come through as it is');
        }
        expectSame(await files.read('a'), one, 'the old file');
        expectSame(
          (await files.list('')).map((entry) => entry.key),
          ['a'],
          'the files',
        );
      },
    },
    {
      name: 'stores nothing when cancelled before, and when cancelled while the source is stuck',
      async run() {
        const files = await create();
        await files.write('a', one);
        const before = createCancelController();
        before.cancel();
        await expectRejection(files.write('a', two, before.signal), 'CANCELLED', 'a write under a tripped signal');

        const during = createCancelController();
        let isStopped = false;
        const stuck: AsyncIterable<Uint8Array> = {
          [Symbol.asyncIterator]: () => ({
            next: () => {
              void Promise.resolve().then(() => during.cancel());
              return new Promise(() => undefined);
            },
            return: async () => {
              isStopped = true;
              return { done: true, value: undefined };
            },
          }),
        };
        await expectRejection(files.write('a', stuck, during.signal), 'CANCELLED', 'a write from a stuck source');
        expectTrue(isStopped, 'the source to be told to stop');
        expectSame(await files.read('a'), one, 'the old file');
        expectSame((await files.list('')).length, 1, 'the number of files');
      },
    },
    {
      name: 'shows a reader the old bytes or the new ones while both are written at once',
      async run() {
        const files = await create();
        const contents = [new Uint8Array(70_000).fill(1), new Uint8Array(50_000).fill(2)] as const;
        await files.write('a', contents[0]);
        const writing = Promise.all(
          [0, 1, 0, 1, 1, 0, 1, 0].map((which) => files.write('a', contents[which] as Uint8Array)),
        );
        for (let look = 0; look < 20; look += 1) {
          const bytes = await files.read('a');
          const whole = bytes !== null && contents[bytes[0] === 1 ? 0 : 1];
          expectTrue(whole && bytes.length === whole.length && bytes.every((byte) => byte === whole[0]), 'whole bytes');
        }
        await writing;
        expectSame(
          (await files.list('')).map((entry) => entry.key),
          ['a'],
          'the files',
        );
      },
    },
  ];
  if (createSmall === undefined) return cases;
  return [
    ...cases,
    {
      name: 'fails cleanly on a full disk: says so, keeps the old file, stores no half of the new one',
      async run() {
        const files = await createSmall();
        await files.write('a', one);
        const megabyte = new Uint8Array(1024 * 1024);
        const endless = async function* (): AsyncGenerator<Uint8Array> {
          for (let count = 0; count < 64; count += 1) yield megabyte;
        };
        for (const key of ['a', 'new']) {
          let details: unknown;
          await expectRejection(
            files.write(key, endless()).catch((error: { details?: unknown }) => {
              details = error.details;
              throw error;
            }),
            'STORE_FAILED',
            'a write that does not fit',
          );
          expectSame((details as { reason?: unknown } | undefined)?.reason, 'disk-full', 'the reason');
        }
        expectSame(
          (await files.list('')).map((entry) => entry.key),
          ['a'],
          'the files',
        );
        expectSame(await files.read('a'), one, 'the old file');
        await files.write('b', two);
        expectSame(await files.read('b'), two, 'a file that fits');
      },
    },
  ];
}
