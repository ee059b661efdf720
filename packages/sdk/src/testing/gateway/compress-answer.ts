import type { GatewayAnswer } from './gateway-messages.ts';
import { nodeModule } from './node-modules.ts';

/** Bodies that are sent with their length are left alone below this. */
const LEAST_BYTES = 1024;

const TEXT_LIKE = /^(?:text\/|application\/(?:json|javascript|xml|wasm)|image\/svg)/;

/**
 * The answer as the gateway compresses it: text, where the client takes Zstandard or gzip. Files are never compressed.
 *
 * @param accepted - Value of `accept-encoding`.
 * @source gateway-rs src/http3/server.rs (`force_priority`, zstd first); salvo crates/compression
 */
export function compressAnswer(answer: GatewayAnswer, accepted: string | readonly string[] | undefined): GatewayAnswer {
  const { body, headers } = answer;
  if (!(body instanceof Uint8Array) || !TEXT_LIKE.test(headers['content-type'] ?? '')) return answer;
  if (headers['content-length'] !== undefined && body.length < LEAST_BYTES) return answer;
  const { zstdCompressSync, gzipSync } = nodeModule('node:zlib');
  const names = String(accepted ?? '')
    .split(',')
    .map((item) => (item.split(';')[0] ?? '').trim());
  const encoding =
    names.includes('zstd') && zstdCompressSync !== undefined ? 'zstd' : names.includes('gzip') ? 'gzip' : '';
  if (encoding === '') return answer;
  const { 'content-length': _, ...rest } = headers;
  const packed = encoding === 'zstd' && zstdCompressSync !== undefined ? zstdCompressSync(body) : gzipSync(body);
  return { ...answer, headers: { ...rest, 'content-encoding': encoding }, body: packed };
}
