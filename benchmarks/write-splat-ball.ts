/** Degree of the spherical harmonics, and how many numbers they are for each of three colours. */
const HARMONICS = 15;

/**
 * A ball of gaussians like those of a scan, flat, small and most of them opaque, as a PLY with the 62 properties of the
 * reference implementation. Always the same bytes.
 */
export function writeSplatBall(count: number): Uint8Array {
  const names = [
    ...['x', 'y', 'z', 'nx', 'ny', 'nz', 'f_dc_0', 'f_dc_1', 'f_dc_2'],
    ...Array.from({ length: 3 * HARMONICS }, (_, place) => `f_rest_${place}`),
    ...['opacity', 'scale_0', 'scale_1', 'scale_2', 'rot_0', 'rot_1', 'rot_2', 'rot_3'],
  ];
  const header = Buffer.from(
    [
      ...['ply', 'format binary_little_endian 1.0', `element vertex ${count}`],
      ...names.map((name) => `property float ${name}`),
      'end_header\n',
    ].join('\n'),
  );
  const random = createRandom(404);
  const size = Math.log(4 / Math.sqrt(count));
  const bytes = Buffer.alloc(header.length + 4 * names.length * count);
  let at = header.copy(bytes);
  const write = (value: number): void => {
    at = bytes.writeFloatLE(value, at);
  };
  for (let index = 0; index < count; index += 1) {
    const height = 2 * random() - 1;
    const angle = 2 * Math.PI * random();
    const radius = Math.sqrt(1 - height * height);
    for (const value of [radius * Math.cos(angle), height, radius * Math.sin(angle), 0, 0, 0]) write(value);
    for (let place = 0; place < 3 + 3 * HARMONICS; place += 1) write((2 * random() - 1) * (place < 3 ? 1.5 : 0.2));
    write(4 * random() - 1);
    for (const flatness of [0, 0, -2]) write(size + flatness + 0.6 * (random() - 0.5));
    for (let place = 0; place < 4; place += 1) write(random() - 0.5);
  }
  return bytes;
}

/** Numbers in [0, 1). @source mulberry32, Tommy Ettinger, public domain */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
