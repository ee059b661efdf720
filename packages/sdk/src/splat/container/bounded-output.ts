import { tooLarge, unreadable } from '../splat-errors.ts';

const FIRST_CAPACITY = 64 * 1024;

/** What a decompressor may produce. */
export interface OutputBounds {
  /** Bytes from which the size can be told. */
  readonly headBytes: number;
  /** Size of everything, told from its first {@link headBytes} bytes. Throws if they are not what is expected. */
  sizeOf(head: Uint8Array): number;
  /** Size at which to stop whatever the content says. */
  readonly maxBytes: number;
}

/**
 * Collects what comes out of a decompressor and stops it as soon as it is more than its own beginning declares.
 *
 * Grows with what arrives, so that a small file that promises much does not get the memory for it.
 */
export class BoundedOutput {
  readonly #bounds: OutputBounds;
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #length = 0;
  #size: number | undefined;

  constructor(bounds: OutputBounds) {
    this.#bounds = bounds;
  }

  /** Bytes collected so far. */
  get length(): number {
    return this.#length;
  }

  /** The buffer, with room for `count` bytes after those collected. Valid until the next call. */
  room(count: number): Uint8Array {
    const needed = this.#length + count;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, Math.min(2 * this.#bytes.length, this.#size ?? Infinity)));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    return this.#bytes;
  }

  /** Counts bytes in that were written into {@link room}. */
  advance(count: number): void {
    this.#length += count;
    this.#size ??= this.#measure();
    const limit = this.#size ?? this.#bounds.maxBytes;
    if (this.#length > limit) throw unreadable('The compressed file holds more than it declares.');
  }

  /** Adds a copy of `chunk`. */
  append(chunk: Uint8Array): void {
    this.room(chunk.length).set(chunk, this.#length);
    this.advance(chunk.length);
  }

  /** Everything, if it is exactly as much as was declared. */
  finish(): Uint8Array {
    if (this.#size === undefined || this.#length < this.#size) {
      throw unreadable('The compressed file holds less than it declares.', 'Download or export the file again.');
    }
    return this.#bytes.subarray(0, this.#length);
  }

  #measure(): number | undefined {
    if (this.#length < this.#bounds.headBytes) return undefined;
    const size = this.#bounds.sizeOf(this.#bytes.subarray(0, this.#bounds.headBytes));
    if (size > this.#bounds.maxBytes) {
      throw tooLarge(`The file takes ${size} bytes decompressed; at most ${this.#bounds.maxBytes} are read.`);
    }
    return size;
  }
}
