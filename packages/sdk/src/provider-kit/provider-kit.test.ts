import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { collectBytes, encodeUtf8 } from '../foundation/bytes.ts';
import { createCancelController } from '../foundation/cancel.ts';
import { SdkError } from '../foundation/errors.ts';
import type { HttpResponse } from '../foundation/http.ts';
import type { CallContext } from '../provider/provider.ts';
import { createMemoryHost, createScriptedHttp, type ScriptedExchange } from '../testing/memory-host.ts';
import { downloadOffer } from './download-offer.ts';
import { codeOfStatus, retryAfterMs } from './http-errors.ts';
import { excerpt, redactSecrets } from './redact.ts';
import { sendJson } from './send-json.ts';

const OFFER = { id: 'main', kind: 'mesh' } as const;

function open(exchanges: readonly ScriptedExchange[], trustedOrigins: readonly string[] = []) {
  const host = createMemoryHost({ http: createScriptedHttp(exchanges), credentials: ['parrot'] });
  return { host, context: { http: host.http, signal: createCancelController().signal, trustedOrigins } };
}

function redirect(from: string, to: string, status = 302): ScriptedExchange {
  return { method: 'GET', url: from, answer: { status, headers: { location: to } } };
}

function file(url: string, headers: Record<string, string> = {}): ScriptedExchange {
  return { method: 'GET', url, answer: { status: 200, headers, body: [Uint8Array.of(1, 2), Uint8Array.of(3)] } };
}

async function download(
  exchanges: readonly ScriptedExchange[],
  url: string,
  trustedOrigins: readonly string[] = [],
  more: object = {},
) {
  const { host, context } = open(exchanges, trustedOrigins);
  const bytes = await collectBytes(await downloadOffer({ ...OFFER, url, ...more }, context));
  return { bytes, requests: host.requests };
}

describe('downloadOffer', () => {
  it('brings a file, following redirects one by one', async () => {
    const { bytes, requests } = await download(
      [
        redirect('https://a.example/1', '/2', 301),
        redirect('https://a.example/2', 'https://b.example/3', 307),
        file('https://b.example/3'),
      ],
      'https://a.example/1',
    );
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
    expect(requests.every((request) => request.redirect === 'manual')).toBe(true);
  });

  it.each([
    ['plain http', 'http://a.example/x', []],
    ['a private address', 'https://192.168.0.1/x', []],
    ['the metadata service', 'https://169.254.169.254/latest/meta-data', []],
    ['another port of a configured host', 'http://127.0.0.1:81/x', ['http://127.0.0.1:80']],
    ['plain http of an origin configured with https', 'http://a.example/x', ['https://a.example']],
  ])('refuses %s without sending anything', async (_name, url, trusted) => {
    const { host, context } = open([], trusted);
    await expect(downloadOffer({ ...OFFER, url }, context)).rejects.toMatchObject({ code: 'URL_NOT_TRUSTED' });
    expect(host.requests).toEqual([]);
  });

  it.each([
    ['into a private network', 'https://10.0.0.1/x'],
    ['to this machine', 'https://localhost/x'],
    ['to plain http', 'http://a.example/x'],
    ['to another scheme', 'file:///etc/passwd'],
    ['to a hidden host', 'https://a.example@evil.example/'],
  ])('refuses a redirect %s', async (_name, target) => {
    await expect(download([redirect('https://a.example/1', target)], 'https://a.example/1')).rejects.toMatchObject({
      code: 'URL_NOT_TRUSTED',
    });
  });

  it('gives up after five redirects', async () => {
    const loop = { ...redirect('https://a.example/1', 'https://a.example/1'), times: 99 };
    await expect(download([loop], 'https://a.example/1')).rejects.toMatchObject({
      code: 'URL_NOT_TRUSTED',
      message: expect.stringContaining('5 times'),
    });
  });

  it('trusts what the user configured, however it is written', async () => {
    for (const [url, trusted] of [
      ['http://127.0.0.1:8080/x', 'http://127.0.0.1:8080'],
      ['http://[::1]:8080/x', 'http://[0:0:0:0:0:0:0:1]:8080/'],
    ] as const) {
      const { host, context } = open([{ ...file(''), url: () => true }], [trusted]);
      await collectBytes(await downloadOffer({ ...OFFER, url }, context));
      expect(host.requests).toHaveLength(1);
    }
  });

  it('sends the credential to configured origins only, and own headers only where they belong', async () => {
    const more = { credential: { name: 'parrot', header: 'x-api-key' }, headers: { 'x-ticket': '1' } };
    const { requests } = await download(
      [
        redirect('https://api.example/1', 'https://cdn.example/2'),
        redirect('https://cdn.example/2', 'https://api.example/3'),
        file('https://api.example/3'),
      ],
      'https://api.example/1',
      ['https://api.example'],
      more,
    );
    expect(requests.map((request) => [request.credential?.name, request.headers?.['x-ticket']])).toEqual([
      ['parrot', '1'],
      [undefined, undefined],
      ['parrot', '1'],
    ]);
    const stranger = await download([file('https://api.example/1')], 'https://api.example/1', [], more);
    expect(stranger.requests[0]?.credential).toBeUndefined();
  });

  it.each([
    [403, 'OPERATION_EXPIRED'],
    [404, 'OPERATION_EXPIRED'],
    [410, 'OPERATION_EXPIRED'],
    [400, 'OPERATION_EXPIRED'],
    [429, 'RATE_LIMITED'],
    [500, 'PROVIDER_UNAVAILABLE'],
    [503, 'PROVIDER_UNAVAILABLE'],
    [206, 'PROVIDER_PROTOCOL'],
    [302, 'PROVIDER_PROTOCOL'],
  ])('takes %i as %s', async (status, code) => {
    const exchange: ScriptedExchange = { method: 'GET', url: 'https://a.example/1', answer: { status } };
    await expect(download([exchange], 'https://a.example/1')).rejects.toMatchObject({ code, details: { status } });
  });

  it('notices a body that is shorter than it was declared', async () => {
    await expect(
      download([file('https://a.example/1', { 'content-length': '4' })], 'https://a.example/1'),
    ).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
    await download([file('https://a.example/1', { 'content-length': '3' })], 'https://a.example/1');
    await download(
      [file('https://a.example/1', { 'content-length': '9', 'content-encoding': 'gzip' })],
      'https://a.example/1',
    );
  });
});

describe('redaction', () => {
  const SECRETS = [
    'Authorization: Bearer abcdef123456',
    '{"api_key":"short1"}',
    "x-api-key = 'tsk_abcdefghijkl'",
    'https://a.example/x?X-Amz-Signature=deadbeef0123&y=1',
    'https://a.example/x?token=abc123&y=1',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
    'key 9f8b7c6d-1a2b-4c3d-8e9f-0a1b2c3d4e5f is wrong',
    'sk-live-0123456789abcdef',
    'msy_0123456789abcdef',
    '0123456789abcdef0123456789abcdef',
  ];

  it.each(SECRETS)('takes the secret out of %s', (text) => {
    const clean = redactSecrets(text);
    expect(clean).toContain('[redacted]');
    for (const secret of [
      'abcdef123456',
      'short1',
      'tsk_abc',
      'deadbeef0123',
      'abc123',
      'eyJ',
      '9f8b7c6d',
      'sk-live',
      'msy_',
      '0123456789abcdef',
    ]) {
      expect(clean).not.toContain(secret);
    }
  });

  it.each([
    'Prompt is too short: minimum length is 3 characters (got 2)',
    "Invalid value 'x'. Expected one of: 404-3dgs, 404-mesh, 404-mesh-v2",
    'Service unavailable: Task queue is full',
    'The token has run out',
  ])('leaves ordinary sentences alone: %s', (text) => {
    expect(redactSecrets(text)).toBe(text);
  });

  it.each([
    'c0ffee42-1dea-4bad-9f00-5ca1ab1e0d0e',
    'C0FFEE42%2D1DEA%2d4BAD%2D9F00%2d5CA1AB1E0D0E',
    '%63%30%66%66%65%65%34%32%2d%31%64%65%61',
    'YzBmZmVlNDItMWRlYS00YmFkLTlmMDAtNWNhMWFiMWUwZDBl',
  ])('takes a key out however it is written down: %s', (key) => {
    expect(redactSecrets(`The header (${key}) is in use`)).toBe('The header ([redacted]) is in use');
  });

  it('cuts after redacting, so that half a key does not get through', () => {
    const text = `${'word '.repeat(38)}sk-live-0123456789abcdef0123456789`;
    expect(excerpt(text, 200)).not.toContain('sk-live');
    expect(excerpt('a\n\n  b\tc')).toBe('a b c');
    expect(excerpt('x'.repeat(30), 10)).toBe(`${'x'.repeat(10)}…`);
  });
});

describe('answers that are no success', () => {
  it.each([
    [400, 'INPUT_INVALID'],
    [401, 'AUTH_REJECTED'],
    [402, 'PAYMENT_REQUIRED'],
    [404, 'OPERATION_EXPIRED'],
    [418, 'PROVIDER_PROTOCOL'],
    [429, 'RATE_LIMITED'],
    [451, 'INPUT_REJECTED'],
    [500, 'PROVIDER_UNAVAILABLE'],
    [503, 'PROVIDER_UNAVAILABLE'],
    [599, 'PROVIDER_UNAVAILABLE'],
    [304, 'PROVIDER_PROTOCOL'],
  ])('%i means %s', (status, code) => {
    expect(codeOfStatus(status)).toBe(code);
  });

  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Wed, 21 Oct 2015 07:28:10 GMT', 10_000],
    ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['1e9', undefined],
  ])('a wait of %j is %s ms', (header, waitMs) => {
    const response = { status: 429, headers: { 'retry-after': header } } as unknown as HttpResponse;
    expect(retryAfterMs(response, Date.parse('Wed, 21 Oct 2015 07:28:00 GMT'))).toBe(waitMs);
  });
});

describe('sendJson', () => {
  const schema = z.looseObject({ id: z.string() });
  const contextOf = (exchanges: readonly ScriptedExchange[]) => {
    const host = createMemoryHost({ http: createScriptedHttp(exchanges) });
    const context = {
      http: host.http,
      signal: createCancelController().signal,
      now: host.clock.now,
    } as unknown as CallContext;
    return { host, context };
  };
  const broken = new SdkError({ code: 'NETWORK_FAILED', message: 'broken' });
  const good = { status: 200, body: encodeUtf8('{"id":"1","more":2}') };

  it('sends JSON and passes on members it does not check', async () => {
    const { host, context } = contextOf([{ method: 'POST', url: 'https://a.example/', answer: good }]);
    const answer = await sendJson(
      { provider: 'P', method: 'POST', url: 'https://a.example/', body: { x: 1 }, schema },
      context,
    );
    expect(answer).toEqual({ id: '1', more: 2 });
    expect(host.requests[0]).toMatchObject({
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: encodeUtf8('{"x":1}'),
    });
  });

  it('repeats a GET once, at once, and nothing else ever', async () => {
    const get = contextOf([
      { method: 'GET', url: 'https://a.example/', answer: broken },
      { method: 'GET', url: 'https://a.example/', answer: good },
    ]);
    expect((await sendJson({ provider: 'P', method: 'GET', url: 'https://a.example/', schema }, get.context)).id).toBe(
      '1',
    );
    const dead = contextOf([{ method: 'GET', url: 'https://a.example/', answer: broken, times: 9 }]);
    await expect(
      sendJson({ provider: 'P', method: 'GET', url: 'https://a.example/', schema }, dead.context),
    ).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
    expect(dead.host.requests).toHaveLength(2);
    for (const method of ['POST', 'DELETE'] as const) {
      const { host, context } = contextOf([{ method, url: 'https://a.example/', answer: broken, times: 9 }]);
      await expect(
        sendJson({ provider: 'P', method, url: 'https://a.example/', schema }, context),
      ).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
      expect(host.requests).toHaveLength(1);
    }
  });

  it('does not repeat a GET that was answered with a failure: waiting is the engine’s work', async () => {
    const { host, context } = contextOf([
      { method: 'GET', url: 'https://a.example/', answer: { status: 503 }, times: 9 },
    ]);
    await expect(
      sendJson({ provider: 'P', method: 'GET', url: 'https://a.example/', schema }, context),
    ).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    expect(host.requests).toHaveLength(1);
  });

  it('lets an adapter map a failure by its body first', async () => {
    const { context } = contextOf([
      {
        method: 'POST',
        url: 'https://a.example/',
        answer: { status: 429, body: encodeUtf8('{"error":"concurrent_limit"}') },
      },
    ]);
    const mapError = (_response: HttpResponse, body: string) =>
      body.includes('concurrent_limit') ? new SdkError({ code: 'QUEUE_FULL', message: 'full' }) : undefined;
    await expect(
      sendJson(
        { provider: 'P', method: 'POST', url: 'https://a.example/', schema, startsTask: true, mapError },
        context,
      ),
    ).rejects.toMatchObject({ code: 'QUEUE_FULL' });
  });

  it('reads no endless answer', async () => {
    async function* endless() {
      for (;;) yield new Uint8Array(1024 * 1024);
    }
    const { context } = contextOf([
      { method: 'GET', url: 'https://a.example/', answer: { status: 200, body: endless() } },
    ]);
    await expect(
      sendJson({ provider: 'P', method: 'GET', url: 'https://a.example/', schema }, context),
    ).rejects.toMatchObject({ code: 'PROVIDER_PROTOCOL' });
  });
});
