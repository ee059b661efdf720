import { cos, sin, TAU } from '../../foundation/math.ts';
import type { RandomStream } from '../../foundation/random.ts';
import type { Family } from '../family.ts';
import { finishModel, finishOf, readSpec, type SpecReading } from '../furnishing/finish.ts';
import { bail, candle, FLAME, flame, GLOW, lampShade, lantern, WAX, wick } from '../furnishing/lights.ts';
import { beam, turnedProfile } from '../kit/joinery.ts';
import { ballProfile, lathe, torus } from '../kit/lathe.ts';
import { smoothPath, tube } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import { bevelCorners } from '../kit/profile.ts';
import type { Shape } from '../kit/shape.ts';
import type { Vec2, Vec3 } from '../kit/vector.ts';
import type { KitMaterial } from '../materials/material.ts';
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

const GLAZES: readonly (readonly [number, number, number])[] = [
  [0.03, 0.13, 0.16],
  [0.42, 0.12, 0.05],
  [0.05, 0.09, 0.25],
  [0.62, 0.56, 0.44],
  [0.09, 0.2, 0.11],
  [0.32, 0.2, 0.06],
];

const VASES: readonly (readonly Vec2[])[] = [
  [[0.062, 0.03], [0.07, 0.045], [0.105, 0.11], [0.115, 0.16], [0.095, 0.215], [0.05, 0.262], [0.028, 0.285], [0.026, 0.3]],
  [[0.05, 0.03], [0.055, 0.05], [0.034, 0.07], [0.075, 0.14], [0.1, 0.205], [0.092, 0.25], [0.04, 0.286], [0.026, 0.3]],
  [[0.075, 0.03], [0.088, 0.05], [0.088, 0.09], [0.07, 0.13], [0.042, 0.2], [0.032, 0.26], [0.03, 0.3]],
  [[0.06, 0.03], [0.086, 0.06], [0.086, 0.1], [0.05, 0.13], [0.062, 0.16], [0.07, 0.185], [0.042, 0.215], [0.05, 0.24], [0.052, 0.26], [0.028, 0.285], [0.026, 0.3]],
];

function shadeFinish(spec: ObjectSpec, palette: Palette, colorIndex: number): KitMaterial {
  const named = finishOf(spec, palette, { classes: ['soft'], fallback: 'glowing-paper', parts: ['shade', 'lampshade'], colorIndex });
  return named.name === 'paper' || named.emissive !== undefined ? named : { ...named, emissive: [0.1, 0.065, 0.03], doubleSided: true };
}

function tableLamp(spec: ObjectSpec, palette: Palette, reading: SpecReading, style: RandomStream): GeneratedPart[] {
  const body = finishOf(spec, palette, {
    classes: ['wood', 'metal', 'stone', 'glass', 'ceramic', 'masonry'],
    fallback: reading.is('modern') ? style.pick(['ceramic', 'marble', 'oak']) : style.pick(['ceramic', 'ceramic', 'brass', 'walnut']),
    parts: ['base', 'foot', 'stand', 'body'],
    colorIndex: 0,
    ...(reading.materials.length === 0 ? { tint: style.pick(GLAZES) } : {}),
  });
  const metal = finishOf(spec, palette, { classes: [], fallback: body.name === 'brass' ? 'dark-iron' : 'brass', parts: ['fitting', 'neck'] });
  const vase = style.pick(VASES).map(([radius, y]): Vec2 => [radius * 0.98, y]);
  const stretch = style.range(0.88, 1.12);
  const neckY = 0.3 * stretch;
  const bodyShape = lathe(turnedProfile(vase.map(([radius, y]): Vec2 => [radius, y * stretch]), 4), { segments: 28 }).crease(70);
  const foot = (vase[0] as Vec2)[0] + 0.02;
  const fittings: Shape[] = [
    lathe(bevelCorners([[0, 0], [foot, 0], [foot, 0.012 * stretch], [foot * 0.9, 0.022 * stretch], [foot * 0.8, 0.036 * stretch], [0, 0.036 * stretch]], 0.003, { steps: 2 }), { segments: 28 }).crease(45),
    lathe([[0, neckY - 0.006], [0.032, neckY - 0.006], [0.03, neckY + 0.006], [0.014, neckY + 0.014], [0.011, neckY + 0.05], [0.017, neckY + 0.055], [0.018, neckY + 0.095], [0, neckY + 0.1]], { segments: 16 }).crease(45),
  ];
  const low = style.range(0.145, 0.175);
  const high = low * style.range(0.5, 0.82);
  const shadeHeight = style.range(0.19, 0.24);
  const shadeY = neckY + 0.05;
  const { skin, rims } = lampShade(low, high, shadeY, shadeHeight);
  const harpTop = shadeY + shadeHeight - 0.012;
  fittings.push(bail(0.05, harpTop - neckY - 0.05, neckY + 0.05));
  for (let spoke = 0; spoke < 3; spoke += 1) {
    const angle = (TAU * spoke) / 3;
    fittings.push(tube([[0, harpTop, 0], [high * 0.995 * sin(angle), harpTop, high * 0.995 * cos(angle)]], 0.002, 5));
  }
  fittings.push(lathe([[0, 0], [0.007, 0], [0.006, 0.008], [0.01, 0.014], [0.009, 0.022], [0, 0.028]], { segments: 12 }).crease(60).translate(0, harpTop, 0));
  const chainX = 0.045;
  for (let bead = 0; bead < 9; bead += 1) fittings.push(lathe(ballProfile(bead === 8 ? 0.0062 : 0.0028, 4), { segments: 6 }).crease(90).translate(chainX, neckY + 0.056 - bead * 0.0075, 0.02));
  const bulb = lathe(turnedProfile([[0.013, neckY + 0.095], [0.016, neckY + 0.11], [0.03, neckY + 0.14], [0.026, neckY + 0.165], [0.004, neckY + 0.178]], 3), { segments: 14 }).crease(90);
  return [
    createPart('body', body, bodyShape),
    createPart('fittings', metal, [...fittings, rims]),
    createPart('shade', shadeFinish(spec, palette, body.name === 'ceramic' || reading.colors.length > 1 ? 1 : 9), skin),
    createPart('bulb', GLOW, bulb),
  ];
}

function floorLamp(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const isTripod = spec.noun?.startsWith('tripod') === true || style.chance(0.55);
  const height = style.range(1.15, 1.3);
  const stand = finishOf(spec, palette, { classes: ['wood', 'metal'], fallback: isTripod ? style.pick(['oak', 'walnut', 'birch']) : style.pick(['brass', 'dark-iron', 'steel']), parts: ['stand', 'base', 'leg', 'pole'], colorIndex: 0 });
  const metal = stand.name === 'brass' ? stand : palette.material('brass');
  const shapes: Shape[] = [];
  const fittings: Shape[] = [];
  if (isTripod) {
    const leg = beam([[0, 0, 0.36], [0, height, 0.03]], 0.034, 0.034, { bevel: 0.011, taper: (t) => 0.72 + 0.32 * t, up: [1, 0, 0] });
    for (let index = 0; index < 3; index += 1) {
      shapes.push(leg.clone().rotateY((TAU * (index + 0.5)) / 3));
      const angle = (TAU * (index + 0.5)) / 3;
      const at = (y: number, radius: number): Vec3 => [radius * sin(angle), y, radius * cos(angle)];
      fittings.push(tube([[0, height * 0.5, 0], at(height * 0.5, 0.2)], 0.006, 8));
      fittings.push(lathe([[0, 0], [0.012, 0], [0.017, 0.012], [0.013, 0.02], [0, 0.02]], { segments: 10 }).translate(...at(0, 0.36)));
    }
    fittings.push(lathe([[0, height - 0.03], [0.052, height - 0.03], [0.056, height], [0.03, height + 0.016], [0.014, height + 0.02], [0.014, height + 0.1], [0, height + 0.1]], { segments: 18 }).crease(45));
    fittings.push(lathe([[0, 0], [0.02, 0], [0.026, 0.014], [0.02, 0.028], [0, 0.028]], { segments: 12 }).translate(0, height * 0.5 - 0.014, 0));
  } else {
    shapes.push(lathe(bevelCorners([[0, 0], [0.15, 0], [0.15, 0.014], [0.12, 0.024], [0.035, 0.034], [0.02, 0.06], [0.013, 0.075], [0.013, 0.6], [0.02, 0.61], [0.02, 0.63], [0.013, 0.64], [0.011, height + 0.08], [0, height + 0.08]], 0.004), { segments: 28 }).crease(40));
    fittings.push(torus(0.15, 0.006, 28, 6).translate(0, 0.014, 0));
  }
  const low = style.range(0.2, 0.25);
  const high = low * (isTripod ? style.range(0.8, 0.95) : style.range(0.55, 0.8));
  const tall = style.range(0.27, 0.33);
  const { skin, rims } = lampShade(low, high, height + 0.03, tall, 40);
  const spider = height + 0.03 + tall - 0.03;
  fittings.push(tube([[0, height + 0.08, 0], [0, spider, 0]], 0.006, 8), rims);
  for (let spoke = 0; spoke < 3; spoke += 1) {
    const angle = (TAU * spoke) / 3;
    fittings.push(tube([[0, spider, 0], [high * 1.01 * sin(angle), spider, high * 1.01 * cos(angle)]], 0.003, 5));
  }
  fittings.push(lathe(ballProfile(0.014, 6), { segments: 10 }).crease(90).translate(0, spider, 0));
  const bulb = lathe(ballProfile(0.045, 8), { segments: 14 }).crease(90).translate(0, height + 0.1, 0);
  return [createPart('stand', stand, shapes), createPart('fittings', metal, fittings), createPart('shade', shadeFinish(spec, palette, 1), skin), createPart('bulb', GLOW, bulb)];
}

function deskLamp(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const paint = finishOf(spec, palette, { classes: ['metal', 'ceramic', 'wood'], fallback: 'ceramic', parts: ['shade', 'head', 'base'], colorIndex: 0, tint: style.pick([[0.4, 0.05, 0.03], [0.03, 0.12, 0.12], [0.05, 0.05, 0.055], [0.5, 0.28, 0.04]] as const) });
  const metal = finishOf(spec, palette, { classes: [], fallback: style.pick(['brass', 'steel', 'dark-iron']), parts: ['arm', 'stand'] });
  const elbow: Vec3 = [0, 0.3, -0.15];
  const wrist: Vec3 = [0, 0.5, 0.1];
  const arms: Shape[] = [];
  for (const x of [0.016, -0.016]) {
    arms.push(tube([[x, 0.045, 0], [x, elbow[1], elbow[2]]], 0.0055, 8));
    arms.push(tube([[x, elbow[1], elbow[2]], [x, wrist[1], wrist[2]]], 0.0055, 8));
  }
  const pin = lathe([[0, -0.028], [0.013, -0.028], [0.016, -0.02], [0.016, 0.02], [0.013, 0.028], [0, 0.028]], { segments: 14 }).crease(40).rotateZ(Math.PI / 2);
  arms.push(pin.clone().translate(...elbow), pin.clone().translate(...wrist), pin.clone().translate(0, 0.05, 0));
  for (const side of [1, -1]) {
    const coil: Vec3[] = [];
    for (let step = 0; step <= 48; step += 1) {
      const t = step / 48;
      const angle = t * TAU * 8;
      coil.push([side * 0.027 + 0.006 * cos(angle), 0.085 + 0.1 * t, -0.02 - 0.05 * t + 0.006 * sin(angle)]);
    }
    arms.push(tube(coil, 0.0018, 5));
  }
  const base = lathe(bevelCorners([[0, 0], [0.1, 0], [0.1, 0.012], [0.085, 0.024], [0.03, 0.032], [0.024, 0.05], [0, 0.052]], 0.005, { steps: 2 }), { segments: 30 }).crease(42);
  const outer: Vec2[] = [[0.098, 0], [0.092, 0.025], [0.07, 0.07], [0.042, 0.1], [0.03, 0.115], [0.028, 0.15], [0.018, 0.158]];
  const skin = lathe([[0, 0.155], [0.016, 0.15], [0.026, 0.112], [0.038, 0.097], [0.066, 0.066], [0.088, 0.023], [0.095, 0], ...outer, [0, 0.158]], { segments: 28 }).crease(55);
  const tilt = (shape: Shape): Shape => shape.translate(0, -0.12, 0).rotateX(-0.55).translate(0, wrist[1] + 0.0, wrist[2] + 0.012);
  const bulb = lathe(ballProfile(0.034, 8), { segments: 14 }).crease(90).translate(0, 0.018, 0);
  return [createPart('paint', paint, [base, tilt(skin)]), createPart('arms', metal, arms), createPart('bulb', GLOW, tilt(bulb))];
}

function metalOf(spec: ObjectSpec, palette: Palette, style: RandomStream, choices: readonly string[]): KitMaterial {
  return finishOf(spec, palette, { classes: ['metal', 'wood'], fallback: style.pick(choices), parts: ['frame', 'body', 'post', 'pole'], colorIndex: 0 });
}

function handLantern(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const metal = metalOf(spec, palette, style, ['dark-iron', 'iron', 'copper', 'brass']);
  const sides = style.pick([4, 4, 6]);
  const foot = style.range(0.068, 0.08);
  const built = lantern({ sides, foot, shoulder: foot * style.range(0.98, 1.12), glazing: style.range(0.16, 0.2), roof: style.range(0.09, 0.12) });
  const frame = [...built.frame];
  for (let index = 0; index < sides; index += 1) {
    const angle = (TAU * (index + 0.5)) / sides;
    frame.push(lathe(ballProfile(0.011, 6), { segments: 10 }).crease(90).translate(foot * 1.08 * sin(angle), -0.012, foot * 1.08 * cos(angle)));
  }
  frame.push(bail(foot * 0.62, 0.1, built.top - 0.028));
  frame.push(torus(0.022, 0.004, 18, 6).rotateX(Math.PI / 2).translate(0, built.top + 0.092, 0));
  const glass = palette.material('glass', spec.colors.length > 1 ? { tint: spec.colors[1] as readonly [number, number, number] } : { tint: [0.85, 0.62, 0.3] });
  const candleHeight = style.range(0.065, 0.085);
  return [
    createPart('frame', metal, frame),
    createPart('candle', WAX, [...candle(0.02, candleHeight, style)].map((shape) => shape.translate(0, built.floor, 0))),
    createPart('flame', FLAME, flame(0.05).translate(0, built.floor + candleHeight + 0.002, 0)),
    createPart('glass', glass, built.glass),
  ];
}

function streetLamp(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const metal = metalOf(spec, palette, style, ['dark-iron', 'dark-iron', 'iron', 'bronze']);
  const height = style.range(2.7, 3.1);
  const post = lathe(
    bevelCorners(
      [[0, 0], [0.2, 0], [0.2, 0.09], [0.165, 0.12], [0.15, 0.15], [0.15, 0.46], [0.17, 0.49], [0.17, 0.53], [0.1, 0.58], [0.085, 0.64], [0.092, 0.68], [0.068, 0.72], [0.058, height * 0.55], [0.07, height * 0.55 + 0.015], [0.07, height * 0.55 + 0.045], [0.055, height * 0.55 + 0.06], [0.045, height - 0.16], [0.065, height - 0.13], [0.07, height - 0.09], [0.045, height - 0.06], [0.06, height - 0.02], [0.1, height], [0, height]],
      0.012,
    ),
    { segments: 12 },
  ).crease(28);
  const shapes: Shape[] = [post];
  const barY = height - 0.32;
  shapes.push(tube([[-0.3, barY, 0], [0.3, barY, 0]], 0.016, 8));
  for (const side of [1, -1]) {
    shapes.push(lathe(ballProfile(0.03, 6), { segments: 10 }).crease(90).translate(side * 0.3, barY - 0.03, 0));
    const scroll = smoothPath([[side * 0.05, barY - 0.34, 0], [side * 0.09, barY - 0.2, 0], [side * 0.2, barY - 0.16, 0], [side * 0.235, barY - 0.07, 0], [side * 0.17, barY - 0.03, 0], [side * 0.13, barY - 0.08, 0]], 4);
    shapes.push(tube(scroll, (t) => 0.014 - 0.005 * t, 8));
  }
  for (let index = 0; index < 8; index += 1) shapes.push(beam([[0, 0.18, 0.152], [0, 0.43, 0.152]], 0.05, 0.014, { bevel: 0.005, up: [0, 0, 1] }).rotateY((TAU * (index + 0.5)) / 8));
  const sides = style.pick([4, 6, 6]);
  const head = lantern({ sides, foot: 0.13, shoulder: 0.215, glazing: 0.4, roof: 0.3 });
  for (const shape of head.frame) shapes.push(shape.translate(0, height, 0));
  shapes.push(lathe([[0, 0], [0.03, 0], [0.035, 0.03], [0.018, 0.05], [0.028, 0.08], [0.02, 0.11], [0, 0.19]], { segments: 10 }).crease(50).translate(0, height + head.top - 0.012, 0));
  const bulb = lathe(turnedProfile([[0.02, 0], [0.06, 0.08], [0.07, 0.15], [0.03, 0.24], [0.004, 0.27]], 3), { segments: 14 }).crease(90);
  return [
    createPart('post', metal, shapes),
    createPart('light', GLOW, bulb.translate(0, height + head.floor, 0)),
    createPart('glass', palette.material('glass', { tint: [0.9, 0.74, 0.46] }), head.glass.translate(0, height, 0)),
  ];
}

function candleStick(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const metal = finishOf(spec, palette, { classes: ['metal', 'wood', 'ceramic', 'stone', 'glass'], fallback: style.pick(['brass', 'dark-iron', 'silver', 'copper']), parts: ['holder', 'stick', 'base'], colorIndex: 9 });
  const waxColor = readSpec(spec).colors[0];
  const wax = waxColor === undefined ? WAX : { ...WAX, baseColor: [waxColor[0], waxColor[1], waxColor[2], 1] as const };
  const radius = style.range(0.017, 0.021);
  const isTall = style.chance(0.5);
  const tall = style.range(0.11, 0.16);
  const shapes: Shape[] = [];
  let floor: number;
  if (isTall) {
    floor = tall;
    shapes.push(lathe(turnedProfile([[0.06, 0], [0.062, 0.008], [0.045, 0.02], [0.02, 0.034], [0.014, 0.05], [0.024, 0.066], [0.013, 0.08], [0.016, floor - 0.024], [0.04, floor - 0.012], [0.042, floor - 0.006], [0.024, floor]], 3), { segments: 24 }).crease(55));
    shapes.push(lathe([[radius * 1.1, floor - 0.004], [radius * 1.25, floor - 0.004], [radius * 1.3, floor + 0.02], [radius * 1.1, floor + 0.02]], { segments: 20, closed: true }).crease(40));
  } else {
    floor = 0.014;
    shapes.push(lathe([[0, 0], [0.052, 0], [0.074, 0.012], [0.078, 0.022], [0.074, 0.024], [0.068, 0.016], [0.05, 0.007], [0, 0.007]], { segments: 28 }).crease(45));
    shapes.push(lathe([[0, 0.006], [radius * 1.5, 0.006], [radius * 1.25, 0.014], [radius * 1.25, 0.038], [radius * 1.42, 0.042], [radius * 1.1, 0.043], [radius * 1.05, 0.014], [0, 0.014]], { segments: 20 }).crease(40));
    shapes.push(torus(0.02, 0.0045, 18, 8).rotateX(Math.PI / 2).translate(0.092, 0.024, 0));
  }
  const candleHeight = style.range(0.1, 0.17);
  const top = floor + candleHeight;
  return [
    createPart('holder', metal, shapes),
    createPart('candle', wax, candle(radius, candleHeight, style).map((shape) => shape.translate(0, floor, 0))),
    createPart('wick', palette.material('ebony', { size: 16 }), wick(0.012, top - radius * 0.32)),
    createPart('flame', FLAME, flame(0.042).translate(0.002, top + 0.002, 0)),
  ];
}

function paperLantern(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const radius = style.range(0.16, 0.2);
  const isTall = style.chance(0.4);
  const half = radius * (isTall ? 1.35 : 0.88);
  const ribs = 11;
  const profile: Vec2[] = [];
  for (let step = 0; step <= ribs * 2; step += 1) {
    const angle = 0.32 + ((Math.PI - 0.64) * step) / (ribs * 2);
    const bulge = step % 2 === 1 ? 0.004 : -0.003;
    profile.push([(radius + bulge) * sin(angle), half - half * cos(angle)]);
  }
  const paper = finishOf(spec, palette, { classes: [], fallback: 'glowing-paper', parts: ['paper'], colorIndex: 0, tint: style.pick([[0.62, 0.06, 0.03], [0.85, 0.6, 0.3], [0.8, 0.72, 0.55]] as const) });
  const first = profile[0] as Vec2;
  const last = profile[profile.length - 1] as Vec2;
  const cap = (y: number, size: number): Shape => lathe(bevelCorners([[0, y - 0.012], [size, y - 0.012], [size * 1.06, y], [size, y + 0.012], [0, y + 0.012]], 0.003), { segments: 24 }).crease(45);
  const black = palette.material('ebony');
  const fittings: Shape[] = [cap(first[1], first[0] * 1.04), cap(last[1], last[0] * 1.04), bail(last[0] * 0.7, 0.09, last[1] + 0.006)];
  const tassel = lathe([[0, -0.14], [0.016, -0.14], [0.012, -0.05], [0.016, -0.035], [0.011, -0.02], [0, -0.015]], { segments: 12 }).crease(60);
  tassel.append(tube([[0, -0.02, 0], [0, first[1] - 0.01, 0]], 0.0025, 6));
  return [createPart('paper', { ...paper, emissive: [0.32, 0.2, 0.09] }, lathe(profile, { segments: 30 }).crease(25)), createPart('fittings', black, fittings), createPart('tassel', palette.material('fabric', { tint: [0.5, 0.03, 0.02] }), tassel)];
}

function stoneLantern(spec: ObjectSpec, palette: Palette, style: RandomStream): GeneratedPart[] {
  const stone = finishOf(spec, palette, { classes: ['stone', 'masonry'], fallback: style.pick(['granite', 'limestone', 'basalt']), colorIndex: 0 });
  const sides = style.pick([6, 6, 4]);
  const phase = TAU / sides / 2;
  const polygonal = (points: readonly Vec2[]): Shape => lathe(bevelCorners(points, 0.012), { segments: sides, phase }).crease(26);
  const round = (points: readonly Vec2[]): Shape => lathe(bevelCorners(points, 0.01, { steps: 2 }), { segments: 22 }).crease(40);
  const shaft = style.range(0.42, 0.62);
  const y0 = 0.2;
  const y1 = y0 + shaft;
  const y2 = y1 + 0.15;
  const box = style.range(0.24, 0.28);
  const y3 = y2 + box;
  const shapes: Shape[] = [];
  shapes.push(polygonal([[0, 0], [0.36, 0], [0.36, 0.09], [0, 0.09]]));
  shapes.push(round([[0, 0.09], [0.26, 0.09], [0.27, 0.13], [0.2, 0.185], [0.16, y0], [0, y0]]));
  shapes.push(round([[0, y0], [0.145, y0], [0.125, y0 + shaft * 0.25], [0.12, y0 + shaft * 0.45], [0.15, y0 + shaft * 0.47], [0.15, y0 + shaft * 0.53], [0.12, y0 + shaft * 0.55], [0.125, y0 + shaft * 0.75], [0.14, y1], [0, y1]]));
  shapes.push(polygonal([[0, y1], [0.16, y1], [0.3, y1 + 0.07], [0.31, y1 + 0.15], [0, y1 + 0.15]]));
  const radius = 0.215;
  for (let index = 0; index < sides; index += 1) {
    const angle = phase + (TAU * index) / sides;
    shapes.push(beam([[radius * sin(angle), y2 - 0.01, radius * cos(angle)], [radius * sin(angle), y3 + 0.01, radius * cos(angle)]], 0.075, 0.075, { bevel: 0.012, up: [sin(angle), 0, cos(angle)] }));
  }
  shapes.push(polygonal([[0, y3 - 0.045], [radius * 1.1, y3 - 0.045], [radius * 1.1, y3 + 0.004], [0, y3 + 0.004]]));
  // the roof's corners sweep upwards
  const eave = 0.44;
  const roof = lathe([[0, y3], [eave * 0.5, y3], [eave, y3 + 0.015], [eave * 1.01, y3 + 0.055], [eave * 0.72, y3 + 0.085], [eave * 0.45, y3 + 0.14], [eave * 0.24, y3 + 0.215], [0, y3 + 0.23]], { segments: sides * 6, phase });
  roof.map((x, y, z) => {
    const reach = Math.sqrt(x * x + z * z);
    if (reach < 1e-6) return [x, y, z];
    // the ring is drawn in to straight eaves between the corners, which are lifted
    let nearest = -1;
    for (let index = 0; index < sides; index += 1) {
      const angle = phase + (TAU * index) / sides;
      nearest = Math.max(nearest, (x * sin(angle) + z * cos(angle)) / reach);
    }
    const half = cos(TAU / sides / 2);
    const across = (nearest - half) / (1 - half);
    const flat = half / (half * nearest + Math.sqrt(Math.max(0, 1 - half * half)) * Math.sqrt(Math.max(0, 1 - nearest * nearest)));
    const out = reach / eave;
    return [x * flat, y + 0.075 * across * across * out * out, z * flat];
  });
  shapes.push(roof.crease(32));
  const y4 = y3 + 0.2;
  shapes.push(round([[0, y4], [0.09, y4], [0.11, y4 + 0.03], [0.06, y4 + 0.05], [0.05, y4 + 0.06], [0.085, y4 + 0.1], [0.07, y4 + 0.15], [0.02, y4 + 0.2], [0, y4 + 0.215]]));
  const glow = lathe([[radius * 0.86, y2], [radius * 0.86, y3 - 0.04]], { segments: sides, phase }).crease(20);
  const parts = [createPart('stone', stone, shapes), createPart('light', palette.material('glowing-paper'), glow)];
  if (spec.wear > 0.6 || spec.styles.includes('mossy')) {
    const moss: Shape[] = [];
    for (let index = 0; index < 12; index += 1) {
      const angle = style.range(0, TAU);
      const isHigh = index < 6;
      const reach = isHigh ? style.range(0.1, 0.3) : style.range(0.22, 0.3);
      const y = isHigh ? y3 + 0.075 + 0.14 * (1 - reach / 0.3) : 0.085;
      const size = style.range(0.04, 0.085);
      moss.push(lathe([[0, -0.01], [size, -0.01], [size * 0.85, 0.014], [size * 0.4, 0.026], [0, 0.03]], { segments: 9 }).crease(90).map((x, my, z) => [x * (1 + 0.3 * sin(x * 90)), my, z * (1 + 0.3 * cos(z * 80))]).rotateX(isHigh ? 0.5 : 0).rotateY(angle).translate(reach * sin(angle), y, reach * cos(angle)));
    }
    parts.push(createPart('moss', palette.material('moss'), moss));
  }
  return parts;
}
