import { type UnzipFileInfo, unzipSync } from 'fflate';
import { concatBytes } from '../../foundation/bytes.ts';
import { SdkError } from '../../foundation/errors.ts';

/** Largest archive, bytes. The engine's own limit for one result. */
const LARGEST_ARCHIVE_BYTES = 512 * 1024 * 1024;

/** More results than workers can make. */
const MOST_ENTRIES = 16;

/** Size of the end record and the longest comment behind it. @source APPNOTE.TXT §4.3.16 */
const END_RECORD = { bytes: 22, signature: 0x06054b50, longestComment: 0xffff } as const;

/** Method of an entry that is not compressed. */
const STORED = 0;

/**
 * Takes one result out of the archive of a task's successes, in the order in which they arrived.
 *
 * The archive is streamed without a length, and a gateway that fails in the middle just ends it, so its end record is what
 * says that it is whole. Entries are chosen by place; their names are not used for anything.
 *
 * @param index - From 0, the earliest success.
 * @returns Bytes of their own.
 * @throws {@link SdkError} `NETWORK_FAILED` for an archive that broke off, `ASSET_TOO_LARGE`, `ASSET_UNREADABLE` for one
 * that is not as the gateway makes it, `OPERATION_FAILED` where there are fewer results.
 */
export async function readCandidate(stream: AsyncIterable<Uint8Array>, index: number): Promise<Uint8Array> {
  const archive = await collectLimited(stream);
  if (!hasEndRecord(archive)) {
    throw new SdkError({ code: 'NETWORK_FAILED', message: 'The archive of results from 404-GEN broke off.' });
  }
  const entries: UnzipFileInfo[] = [];
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(archive, {
      filter: (entry) => {
        entries.push(entry);
        if (entries.length > MOST_ENTRIES) throw new Error('too many entries');
        return entries.length - 1 === index && entry.compression === STORED && entry.size === entry.originalSize;
      },
    });
  } catch (error) {
    throw unreadable(error);
  }
  if (index >= entries.length) {
    throw new SdkError({
      code: 'OPERATION_FAILED',
      message: `404-GEN made ${entries.length === 1 ? 'one result' : `${entries.length} results`} of this task.`,
      remedy: 'Nothing is lost; the other workers failed.',
    });
  }
  const bytes = Object.values(files)[0];
  if (bytes === undefined || bytes.length === 0 || bytes.length !== entries[index]?.originalSize) throw unreadable();
  return bytes;
}

async function collectLimited(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > LARGEST_ARCHIVE_BYTES) {
      throw new SdkError({
        code: 'ASSET_TOO_LARGE',
        message: `The archive of results from 404-GEN is larger than the limit of ${LARGEST_ARCHIVE_BYTES} bytes.`,
      });
    }
    chunks.push(chunk);
  }
  return concatBytes(chunks);
}

function hasEndRecord(archive: Uint8Array): boolean {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const last = archive.length - END_RECORD.bytes;
  for (let offset = last; offset >= Math.max(0, last - END_RECORD.longestComment); offset -= 1) {
    if (view.getUint32(offset, true) === END_RECORD.signature) return true;
  }
  return false;
}

function unreadable(cause?: unknown): SdkError {
  return new SdkError({
    code: 'ASSET_UNREADABLE',
    message: 'The archive of results from 404-GEN is damaged.',
    ...(cause === undefined ? {} : { cause }),
  });
}
