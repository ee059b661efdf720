import { readFileSync } from 'node:fs';
import { encodeUtf8 } from '../foundation/bytes.ts';
import { isSdkError, type SdkError } from '../foundation/errors.ts';
import type { Warning } from '../foundation/warning.ts';
import type { Codecs } from '../host/codecs.ts';
import { buildGlb } from './glb-container.ts';
import type { MeshStepContext } from './mesh-step.ts';

/** A glTF under construction whose JSON the tests may break. */
export interface GltfDraft {
  // biome-ignore lint/suspicious/noExplicitAny: tests put wrong things everywhere on purpose
  json: any;
  bin: Uint8Array;
}

/** Bytes of typed arrays one after the other, with the offset of each. */
export function packArrays(arrays: readonly ArrayBufferView[]): { bin: Uint8Array; offsets: number[] } {
  const offsets: number[] = [];
  let length = 0;
  for (const array of arrays) {
    offsets.push(length);
    length += Math.ceil(array.byteLength / 4) * 4;
  }
  const bin = new Uint8Array(length);
  arrays.forEach((array, index) => {
    bin.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offsets[index]);
  });
  return { bin, offsets };
}

/** A mesh of one primitive with positions, indices and whatever attributes are given. */
export function draftMesh(
  positions: readonly number[],
  indices: readonly number[] | null,
  extra: {
    mode?: number;
    attributes?: Record<string, { type: string; data: Float32Array | Uint8Array | Uint16Array }>;
  } = {},
): GltfDraft {
  const attributes: Record<string, { type: string; data: Float32Array | Uint8Array | Uint16Array }> = {
    POSITION: { type: 'VEC3', data: new Float32Array(positions) },
    ...extra.attributes,
  };
  const list = Object.entries(attributes);
  const arrays: ArrayBufferView[] = list.map(([, { data }]) => data);
  if (indices !== null) arrays.push(new Uint16Array(indices));
  const { bin, offsets } = packArrays(arrays);
  const sizes: Record<string, number> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4 };
  const accessors = list.map(([name, { type, data }], index) => ({
    bufferView: index,
    componentType: data instanceof Float32Array ? 5126 : data instanceof Uint8Array ? 5121 : 5123,
    count: data.length / (sizes[type] as number),
    type,
    ...(name === 'POSITION' ? bounds(data as Float32Array) : {}),
  }));
  const json = {
    asset: { version: '2.0' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    meshes: [
      {
        primitives: [
          {
            attributes: Object.fromEntries(list.map(([name], index) => [name, index])),
            ...(indices === null ? {} : { indices: list.length }),
            ...(extra.mode === undefined ? {} : { mode: extra.mode }),
          },
        ],
      },
    ],
    accessors: [
      ...accessors,
      ...(indices === null
        ? []
        : [{ bufferView: list.length, componentType: 5123, count: indices.length, type: 'SCALAR' }]),
    ],
    bufferViews: arrays.map((array, index) => ({
      buffer: 0,
      byteOffset: offsets[index],
      byteLength: array.byteLength,
    })),
    buffers: [{ byteLength: bin.length }],
  };
  return { json, bin };
}

function bounds(positions: Float32Array): { min: number[]; max: number[] } {
  const axis = (index: number): number[] => [...positions].filter((_, at) => at % 3 === index);
  return {
    min: [0, 1, 2].map((index) => Math.min(...axis(index))),
    max: [0, 1, 2].map((index) => Math.max(...axis(index))),
  };
}

/** One triangle, one metre wide, upright, facing +Z. */
export function draftTriangle(): GltfDraft {
  return draftMesh([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2]);
}

/** A grid of `side` × `side` squares over one square metre with a bump, two triangles each. */
export function bumpyGrid(side: number): { positions: number[]; indices: number[]; uvs: number[] } {
  const positions: number[] = [];
  const uvs: number[] = [];
  for (let row = 0; row <= side; row += 1) {
    for (let column = 0; column <= side; column += 1) {
      const [u, v] = [column / side, row / side];
      const bump = Math.max(0, 0.2 - (u - 0.5) ** 2 - (v - 0.5) ** 2);
      positions.push(u, bump, v);
      uvs.push(u, v);
    }
  }
  const indices: number[] = [];
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const corner = row * (side + 1) + column;
      indices.push(corner, corner + side + 1, corner + 1, corner + 1, corner + side + 1, corner + side + 2);
    }
  }
  return { positions, indices, uvs };
}

/** The GLB of a draft. */
export function glbOf(draft: GltfDraft): Uint8Array {
  return buildGlb(JSON.stringify(draft.json), draft.bin);
}

/** The self-contained .gltf of a draft. */
export function gltfOf(draft: GltfDraft): Uint8Array {
  const uri = `data:application/octet-stream;base64,${Buffer.from(draft.bin).toString('base64')}`;
  return encodeUtf8(JSON.stringify({ ...draft.json, buffers: [{ byteLength: draft.bin.length, uri }] }));
}

/** Bytes of a file in `fixtures/`. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../../../fixtures/${name}`, import.meta.url)));
}

/** A step context that records. */
export function recordingContext(codecs: Codecs = {}): MeshStepContext & {
  readonly warnings: Warning[];
  readonly reports: Record<string, unknown>;
} {
  const warnings: Warning[] = [];
  const reports: Record<string, unknown> = {};
  return {
    codecs,
    warnings,
    reports,
    warn: (warning) => {
      warnings.push(warning);
    },
    report: (step, report) => {
      reports[step] = report;
    },
  };
}

/** The error a promise is rejected with, which must be one of ours. */
export async function rejection(promise: Promise<unknown>): Promise<SdkError> {
  try {
    await promise;
  } catch (error) {
    if (isSdkError(error)) return error;
    throw error;
  }
  throw new Error('expected a rejection');
}
