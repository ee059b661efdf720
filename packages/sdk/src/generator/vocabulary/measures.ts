import type { SpecMeasure } from '../object-spec.ts';
import type { Token } from './tokenise.ts';

const METRES_PER_UNIT: Readonly<Record<string, number>> = {
  m: 1,
  meter: 1,
  meters: 1,
  metre: 1,
  metres: 1,
  cm: 0.01,
  centimeter: 0.01,
  centimeters: 0.01,
  centimetre: 0.01,
  centimetres: 0.01,
  mm: 0.001,
  millimeter: 0.001,
  millimeters: 0.001,
  millimetre: 0.001,
  millimetres: 0.001,
  ft: 0.3048,
  foot: 0.3048,
  feet: 0.3048,
  in: 0.0254,
  inch: 0.0254,
  inches: 0.0254,
  yard: 0.9144,
  yards: 0.9144,
};

const DIRECTIONS: Readonly<Record<string, SpecMeasure['along']>> = {
  tall: 'height',
  high: 'height',
  height: 'height',
  long: 'longest',
  length: 'longest',
  wide: 'width',
  width: 'width',
  broad: 'width',
  deep: 'depth',
  depth: 'depth',
};

/** Takes the first size in numbers (`1.2m tall`, `80 cm`) out of the tokens. Sizes of 0 or above 1000 m are left alone. */
export function takeMeasure(tokens: readonly Token[]): {
  readonly measure?: SpecMeasure;
  readonly rest: readonly Token[];
} {
  for (let index = 0; index < tokens.length - 1; index += 1) {
    const number = tokens[index] as Token;
    const unit = tokens[index + 1] as Token;
    if (number.kind !== 'number' || !Object.hasOwn(METRES_PER_UNIT, unit.text)) continue;
    const direction = tokens[index + 2];
    const along =
      direction !== undefined && Object.hasOwn(DIRECTIONS, direction.text) ? DIRECTIONS[direction.text] : undefined;
    // "three chairs, 2 in oak" is no size in inches
    if (unit.text === 'in' && along === undefined && direction?.kind === 'word') continue;
    const metres = Number(number.text) * (METRES_PER_UNIT[unit.text] as number);
    if (!(metres > 0 && metres <= 1000)) continue;
    const rest = [...tokens.slice(0, index), ...tokens.slice(index + (along === undefined ? 2 : 3))];
    return { measure: { metres, along: along ?? 'height' }, rest };
  }
  return { rest: tokens };
}
