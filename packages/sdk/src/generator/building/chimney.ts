import type { RandomStream } from '../../foundation/random.ts';
import { box } from '../kit/box.ts';
import { lathe } from '../kit/lathe.ts';
import type { Shape } from '../kit/shape.ts';

/** A chimney stack from `low` to `high`, with a ledge, a cap and pots. */
export function chimney(
  width: number,
  depth: number,
  low: number,
  high: number,
  random: RandomStream,
): { readonly stack: Shape[]; readonly pots: Shape[] } {
  const stack: Shape[] = [];
  const shaft = box(width, high - low, depth, { bevel: 0.03, grain: 'y', subdivisions: [1, 4, 1] });
  shaft.map((x, y, z) => [x * (1 + 0.02 * random.range(-1, 1)), y, z * (1 + 0.02 * random.range(-1, 1))]);
  stack.push(shaft.translate(0, (low + high) / 2, 0));
  stack.push(box(width * 1.16, 0.09, depth * 1.16, { bevel: 0.025 }).translate(0, high - 0.28, 0));
  stack.push(box(width * 1.26, 0.13, depth * 1.26, { bevel: 0.035 }).translate(0, high, 0));
  const pots: Shape[] = [];
  const count = width > 0.62 ? 2 : 1;
  for (let index = 0; index < count; index += 1) {
    const x = count === 1 ? 0 : (index - 0.5) * width * 0.5;
    const tall = random.range(0.3, 0.4);
    pots.push(
      lathe(
        [
          [0.09, 0],
          [0.13, 0],
          [0.11, tall * 0.6],
          [0.105, tall * 0.84],
          [0.135, tall * 0.88],
          [0.135, tall],
          [0.085, tall],
          [0.08, tall * 0.6],
          [0, tall * 0.55],
        ],
        { segments: 12 },
      )
        .crease(40)
        .translate(x, high + 0.06, 0),
    );
  }
  return { stack, pots };
}
