import { clamp, cos, mix, sin, smoothstep, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import type { Family } from '../family.ts';
import { flatten, vertexNormals } from '../kit/deform.ts';
import { lathe } from '../kit/lathe.ts';
import { createModel } from '../kit/model.ts';
import { fbm3, noise3 } from '../kit/noise.ts';
import { createPart } from '../kit/part.ts';
import { Shape } from '../kit/shape.ts';
import { icosphere, projectAround, projectBox } from '../kit/sphere.ts';
import { normalizeVector, type Vec3 } from '../kit/vector.ts';
import { chooseMaterial, createPalette, type Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';

/** How a boulder is shaped. */
interface BoulderDesign {
  readonly radius: number;
  /** Size along x, y, z relative to the radius. */
  readonly stretch: Vec3;
  /** Chisel cuts; fewer and deeper make it blocky. */
  readonly cuts: number;
  readonly cutDepth: number;
  /** Roundness of the weathering: 0 keeps the cuts sharp. */
  readonly bumps: number;
  readonly frequency: number;
}

/** A unit vector, evenly spread over the sphere. */
function randomDirection(random: RandomStream): Vec3 {
  const y = random.range(-1, 1);
  const angle = random.range(0, TAU);
  const across = Math.sqrt(1 - y * y);
  return [across * sin(angle), y, across * cos(angle)];
}

/** One boulder, its underside pressed flat near y = 0. */
function createBoulder(design: BoulderDesign, tileM: number, random: RandomStream): Shape {
  const { radius, stretch } = design;
  const seed = random.integer(1, 1_000_000);
  const rock = icosphere(1, design.frequency);
  // Large lumps first, so that no two silhouettes are alike.
  rock.map((x, y, z) => {
    const lump = 1 + 0.24 * fbm3(x * 0.9, y * 0.9, z * 0.9, 2, seed);
    return [x * lump, y * lump, z * lump];
  });
  // Cuts with slightly wavy planes make the facets; the sharp ridges between them catch the light.
  for (let cut = 0; cut < design.cuts; cut += 1) {
    const normal = randomDirection(random);
    const distance = random.range(1 - design.cutDepth, 0.96);
    const wave = random.range(0.01, 0.035);
    const phase = random.integer(0, 1000);
    rock.map((x, y, z) => {
      const beyond =
        x * normal[0] +
        y * normal[1] +
        z * normal[2] -
        distance -
        wave * noise3(x * 2.5, y * 2.5, z * 2.5 + phase, seed);
      if (beyond <= 0) return [x, y, z];
      const back = beyond * 0.96;
      return [x - normal[0] * back, y - normal[1] * back, z - normal[2] * back];
    });
  }
  flatten(rock, [0, -1, 0], random.range(0.34, 0.5), 0.02);
  const normals = vertexNormals(rock);
  let at = 0;
  rock.map((x, y, z) => {
    const crag =
      design.bumps *
      (0.036 * fbm3(x * 3.2, y * 3.2, z * 3.2, 3, seed + 7) -
        0.03 * smoothstep(0.06, 0, Math.abs(noise3(x * 2.1, y * 2.1, z * 2.1, seed + 9))));
    const moved: Vec3 = [
      x + (normals[at] as number) * crag,
      y + (normals[at + 1] as number) * crag,
      z + (normals[at + 2] as number) * crag,
    ];
    at += 3;
    return moved;
  });
  rock.scale(radius * stretch[0], radius * stretch[1], radius * stretch[2]);
  const low = rock.bounds().min[1];
  // Small stones show the texture smaller, or one cloud of it would cover them.
  const finer = clamp(0.45 / radius, 1, 4);
  return projectAround(rock.translate(0, -low, 0), tileM / finer)
    .mapUv((u, v) => [u * finer, v * finer])
    .crease(30);
}

/**
 * A layer that lies on what faces upwards: moss or snow.
 *
 * The upper triangles are copied, pushed outwards by `thickness` where the surface is level and inwards at the border,
 * so that the layer sinks into the rock instead of ending in mid-air.
 */
function createTopLayer(
  rock: Shape,
  limit: number,
  patchiness: number,
  thickness: number,
  seed: number,
  scale: number,
): Shape {
  const normals = vertexNormals(rock);
  const amounts: number[] = [];
  for (let vertex = 0; vertex < rock.vertexCount; vertex += 1) {
    const [x, y, z] = rock.vertex(vertex);
    const up = normals[vertex * 3 + 1] as number;
    const patchy = patchiness * fbm3(x * scale, y * scale, z * scale, 3, seed);
    amounts.push(up + patchy - limit);
  }
  const layer = new Shape().crease(75);
  const numbers = new Map<number, number>();
  const take = (vertex: number): number => {
    const known = numbers.get(vertex);
    if (known !== undefined) return known;
    const [x, y, z] = rock.vertex(vertex);
    const amount = amounts[vertex] as number;
    const rise = amount > 0 ? thickness * smoothstep(0, 0.3, amount) + 0.1 * thickness : -thickness * 0.9;
    const fluff = 1 + 0.35 * noise3(x * scale * 3, y * scale * 3, z * scale * 3, seed + 4);
    const push = rise * (rise > 0 ? fluff : 1);
    const added = layer.addVertex(
      x + (normals[vertex * 3] as number) * push,
      y + (normals[vertex * 3 + 1] as number) * push,
      z + (normals[vertex * 3 + 2] as number) * push,
    );
    numbers.set(vertex, added);
    return added;
  };
  for (let corner = 0; corner < rock.corners.length; corner += 3) {
    const triangle = [0, 1, 2].map((offset) => rock.corners[corner + offset] as number);
    if (!triangle.some((vertex) => (amounts[vertex] as number) > 0)) continue;
    layer.addTriangle(
      take(triangle[0] as number),
      take(triangle[1] as number),
      take(triangle[2] as number),
      0,
      0,
      0,
      0,
      0,
      0,
    );
  }
  return projectBox(layer);
}

/** How far what lies below `height` reaches from the axis in the direction (x, z), metres. */
function footprintAt(shape: Shape, x: number, z: number, height: number): number {
  let reach = 0;
  for (let vertex = 0; vertex < shape.vertexCount; vertex += 1) {
    const [px, py, pz] = shape.vertex(vertex);
    const along = px * x + pz * z;
    // Only what lies close to the ray counts; a corner beside it does not.
    if (py < height && Math.abs(px * z - pz * x) < height * 0.6 && along > reach) reach = along;
  }
  return reach;
}

/** A tuft of grass blades about the origin. */
function createTuft(height: number, random: RandomStream): Shape {
  const tuft = new Shape().crease(30);
  const blades = random.integer(6, 9);
  for (let blade = 0; blade < blades; blade += 1) {
    const angle = random.range(0, TAU);
    const lean = random.range(0.15, 0.6);
    const tall = height * random.range(0.6, 1);
    const width = height * 0.075;
    const [s, c] = [sin(angle), cos(angle)];
    const foot = random.range(0, height * 0.15);
    const ring = (t: number, half: number): [number, number, number] => {
      const out = foot + lean * tall * t * t;
      const y = tall * t * (1 - 0.25 * lean * t);
      return [
        tuft.addVertex(s * out - c * half, y, c * out + s * half),
        tuft.addVertex(s * (out + half * 0.7), y, c * (out + half * 0.7)),
        tuft.addVertex(s * out + c * half, y, c * out - s * half),
      ];
    };
    const low = ring(-0.1, width);
    const middle = ring(0.55, width * 0.75);
    const tipOut = foot + lean * tall;
    const tip = tuft.addVertex(s * tipOut, tall * (1 - 0.25 * lean), c * tipOut);
    // A blade is a folded three-sided spike: seen from every side without two-sided materials.
    for (let side = 0; side < 3; side += 1) {
      const next = (side + 1) % 3;
      const [u0, u1] = [side * width, (side + 1) * width];
      tuft.addQuad(
        low[next] as number,
        low[side] as number,
        middle[side] as number,
        middle[next] as number,
        u1,
        0,
        u0,
        0,
        u0,
        -tall * 0.55,
        u1,
        -tall * 0.55,
      );
      tuft.addTriangle(
        middle[next] as number,
        middle[side] as number,
        tip,
        u1,
        -tall * 0.55,
        u0,
        -tall * 0.55,
        (u0 + u1) / 2,
        -tall,
      );
    }
  }
  return tuft;
}

/** A six-sided crystal with a cut point, standing on the origin. */
function createCrystal(height: number, radius: number, random: RandomStream): Shape {
  const sides = 6;
  const shoulder = height * random.range(0.66, 0.8);
  const crystal = lathe(
    [
      [0, -height * 0.15],
      [radius * 0.74, -height * 0.15],
      [radius, shoulder * 0.5],
      [radius * 0.9, shoulder],
      [radius * 0.08, height],
      [0, height],
    ],
    {
      segments: sides,
      phase: random.range(0, TAU),
    },
  );
  const bevelled = new Shape().append(crystal).crease(4);
  const slant: Vec3 = normalizeVector([random.range(-0.5, 0.5), 1, random.range(-0.5, 0.5)]);
  return flatten(bevelled, slant, height * random.range(0.8, 0.95), 0.02);
}

function createCrystalCluster(size: number, random: RandomStream): Shape[] {
  const crystals: Shape[] = [];
  const count = random.integer(12, 17);
  for (let index = 0; index < count; index += 1) {
    const reach = index === 0 ? 0 : random.range(0.1, 0.32);
    const angle = index * 2.4 + random.range(-0.3, 0.3);
    const height = size * (index === 0 ? 1 : random.range(0.34, 0.85) * (1.1 - reach));
    const crystal = createCrystal(height, height * random.range(0.12, 0.17) + size * 0.025, random);
    const out = size * reach;
    const lean = index === 0 ? 0.08 : reach * random.range(1.1, 1.9);
    crystals.push(
      crystal.place(
        [sin(angle) * out, size * 0.1 * (1 - reach), cos(angle) * out],
        normalizeVector([sin(angle) * lean, 1, cos(angle) * lean]),
      ),
    );
  }
  return crystals;
}

/** What covers the rock, from the prompt's style words. */
function layerOf(spec: ObjectSpec): 'moss' | 'snow' | null {
  if (spec.styles.includes('snowy') || spec.materials.includes('snow')) return 'snow';
  if (spec.styles.includes('mossy') || spec.materials.includes('moss')) return 'moss';
  return spec.wear > 0.7 ? 'moss' : null;
}

interface Placed {
  readonly shape: Shape;
  readonly size: number;
}

/** The boulders of a variant, largest first. */
function createBoulders(variant: string, tileM: number, random: RandomStream): Placed[] {
  const main = random.fork('main');
  const isStone = variant === 'stone';
  const radius = isStone ? main.range(0.16, 0.22) : main.range(0.62, 0.85);
  const isTall = variant === 'menhir' || (variant === 'boulder' && main.chance(0.2));
  const stretch: Vec3 = isStone
    ? [main.range(1, 1.3), main.range(0.6, 0.75), main.range(0.85, 1.05)]
    : isTall
      ? [main.range(0.7, 0.85), main.range(1.35, 1.75), main.range(0.6, 0.78)]
      : variant === 'slab'
        ? [main.range(1.4, 1.6), main.range(0.38, 0.48), main.range(1, 1.2)]
        : [main.range(1, 1.3), main.range(0.78, 1), main.range(0.85, 1.1)];
  const design: BoulderDesign = {
    radius,
    stretch,
    cuts: isStone ? 6 : main.integer(17, 25),
    cutDepth: isStone ? 0.1 : 0.34,
    bumps: isStone ? 0.5 : 1,
    frequency: isStone ? 12 : variant === 'pile' ? 12 : 15,
  };
  const boulders: Placed[] = [{ shape: createBoulder(design, tileM, main).rotateY(main.range(0, TAU)), size: radius }];
  if (isStone || variant === 'menhir') return boulders;
  const companions = variant === 'pile' ? 7 : random.integer(1, 3);
  let angle = random.range(0, TAU);
  for (let index = 0; index < companions; index += 1) {
    const stone = random.fork(`stone ${index}`);
    const size = radius * (variant === 'pile' ? stone.range(0.4, 0.62) : stone.range(0.2, 0.4));
    const shape = createBoulder(
      {
        radius: size,
        stretch: [stone.range(0.9, 1.3), stone.range(0.65, 0.95), stone.range(0.9, 1.2)],
        cuts: 12,
        cutDepth: 0.28,
        bumps: 0.8,
        frequency: size > radius * 0.36 ? 8 : 7,
      },
      tileM,
      stone,
    );
    const reach = radius * 0.86 * mix(stretch[0], stretch[2], Math.abs(cos(angle))) + size * 0.35;
    boulders.push({
      shape: shape.rotateY(stone.range(0, TAU)).translate(reach * sin(angle), 0, reach * cos(angle)),
      size,
    });
    angle += stone.range(0.9, 1.7) + (variant === 'pile' ? 0 : stone.range(0, 2));
  }
  return boulders;
}

/** Rocks: boulders with companions, single stones, slabs, piles, standing stones and crystals. */
export const rockFamily: Family = {
  id: 'rock',
  typicalHeightM: 1.1,
  nouns: {
    rock: null,
    boulder: 'boulder',
    stone: 'stone',
    pebble: 'stone',
    cobble: 'stone',
    cliff: 'boulder',
    slab: 'slab',
    menhir: 'menhir',
    monolith: 'menhir',
    'standing stone': 'menhir',
    rubble: 'pile',
    'rock pile': 'pile',
    cairn: 'pile',
    crystal: 'crystal',
    gem: 'crystal',
    geode: 'crystal',
    meteorite: 'boulder',
  },
  build(spec, random) {
    const palette = createPalette(spec);
    const draw = random.fork('rock');
    const variant = spec.variant ?? 'rock';
    const parts: GeneratedPart[] =
      variant === 'crystal' ? buildCrystal(spec, draw, palette) : buildRock(spec, variant, draw, palette);
    return createModel(variant, parts, spec.sizeFactor);
  },
};

function rockMaterial(spec: ObjectSpec, draw: RandomStream, palette: Palette) {
  const name = chooseMaterial(
    spec,
    ['stone', 'metal', 'glass', 'wood', 'ceramic'],
    draw.pick(['granite', 'limestone', 'granite', 'sandstone', 'slate', 'granite']),
  );
  const tint = spec.colors[0];
  return palette.material(name, tint === undefined ? {} : { tint });
}

function buildRock(spec: ObjectSpec, variant: string, draw: RandomStream, palette: Palette): GeneratedPart[] {
  const material = rockMaterial(spec, draw, palette);
  const boulders = createBoulders(variant, material.repeatM, draw);
  const parts: GeneratedPart[] = [
    createPart(
      'stone',
      material,
      boulders.map((boulder) => boulder.shape),
    ),
  ];
  const layer = layerOf(spec);
  if (layer !== null) {
    const limit = layer === 'snow' ? 0.5 : clamp(0.78 - spec.wear * 0.35, 0.3, 0.8);
    const layers = boulders.map(({ shape, size }, index) =>
      createTopLayer(
        shape,
        limit,
        layer === 'snow' ? 0.12 : 0.3,
        size * (layer === 'snow' ? 0.07 : 0.035),
        spec.seed + index,
        1.6 / size,
      ),
    );
    parts.push(
      createPart(
        layer,
        palette.material(layer),
        layers.filter((shape) => shape.triangleCount > 0),
      ),
    );
  }
  if (variant !== 'stone' && layer !== 'snow') {
    const tufts: Shape[] = [];
    const grass = draw.fork('grass');
    const { shape: largest, size } = boulders[0] as Placed;
    const count = grass.integer(6, 10);
    let angle = grass.range(0, TAU);
    for (let index = 0; index < count; index += 1) {
      angle += grass.range(0.5, 1.5);
      const reach = footprintAt(largest, sin(angle), cos(angle), size * 0.2) + grass.range(-0.01, 0.05);
      tufts.push(
        createTuft(grass.range(0.16, 0.32) * size, grass).translate(reach * sin(angle), 0, reach * cos(angle)),
      );
    }
    parts.push(createPart('grass', palette.material('grass', { size: 64 }), tufts));
  }
  return parts;
}

function buildCrystal(spec: ObjectSpec, draw: RandomStream, palette: Palette): GeneratedPart[] {
  const hues = [
    [0.28, 0.1, 0.62],
    [0.05, 0.4, 0.62],
    [0.06, 0.5, 0.2],
    [0.72, 0.12, 0.3],
    [0.8, 0.4, 0.06],
  ] as const;
  const tint = spec.colors[0] ?? (spec.materials.length > 0 ? undefined : draw.pick(hues));
  const name = chooseMaterial(spec, ['glass', 'metal'], 'crystal');
  const baseStone = palette.material(chooseMaterial(spec, ['stone'], 'basalt'));
  const base = createBoulder(
    { radius: 0.34, stretch: [1.15, 0.62, 1.05], cuts: 14, cutDepth: 0.28, bumps: 1, frequency: 11 },
    baseStone.repeatM,
    draw.fork('base'),
  );
  return [
    createPart(
      'crystals',
      palette.material(name, tint === undefined ? {} : { tint }),
      createCrystalCluster(draw.range(0.62, 0.8), draw.fork('crystals')).map((shape) => shape.translate(0, 0.1, 0)),
    ),
    createPart('stone', baseStone, base),
  ];
}
