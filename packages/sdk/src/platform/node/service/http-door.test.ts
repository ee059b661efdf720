import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { createMemoryHost } from '../../../testing/memory-host.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createAssetLinks } from './asset-links.ts';
import { DOOR_LIMITS } from './door-limits.ts';
import { type HttpDoor, openHttpDoor } from './http-door.ts';
import { logRefusals } from './log-refusals.ts';
import type { StaticFiles } from './static-files.ts';

let door: HttpDoor | undefined;

afterEach(() => door?.close('the test is over'));

async function open(files: Pick<StaticFiles, 'get'>) {
  const host = createMemoryHost();
  door = await openHttpDoor({
    port: 0,
    limits: DOOR_LIMITS,
    tokens: createAccessTokens(),
    links: createAssetLinks(DOOR_LIMITS),
    files: files as StaticFiles,
    attach: (transport) => transport.close(),
    onRefused: logRefusals(host),
  });
  return { url: door.url, logs: host.logEntries };
}

/** Node's own server behind an address. */
async function serverAt(url: string): Promise<Server> {
  const channel = 'http.server.request.start';
  let server: Server | undefined;
  const onRequest = (message: unknown): void => {
    server = (message as { server: Server }).server;
  };
  subscribe(channel, onRequest);
  await (await fetch(url)).text();
  unsubscribe(channel, onRequest);
  return server as Server;
}

it('writes what went wrong on this side to the log, and tells it to nobody else', async () => {
  const { url, logs } = await open({
    get: () => {
      throw new Error('a sentence about the inside');
    },
  });
  const answer = await fetch(url);
  expect(answer.status).toBe(500);
  expect(await answer.text()).toBe('Something went wrong; see the log.\n');
  expect(logs).toEqual([
    {
      level: 'error',
      event: 'request-failed',
      message: 'Something went wrong; see the log.',
      data: { status: 500, cause: 'Error: a sentence about the inside' },
    },
  ]);
});

it('goes on after connections that the machine could not accept', async () => {
  const { url, logs } = await open(new Map([['/', { mediaType: 'text/plain', content: 'here' }]]));
  const server = await serverAt(url);
  for (let count = 0; count < 3; count += 1) server.emit('error', new Error('accept EMFILE'));
  expect(await (await fetch(url)).text()).toBe('here');
  expect(logs.map(({ event, data }) => [event, data?.cause])).toEqual(
    Array.from({ length: 3 }, () => ['request-failed', 'Error: accept EMFILE']),
  );
});
