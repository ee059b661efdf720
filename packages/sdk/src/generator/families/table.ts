import type { RandomStream } from '../../foundation/random.ts';
import type { Family } from '../family.ts';
import { deskParts } from '../furnishing/desk.ts';
import { leggedTable, trestleTable } from '../furnishing/dining-tables.ts';
import { finishModel, readSpec, type SpecReading } from '../furnishing/finish.ts';
import { lowTable, pedestalTable } from '../furnishing/small-tables.ts';
import { workbenchParts } from '../furnishing/workbench.ts';
import { createPalette, type Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';

/** Dining tables on legs, trestles or a pedestal, coffee tables, desks and workbenches. */
export const tableFamily: Family = {
  id: 'table',
  nouns: {
    table: null,
    'dining table': null,
    'kitchen table': null,
    'dinner table': null,
    'trestle table': 'trestle',
    'banquet table': 'trestle',
    'tavern table': 'trestle',
    'picnic table': 'trestle',
    'round table': 'round',
    'pedestal table': 'round',
    'tea table': 'round',
    'coffee table': 'coffee',
    'side table': 'side',
    'end table': 'side',
    'bedside table': 'side',
    nightstand: 'side',
    desk: 'desk',
    'writing desk': 'desk',
    'writing table': 'desk',
    bureau: 'desk',
    workbench: 'workbench',
    'work bench': 'workbench',
    'work table': 'workbench',
    worktable: 'workbench',
  },
  typicalHeightM: 0.75,
  styles: ['modern', 'medieval', 'viking', 'pirate', 'ornate', 'simple'],
  build(spec, random) {
    const palette = createPalette(spec);
    return finishModel(spec.variant ?? 'table', partsOf(spec, palette, readSpec(spec), random), spec.sizeFactor);
  },
};

function partsOf(spec: ObjectSpec, palette: Palette, reading: SpecReading, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  if (spec.variant === 'desk') return deskParts(spec, palette, random);
  if (spec.variant === 'workbench') return workbenchParts(spec, palette, random);
  if (spec.variant === 'round') return pedestalTable(spec, palette, reading, style);
  if (spec.variant === 'coffee' || spec.variant === 'side' || (spec.variant === null && reading.is('modern')))
    return lowTable(spec, palette, reading, style);
  if (spec.variant === 'trestle' || reading.is('medieval', 'viking', 'pirate'))
    return trestleTable(spec, palette, style);
  const kind = reading.is('ornate') ? 'legs' : style.pick(['legs', 'trestle', 'pedestal', 'legs', 'trestle']);
  if (kind === 'pedestal') return pedestalTable(spec, palette, reading, style);
  return kind === 'trestle' ? trestleTable(spec, palette, style) : leggedTable(spec, palette, reading, style);
}
