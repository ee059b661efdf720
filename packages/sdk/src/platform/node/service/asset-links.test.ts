import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAssetLinks } from './asset-links.ts';
import { DOOR_LIMITS } from './door-limits.ts';

const BYTES = 64 * 1024 * 1024;

it('breaks off where the file gets shorter while it is sent, and the link stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'maquette-links-'));
  const path = join(folder, 'lod0.glb');
  writeFileSync(path, new Uint8Array(BYTES));
  const links = createAssetLinks(DOOR_LIMITS);
  const secret = links.issue(folder, { name: 'lod0.glb', bytes: BYTES, mediaType: 'model/gltf-binary' }).path.slice(7);
  // a connection that is kept tells its client nothing of an end
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void links.serve(secret, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const answer = await new Promise<IncomingMessage>((resolve) => get({ host: '127.0.0.1', port }, resolve));
    truncateSync(path, BYTES / 2);
    let received = 0;
    answer.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => answer.on('error', resolve));
    expect(error.code).toBe('ECONNRESET');
    expect(received).toBeLessThan(BYTES);
    expect(links.isGood(secret)).toBe(true);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  }
});
