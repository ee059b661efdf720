import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { DOOR_LIMITS } from '../../src/platform/node/service/door-limits.ts';
import { createSocketTransport } from '../../src/platform/node/service/socket-transport.ts';
import type { Transport } from '../../src/protocol/transport.ts';
import { transportContract } from '../../src/testing/transport-contract.ts';

let server: WebSocketServer;

beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
});

afterAll(() => server.close());

async function createPair(): Promise<readonly [Transport, Transport]> {
  const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  const { port } = server.address() as { port: number };
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const left = createSocketTransport(client, DOOR_LIMITS);
  await new Promise((resolve) => client.once('open', resolve));
  return [left, createSocketTransport(await accepted, DOOR_LIMITS)];
}

describe('a WebSocket', () => {
  for (const { name, run } of transportContract({ createPair, settle: () => sleep(30) })) it(name, run);
});
