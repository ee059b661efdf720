/**
 * Seeded noise over its own integer hash: the same values on every engine.
 *
 * Functions named `tile…` repeat after `period` cells in both directions, for textures; the others never repeat.
 */

/** Well-mixed 32 bits of three whole numbers and a seed. @source finaliser of MurmurHash3 (Austin Appleby) */
export function hashCell(x: number, y: number, z: number, seed: number): number {
  let hash =
    Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(z, 0x9e3779b1) ^ Math.imul(seed | 0, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** One random number per cell, [0, 1). */
export function cellValue(x: number, y: number, z: number, seed: number): number {
  return hashCell(x, y, z, seed) / 4294967296;
}

function fade(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10);
}

function gradient3(hash: number, x: number, y: number, z: number): number {
  // The twelve edge directions of a cube, four of them twice. @source Perlin, "Improving Noise", 2002
  const h = hash & 15;
  const u = h < 8 ? x : y;
  const v = h < 4 ? y : h === 12 || h === 14 ? x : z;
  return ((h & 1) === 0 ? u : -u) + ((h & 2) === 0 ? v : -v);
}

/** Gradient noise in space, about [-1, 1], features about one unit wide. */
export function noise3(x: number, y: number, z: number, seed: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const iz = Math.floor(z);
  const fx = x - ix;
  const fy = y - iy;
  const fz = z - iz;
  const u = fade(fx);
  const v = fade(fy);
  const w = fade(fz);
  const g = (dx: number, dy: number, dz: number): number =>
    gradient3(hashCell(ix + dx, iy + dy, iz + dz, seed), fx - dx, fy - dy, fz - dz);
  const near = lerp(lerp(g(0, 0, 0), g(1, 0, 0), u), lerp(g(0, 1, 0), g(1, 1, 0), u), v);
  const far = lerp(lerp(g(0, 0, 1), g(1, 0, 1), u), lerp(g(0, 1, 1), g(1, 1, 1), u), v);
  return lerp(near, far, w);
}

/** Sum of `octaves` of {@link noise3}, each twice as fine and half as strong; about [-1, 1]. */
export function fbm3(x: number, y: number, z: number, octaves: number, seed: number): number {
  let sum = 0;
  let strength = 0.5;
  let scale = 1;
  for (let octave = 0; octave < octaves; octave += 1) {
    sum += strength * noise3(x * scale, y * scale, z * scale, seed + octave);
    strength *= 0.5;
    scale *= 2;
  }
  return sum * 1.6;
}

function lerp(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

function wrap(value: number, period: number): number {
  return value - period * Math.floor(value / period);
}

function gradient2(hash: number, x: number, y: number): number {
  const h = hash & 7;
  const u = h < 4 ? x : y;
  const v = h < 4 ? y : x;
  return ((h & 1) === 0 ? u : -u) + ((h & 2) === 0 ? 0.5 * v : -0.5 * v);
}

// Hashes of the lattices in use. A painter asks for the same few lattices at every pixel; in an engine without a
// compiler, looking a hash up halves the time of a texture (sword in QuickJS-ng: 10.2 s before, 5.3 s after).
const lattices = new Map<number, Uint32Array>();
const LATTICE_LIMIT = 512;

function latticeOf(periodX: number, periodY: number, layer: 0 | 1, seed: number): Uint32Array {
  const key = ((seed * 1024 + periodX) * 1024 + periodY) * 2 + layer;
  const known = lattices.get(key);
  if (known !== undefined) return known;
  const lattice = new Uint32Array(periodX * periodY);
  for (let y = 0; y < periodY; y += 1) {
    for (let x = 0; x < periodX; x += 1) lattice[y * periodX + x] = hashCell(x, y, layer, seed);
  }
  if (lattices.size >= LATTICE_LIMIT) lattices.clear();
  lattices.set(key, lattice);
  return lattice;
}

/** Gradient noise in the plane, about [-1, 1], repeating after `periodX` by `periodY` cells (whole numbers below 1024). */
export function tileNoise(x: number, y: number, periodX: number, periodY: number, seed: number): number {
  const lattice = latticeOf(periodX, periodY, 0, seed);
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = x - ix;
  const fy = y - iy;
  const x0 = wrap(ix, periodX);
  const x1 = x0 + 1 === periodX ? 0 : x0 + 1;
  const y0 = wrap(iy, periodY);
  const row0 = y0 * periodX;
  const row1 = y0 + 1 === periodY ? 0 : row0 + periodX;
  const u = fade(fx);
  const top = lerp(
    gradient2(lattice[row0 + x0] as number, fx, fy),
    gradient2(lattice[row0 + x1] as number, fx - 1, fy),
    u,
  );
  const low = lerp(
    gradient2(lattice[row1 + x0] as number, fx, fy - 1),
    gradient2(lattice[row1 + x1] as number, fx - 1, fy - 1),
    u,
  );
  return lerp(top, low, fade(fy)) * 1.25;
}

/** Sum of `octaves` of {@link tileNoise}, each twice as fine and half as strong; about [-1, 1]. */
export function tileFbm(x: number, y: number, periodX: number, periodY: number, octaves: number, seed: number): number {
  let sum = 0;
  let strength = 0.55;
  let scale = 1;
  for (let octave = 0; octave < octaves; octave += 1) {
    sum += strength * tileNoise(x * scale, y * scale, periodX * scale, periodY * scale, seed + octave * 17);
    strength *= 0.5;
    scale *= 2;
  }
  return sum;
}

/** What {@link tileWorley} finds. */
export interface WorleyHit {
  /** Distance to the nearest point, cells. */
  nearest: number;
  /** Distance to the second nearest point, cells. */
  second: number;
  /** 32 bits naming the nearest point. */
  id: number;
  /** From the nearest point to here, cells. */
  offsetX: number;
  offsetY: number;
}

/** One scattered point per cell; finds the two nearest. Repeats after `period` cells. Fills and returns `hit`. */
export function tileWorley(
  x: number,
  y: number,
  periodX: number,
  periodY: number,
  seed: number,
  hit: WorleyHit,
  scatter = 0.9,
): WorleyHit {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  let best = 1e9;
  let next = 1e9;
  const lattice = latticeOf(periodX, periodY, 1, seed);
  for (let dy = -1; dy <= 1; dy += 1) {
    const row = wrap(iy + dy, periodY) * periodX;
    for (let dx = -1; dx <= 1; dx += 1) {
      const hash = lattice[row + wrap(ix + dx, periodX)] as number;
      const ox = x - (ix + dx + 0.5 + ((hash & 0xffff) / 65536 - 0.5) * scatter);
      const oy = y - (iy + dy + 0.5 + ((hash >>> 16) / 65536 - 0.5) * scatter);
      const square = ox * ox + oy * oy;
      if (square < best) {
        next = best;
        best = square;
        hit.id = hash;
        hit.offsetX = ox;
        hit.offsetY = oy;
      } else if (square < next) next = square;
    }
  }
  hit.nearest = Math.sqrt(best);
  hit.second = Math.sqrt(next);
  return hit;
}

/** An empty {@link WorleyHit} to hand to {@link tileWorley}; one per loop is enough. */
export function createWorleyHit(): WorleyHit {
  return { nearest: 0, second: 0, id: 0, offsetX: 0, offsetY: 0 };
}
