/** Bytes of a file, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const SINGLE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * What a `Range` header asks for: one range, `all` where the whole file is to be sent, or `impossible` for a range outside
 * the file. Several ranges in one header are not served; the whole file is a proper answer to them.
 *
 * @source RFC 9110 §14.1 and §14.2.
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | 'all' | 'impossible' {
  const parts = header === undefined ? null : SINGLE.exec(header);
  if (parts === null) return 'all';
  const [, first = '', last = ''] = parts;
  if (first === '' && last === '') return 'all';
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? 'impossible' : { start: sizeBytes - length, end: sizeBytes - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'all'; // no valid range, hence none
  if (start >= sizeBytes) return 'impossible';
  return { start, end: last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1) };
}

/** Which bytes of a file have been sent, in however many pieces. */
export interface Coverage {
  /** Adds bytes that were sent. */
  add(range: ByteRange): void;
  readonly isWhole: boolean;
}

/** Keeps ranges apart that do not touch; a file that comes in order is one range. */
export function createCoverage(sizeBytes: number): Coverage {
  let ranges: ByteRange[] = [];
  return {
    add({ start, end }) {
      let merged = { start, end };
      const apart: ByteRange[] = [];
      for (const range of ranges) {
        if (range.end < merged.start - 1 || range.start > merged.end + 1) apart.push(range);
        else merged = { start: Math.min(range.start, merged.start), end: Math.max(range.end, merged.end) };
      }
      ranges = [...apart, merged];
    },
    get isWhole() {
      const [only] = ranges;
      return sizeBytes === 0 || (ranges.length === 1 && only?.start === 0 && only.end >= sizeBytes - 1);
    },
  };
}
