/** Tables for eight bytes at a time: entry k of table t is what byte k contributes with t bytes after it. */
function makeTables(): readonly Uint32Array[] {
  const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
  const [first] = tables as [Uint32Array];
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb88320;
    first[byte] = value;
  }
  for (let place = 1; place < 8; place += 1) {
    const before = tables[place - 1] as Uint32Array;
    for (let byte = 0; byte < 256; byte += 1) {
      const value = before[byte] as number;
      (tables[place] as Uint32Array)[byte] = (first[value & 255] as number) ^ (value >>> 8);
    }
  }
  return tables;
}

let tables: readonly Uint32Array[] | undefined;

/**
 * Checksum of gzip.
 *
 * Eight bytes a round: a checksum byte by byte would take as long as decompressing.
 *
 * @source RFC 1952 §8; Kounavis and Berry, A Systematic Approach to Building High Performance, Software-based, CRC
 * Generators, 2005.
 */
export function crc32(bytes: Uint8Array): number {
  tables ??= makeTables();
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  let sum = 0xffffffff;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    sum ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    sum =
      (t7[sum & 255] as number) ^
      (t6[(sum >>> 8) & 255] as number) ^
      (t5[(sum >>> 16) & 255] as number) ^
      (t4[sum >>> 24] as number) ^
      (t3[bytes[at + 4] as number] as number) ^
      (t2[bytes[at + 5] as number] as number) ^
      (t1[bytes[at + 6] as number] as number) ^
      (t0[bytes[at + 7] as number] as number);
  }
  for (; at < bytes.length; at += 1) sum = (t0[(sum ^ (bytes[at] as number)) & 255] as number) ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
