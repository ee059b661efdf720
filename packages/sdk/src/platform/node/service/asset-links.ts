import { constants, realpathSync } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SdkError } from '../../../foundation/errors.ts';
import type { AssetFile } from '../../../service/service.ts';
import { type ByteRange, type Coverage, createCoverage, parseRange } from './byte-range.ts';
import type { DoorLimits } from './door-limits.ts';
import { createOneTimeSecrets } from './one-time-secrets.ts';
import { Refusal, SECURITY_HEADERS } from './refusal.ts';

/** Links that nobody has used up yet. */
const MOST_LINKS = 10_000;
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** Links for downloads, each good for one file, once. */
export interface AssetLinks {
  /** The path of a link, and when it ends, milliseconds since the epoch. `ASSET_UNREADABLE` where there is no folder. */
  issue(folder: string, file: AssetFile): { readonly path: string; readonly expiresAt: number };
  /** True while a link has not ended. */
  isGood(secret: string): boolean;
  /**
   * Serves `GET` and `HEAD`, ranges included. The link ends when every byte was sent; until then a download that broke can
   * go on.
   *
   * @throws {@link Refusal}
   */
  serve(secret: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

interface Link {
  readonly folder: string;
  readonly file: AssetFile;
  readonly sent: Coverage;
}

/** @param now - Milliseconds since the epoch. */
export function createAssetLinks(limits: DoorLimits, now: () => number = Date.now): AssetLinks {
  const links = createOneTimeSecrets<Link>(limits.assetLinkMs, MOST_LINKS, now);
  return {
    issue(folder, file) {
      const link: Link = { folder: realFolder(folder), file, sent: createCoverage(file.bytes) };
      const { secret, expiresAt } = links.issue(link);
      return { path: `/asset/${secret}`, expiresAt };
    },
    isGood: (secret) => links.find(secret) !== undefined,
    async serve(secret, request, response) {
      const link = links.find(secret);
      if (link === undefined) throw new Refusal(404, 'This link has ended, or never was; ask for a new one.');
      const file = await openInside(link);
      try {
        const range = rangeOf(request, link);
        response.writeHead(range === 'all' ? 200 : 206, headersOf(link, range));
        if (request.method === 'HEAD') {
          response.end();
          return;
        }
        response.setTimeout(limits.stalledMs, () => response.destroy());
        await sendBytes(file, range === 'all' ? { start: 0, end: link.file.bytes - 1 } : range, link.sent, response);
        if (link.sent.isWhole) links.end(secret);
      } finally {
        await file.close().catch(() => undefined); // the stream may have closed it
      }
    },
  };
}

function realFolder(folder: string): string {
  try {
    // the system's own, as `openInside` compares with: on Windows the other one keeps short names and letter case
    return realpathSync.native(folder);
  } catch (error) {
    throw new SdkError({ code: 'ASSET_UNREADABLE', message: `The folder ${folder} cannot be found.`, cause: error });
  }
}

/** Opens the file of a link, if it is still the one the link was made for and lies where it did. */
async function openInside({ folder, file }: Link): Promise<FileHandle> {
  const gone = new Refusal(410, 'The file has gone, or is no longer the one this link was made for.');
  if (!FILE_NAME.test(file.name)) throw gone;
  const path = join(folder, file.name);
  let handle: FileHandle | undefined;
  try {
    // a link in the file system may lead out of the folder; Windows has no flag for it, hence both
    if ((await realpath(folder)) !== folder || !(await lstat(path)).isFile()) throw gone;
    handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const facts = await handle.stat();
    if (!facts.isFile() || facts.size !== file.bytes) throw gone;
    return handle;
  } catch {
    await handle?.close();
    throw gone;
  }
}

function rangeOf(request: IncomingMessage, { file }: Link): ByteRange | 'all' {
  const condition = request.headers['if-range'];
  const isSame = condition === undefined || condition === tagOf(file);
  const range = isSame ? parseRange(request.headers.range, file.bytes) : 'all';
  if (range === 'impossible') {
    throw new Refusal(416, `The file has ${file.bytes} bytes.`, { 'Content-Range': `bytes */${file.bytes}` });
  }
  return range;
}

function headersOf({ file }: Link, range: ByteRange | 'all'): Record<string, string | number> {
  const tag = tagOf(file);
  return {
    ...SECURITY_HEADERS,
    'Content-Type': file.mediaType,
    'Content-Disposition': `attachment; filename="${file.name}"`,
    'Content-Length': range === 'all' ? file.bytes : range.end - range.start + 1,
    'Accept-Ranges': 'bytes',
    ...(tag === undefined ? {} : { ETag: tag }),
    ...(range === 'all' ? {} : { 'Content-Range': `bytes ${range.start}-${range.end}/${file.bytes}` }),
  };
}

function tagOf(file: AssetFile): string | undefined {
  return file.digest === undefined ? undefined : `"${file.digest}"`;
}

/** Sends bytes as fast as they are taken, and notes how many went, also where the connection breaks. */
async function sendBytes(file: FileHandle, range: ByteRange, sent: Coverage, response: ServerResponse): Promise<void> {
  if (range.end < range.start) {
    response.end();
    return;
  }
  const { socket } = response; // which a response that is finished has no more
  const content = file.createReadStream({ ...range, autoClose: false });
  const isDone = await pipeline(content, response).then(
    () => true,
    () => false, // they went away; the rest of the link's time is theirs to go on
  );
  const asked = range.end - range.start + 1;
  // a file that got shorter meanwhile leaves its reader waiting for the rest, unless the connection ends
  if (isDone && content.bytesRead < asked) socket?.destroy();
  const count = isDone ? content.bytesRead : Math.max(0, content.bytesRead - response.writableLength);
  if (count > 0) sent.add({ start: range.start, end: range.start + count - 1 });
}
