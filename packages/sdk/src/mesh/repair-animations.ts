import type { Accessor, AnimationChannel, AnimationSampler, Document } from '@gltf-transform/core';

const OUTPUT_TYPES: Readonly<Record<string, string>> = {
  translation: 'VEC3',
  rotation: 'VEC4',
  scale: 'VEC3',
  weights: 'SCALAR',
};

/**
 * Makes the rotations of nodes and animations unit length, and removes animation channels that break glTF's rules.
 *
 * @returns How many channels were removed.
 * @source glTF 2.0 §3.11.
 */
export function repairAnimations(document: Document): number {
  const root = document.getRoot();
  for (const node of root.listNodes()) {
    const unit = unitQuaternion(node.getRotation());
    node.setRotation(unit ?? [0, 0, 0, 1]);
  }
  let removed = 0;
  for (const animation of root.listAnimations()) {
    for (const channel of animation.listChannels()) {
      const sampler = channel.getSampler();
      if (sampler !== null && isPlayable(channel, sampler)) continue;
      channel.dispose();
      removed += 1;
    }
    const used = new Set(animation.listChannels().map((channel) => channel.getSampler()));
    for (const sampler of animation.listSamplers()) if (!used.has(sampler)) sampler.dispose();
    if (animation.listChannels().length === 0) animation.dispose();
  }
  return removed;
}

function isPlayable(channel: AnimationChannel, sampler: AnimationSampler): boolean {
  const input = sampler.getInput();
  const output = sampler.getOutput();
  const path = channel.getTargetPath() ?? '';
  const times = input?.getArray();
  const values = output?.getArray();
  if (!input || !output || !(times instanceof Float32Array) || !values) return false;
  if (input.getType() !== 'SCALAR' || output.getType() !== OUTPUT_TYPES[path]) return false;
  let previous = -1;
  for (const time of times) {
    if (!(time >= 0 && time > previous && time < 1e18)) return false;
    previous = time;
  }
  const mesh = channel.getTargetNode()?.getMesh() ?? null;
  const targets = mesh?.listPrimitives()[0]?.listTargets().length ?? 0;
  const perKey = (path === 'weights' ? targets : 1) * (sampler.getInterpolation() === 'CUBICSPLINE' ? 3 : 1);
  if (perKey === 0 || output.getCount() !== times.length * perKey) return false;
  if (!(values instanceof Float32Array)) return output.getNormalized();
  for (const value of values) if (!(Math.abs(value) < 1e18)) return false;
  return path !== 'rotation' || makeUnit(output, values, sampler.getInterpolation() === 'CUBICSPLINE');
}

/** Makes quaternions unit length in place. Of cubic splines only the values are rotations, not the tangents beside them. */
function makeUnit(output: Accessor, values: Float32Array<ArrayBuffer>, isCubic: boolean): boolean {
  const fixed = values.slice();
  for (let at = 0; at < fixed.length; at += 4) {
    if (isCubic && (at / 4) % 3 !== 1) continue;
    const unit = unitQuaternion([
      fixed[at] as number,
      fixed[at + 1] as number,
      fixed[at + 2] as number,
      fixed[at + 3] as number,
    ]);
    if (unit === null) return false;
    fixed.set(unit, at);
  }
  output.setArray(fixed);
  return true;
}

/** The same rotation with unit length, unchanged where it has that already; null if it is no rotation. */
function unitQuaternion([x, y, z, w]: readonly [number, number, number, number]):
  | [number, number, number, number]
  | null {
  const length = Math.sqrt(x * x + y * y + z * z + w * w);
  if (!(length > 1e-6 && length < 1e18)) return null;
  if (Math.abs(length - 1) < 1e-6) return [x, y, z, w];
  return [x / length, y / length, z / length, w / length];
}
