import type { RandomStream } from '../../foundation/random.ts';
import type { Family } from '../family.ts';
import { candleStick } from '../furnishing/candle-stick.ts';
import { deskLamp } from '../furnishing/desk-lamp.ts';
import { finishModel, readSpec, type SpecReading } from '../furnishing/finish.ts';
import { paperLantern, stoneLantern } from '../furnishing/garden-lanterns.ts';
import { handLantern, streetLamp } from '../furnishing/glazed-lanterns.ts';
import { floorLamp, tableLamp } from '../furnishing/shaded-lamps.ts';
import { createPalette, materialClassOf, type Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';

/** Table, floor, desk and street lamps, lanterns and candles, all lit. */
export const lampFamily: Family = {
  id: 'lamp',
  nouns: {
    lamp: null,
    light: null,
    'table lamp': 'table',
    'bedside lamp': 'table',
    nightlight: 'table',
    'floor lamp': 'floor',
    'standing lamp': 'floor',
    'tripod lamp': 'floor',
    'desk lamp': 'desk',
    'reading lamp': 'desk',
    'work lamp': 'desk',
    lantern: 'lantern',
    'oil lamp': 'lantern',
    'stone lantern': 'stone-lantern',
    'japanese lantern': 'stone-lantern',
    'paper lantern': 'paper-lantern',
    'street lamp': 'street',
    'street light': 'street',
    'lamp post': 'street',
    lamppost: 'street',
    streetlamp: 'street',
    streetlight: 'street',
    candle: 'candle',
    candlestick: 'candle',
    'candle holder': 'candle',
  },
  typicalHeightM: 0.55,
  styles: ['modern', 'medieval', 'viking', 'pirate', 'fantasy', 'asian', 'mossy', 'glowing'],
  build(spec, random) {
    const palette = createPalette(spec);
    const reading = readSpec(spec);
    return finishModel(spec.variant ?? 'lamp', partsOf(spec, palette, reading, random), spec.sizeFactor);
  },
};

function partsOf(spec: ObjectSpec, palette: Palette, reading: SpecReading, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const isStone = reading.materials.some((name) => materialClassOf(name) === 'stone');
  switch (spec.variant) {
    case 'floor':
      return floorLamp(spec, palette, style);
    case 'desk':
      return deskLamp(spec, palette, style);
    case 'lantern':
      return isStone ? stoneLantern(spec, palette, style) : handLantern(spec, palette, style);
    case 'stone-lantern':
      return stoneLantern(spec, palette, style);
    case 'paper-lantern':
      return paperLantern(spec, palette, style);
    case 'street':
      return streetLamp(spec, palette, style);
    case 'candle':
      return candleStick(spec, palette, style);
    case 'table':
      return tableLamp(spec, palette, reading, style);
    default:
      if (reading.is('medieval', 'viking', 'pirate', 'fantasy')) return handLantern(spec, palette, style);
      return reading.is('asian') ? stoneLantern(spec, palette, style) : tableLamp(spec, palette, reading, style);
  }
}
