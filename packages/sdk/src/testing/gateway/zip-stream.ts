import { Zip, ZipPassThrough } from 'fflate';

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Makes the content when its turn comes. What it throws ends the archive there: whoever reads it misses the end record. */
  readonly read: () => Promise<Uint8Array>;
}

/** An archive of stored files as a stream, each made when those before it were taken. */
export async function* zipStream(entries: readonly ZipEntry[]): AsyncGenerator<Uint8Array> {
  let chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    chunks.push(chunk);
  });
  for (const { name, read } of entries) {
    let content: Uint8Array;
    try {
      content = await read();
    } catch {
      return;
    }
    const file = new ZipPassThrough(name);
    // a fixed date, so that the same results give the same bytes
    file.mtime = ZIP_EPOCH;
    zip.add(file);
    file.push(content, true);
    yield* chunks;
    chunks = [];
  }
  zip.end();
  yield* chunks;
}

const ZIP_EPOCH = '1980-01-01T00:00:00';
