import { collectBytes, decodeUtf8, encodeUtf8, toHex } from '../foundation/bytes.ts';
import { createCancelController } from '../foundation/cancel.ts';
import type { Host } from '../host/host.ts';
import { type ContractCase, expectRejection, expectSame, expectTrue } from './contract-case.ts';

/** What every {@link Host} must do. */
export interface HostContractOptions {
  /** Makes a Host; called once per case. `close` is called after it. */
  readonly create: () => Promise<{ readonly host: Host; readonly close?: () => Promise<void> }>;
  /**
   * Origin of a server that follows {@link answerHostContract}, which the Host may reach. Left out where there is none;
   * the cases about http are then left out too.
   */
  readonly origin?: () => string;
  /** False where the Host cannot show a redirect, as in browsers: it then refuses with `URL_NOT_TRUSTED`. Default true. */
  readonly showsRedirects?: boolean;
}

/** A request as a server of the contract sees it. */
export interface ContractServerRequest {
  readonly method: string;
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** What a server of the contract does with a request. */
export type ContractServerAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
    }
  /** Sends one chunk and nothing more, without ending. */
  | { readonly kind: 'stall'; readonly first: Uint8Array }
  /** Sends one chunk of a longer announced body, then breaks the connection. */
  | { readonly kind: 'break'; readonly first: Uint8Array; readonly announcedBytes: number }
  /** Never answers. */
  | { readonly kind: 'silence' };

const JSON_TYPE = { 'content-type': 'application/json' };

/** The behaviour of the server that the http cases talk to, for a server written with whatever a platform has. */
export function answerHostContract(request: ContractServerRequest): ContractServerAnswer {
  const answer = (
    status: number,
    body: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): ContractServerAnswer => ({
    kind: 'answer',
    status,
    headers,
    body,
  });
  switch (request.path) {
    case '/echo': {
      const seen = {
        method: request.method,
        length: request.headers['content-length'] ?? null,
        custom: request.headers['x-custom'] ?? null,
        body: toHex(request.body),
      };
      return answer(200, encodeUtf8(JSON.stringify(seen)), { ...JSON_TYPE, 'x-answer': 'yes' });
    }
    case '/teapot':
      return answer(418, encodeUtf8('short and stout'));
    case '/redirect':
      return answer(302, new Uint8Array(0), { location: '/echo' });
    case '/bytes':
      return answer(
        200,
        Uint8Array.from({ length: 300_000 }, (_value, index) => index % 251),
      );
    case '/stall':
      return { kind: 'stall', first: encodeUtf8('first') };
    case '/break':
      return { kind: 'break', first: encodeUtf8('first'), announcedBytes: 1000 };
    default:
      return { kind: 'silence' };
  }
}

/** Cases for a Host, for any test runner. Its files have a suite of their own. */
export function hostContract(options: HostContractOptions): readonly ContractCase[] {
  const withHost = (work: (host: Host) => Promise<void>) => async (): Promise<void> => {
    const { host, close } = await options.create();
    try {
      await work(host);
    } finally {
      await close?.();
    }
  };
  const cases: ContractCase[] = [
    {
      name: 'sleeps as long as it was told, by its own clock',
      run: withHost(async ({ clock }) => {
        const before = clock.now();
        await clock.sleep(20);
        // a timer of the platform may fire up to a millisecond early against the clock
        expectTrue(clock.now() - before >= 19, 'at least the time slept to have passed');
        await clock.sleep(0);
        await clock.sleep(-5);
      }),
    },
    {
      name: 'wakes a sleeper at once when cancelled, with the reason',
      run: withHost(async ({ clock }) => {
        const cancel = createCancelController();
        const sleeping = clock.sleep(3_600_000_000, cancel.signal);
        cancel.cancel();
        await expectRejection(sleeping, 'CANCELLED', 'the sleep');
        await expectRejection(clock.sleep(1, cancel.signal), 'CANCELLED', 'a sleep under a tripped signal');
      }),
    },
    {
      name: 'gives as many random bytes as asked, not the same twice',
      run: withHost(async (host) => {
        expectSame(host.random(0).length, 0, 'the length');
        expectSame(host.random(33).length, 33, 'the length');
        const first = toHex(host.random(16));
        expectTrue(first !== toHex(host.random(16)), 'two draws to differ');
      }),
    },
    {
      name: 'computes SHA-256',
      run: withHost(async (host) => {
        // FIPS 180-4 examples: the empty text, and "abc"
        const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
        const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
        expectSame(toHex(await host.sha256(new Uint8Array(0))), empty, 'the digest of nothing');
        expectSame(toHex(await host.sha256(encodeUtf8('abc'))), abc, 'the digest of abc');
        // a view into a larger buffer: only what is seen counts
        expectSame(toHex(await host.sha256(encodeUtf8('xabcx').subarray(1, 4))), abc, 'the digest of a view');
      }),
    },
    {
      name: 'takes log entries of every level without a complaint',
      run: withHost(async (host) => {
        for (const level of ['debug', 'info', 'warn', 'error'] as const) {
          host.log({ level, event: 'contract-checked', message: 'a message', data: { number: 1, list: [null, true] } });
        }
      }),
    },
    {
      name: 'knows that a credential is not set',
      run: withHost(async (host) => {
        expectSame(await host.hasCredential('contract-nobody'), false, 'the credential');
      }),
    },
  ];
  const { origin } = options;
  return origin === undefined ? cases : [...cases, ...httpCases(origin, withHost, options.showsRedirects ?? true)];
}

function httpCases(
  origin: () => string,
  withHost: (work: (host: Host) => Promise<void>) => () => Promise<void>,
  showsRedirects: boolean,
): ContractCase[] {
  return [
    {
      name: 'sends method, headers and body, and hands over the answer',
      run: withHost(async (host) => {
        const body = encodeUtf8('{"grüße":1}');
        const response = await host.http({
          method: 'POST',
          url: `${origin()}/echo`,
          headers: { 'x-custom': 'a' },
          body,
        });
        expectSame(response.status, 200, 'the status');
        expectSame(response.headers['x-answer'], 'yes', 'a header of the answer');
        const seen = JSON.parse(decodeUtf8(await collectBytes(response.body))) as Record<string, unknown>;
        expectSame(
          seen,
          { method: 'POST', length: String(body.length), custom: 'a', body: toHex(body) },
          'the request',
        );
      }),
    },
    {
      name: 'streams a body unchanged',
      run: withHost(async (host) => {
        const response = await host.http({ method: 'GET', url: `${origin()}/bytes` });
        const bytes = await collectBytes(response.body);
        expectSame(bytes.length, 300_000, 'the length');
        expectTrue(
          bytes.every((byte, index) => byte === index % 251),
          'every byte as sent',
        );
      }),
    },
    {
      name: 'gives a status of 400 and more as an answer',
      run: withHost(async (host) => {
        const response = await host.http({ method: 'GET', url: `${origin()}/teapot` });
        expectSame(response.status, 418, 'the status');
        expectSame(decodeUtf8(await collectBytes(response.body)), 'short and stout', 'the body');
      }),
    },
    {
      name: 'does not follow a redirect',
      run: withHost(async (host) => {
        const url = `${origin()}/redirect`;
        if (!showsRedirects) {
          await expectRejection(host.http({ method: 'GET', url }), 'URL_NOT_TRUSTED', 'a redirect nobody can look at');
          return;
        }
        const response = await host.http({ method: 'GET', url });
        expectSame(response.status, 302, 'the status');
        expectSame(response.headers.location, '/echo', 'the target');
        await collectBytes(response.body);
        await expectRejection(
          host.http({ method: 'GET', url, redirect: 'error' }),
          'NETWORK_FAILED',
          'a forbidden redirect',
        );
      }),
    },
    {
      name: 'refuses plain http to other machines, other schemes and names with passwords',
      run: withHost(async (host) => {
        for (const url of [
          'http://example.com/',
          'ftp://example.com/',
          'file:///etc/hostname',
          'https://a:b@example.com/',
        ]) {
          await expectRejection(host.http({ method: 'GET', url }), 'URL_NOT_TRUSTED', url);
        }
        await expectRejection(host.http({ method: 'GET', url: 'no address' }), 'INPUT_INVALID', 'no address');
      }),
    },
    {
      name: 'sends no request under a credential that may not go there',
      run: withHost(async (host) => {
        const credential = { name: 'contract-nobody', header: 'authorization' };
        await expectRejection(
          host.http({ method: 'GET', url: `${origin()}/echo`, credential }),
          'URL_NOT_TRUSTED',
          'a request with a foreign credential',
        );
      }),
    },
    {
      name: 'tells a broken connection from an end',
      run: withHost(async (host) => {
        const response = await host.http({ method: 'GET', url: `${origin()}/break` });
        await expectRejection(collectBytes(response.body), 'NETWORK_FAILED', 'a body that breaks off');
      }),
    },
    {
      name: 'cancels before, while waiting for the answer, and in the middle of the body',
      run: withHost(async (host) => {
        const before = createCancelController();
        before.cancel();
        await expectRejection(
          host.http({ method: 'GET', url: `${origin()}/echo` }, before.signal),
          'CANCELLED',
          'a request under a tripped signal',
        );

        const waiting = createCancelController();
        const silent = host.http({ method: 'GET', url: `${origin()}/silence` }, waiting.signal);
        void host.clock.sleep(20).then(() => waiting.cancel());
        await expectRejection(silent, 'CANCELLED', 'a request without an answer');

        const reading = createCancelController();
        const response = await host.http({ method: 'GET', url: `${origin()}/stall` }, reading.signal);
        const read = async (): Promise<void> => {
          for await (const chunk of response.body) if (chunk.length > 0) reading.cancel();
        };
        await expectRejection(read(), 'CANCELLED', 'a body without an end');
      }),
    },
    {
      name: 'lets a reader break off in the middle of a body',
      run: withHost(async (host) => {
        const response = await host.http({ method: 'GET', url: `${origin()}/stall` });
        for await (const chunk of response.body) {
          expectSame(decodeUtf8(chunk), 'first', 'the first chunk');
          break;
        }
      }),
    },
  ];
}
