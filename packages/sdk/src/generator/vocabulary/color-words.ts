import { clamp, srgbToLinear } from '../../foundation/math.ts';

/** Linear RGB, [0, 1]. */
export type LinearColor = readonly [number, number, number];

/** Colour names as sRGB hexadecimal. Chosen as paint on an object rather than as light on a screen: no pure primaries. */
const COLOR_HEX: Readonly<Record<string, string>> = {
  red: 'b3261e',
  crimson: '9a1028',
  scarlet: 'c4281b',
  maroon: '661420',
  burgundy: '5e1126',
  ruby: '9c0f36',
  vermilion: 'd13f24',
  rust: '8f4320',
  orange: 'd9701a',
  tangerine: 'e3811f',
  amber: 'e0962a',
  apricot: 'eab07c',
  peach: 'f0bc98',
  coral: 'e5705a',
  salmon: 'e38a78',
  pink: 'e38fa8',
  rose: 'd1607c',
  magenta: 'b02a80',
  fuchsia: 'bf3391',
  plum: '6e2f60',
  mauve: 'a884a8',
  purple: '6a2e8c',
  violet: '6f42a8',
  lavender: 'b2a0d6',
  lilac: 'bda0cc',
  indigo: '36307e',
  navy: '18264f',
  blue: '2a57a8',
  azure: '3f86c8',
  cobalt: '1f47a0',
  sapphire: '16418f',
  cerulean: '2a7fae',
  cyan: '2fa6b3',
  aqua: '5cc3c4',
  turquoise: '3aaea0',
  teal: '1d6f70',
  green: '3b7d3a',
  lime: '8bbb2f',
  emerald: '1c7f56',
  jade: '3f8f6d',
  mint: 'a3d6ba',
  sage: '97a888',
  olive: '6a6b2c',
  khaki: 'a89a6b',
  chartreuse: 'a6c439',
  yellow: 'dcb52a',
  lemon: 'e8d557',
  mustard: 'bd932b',
  ochre: 'b07d35',
  saffron: 'dda02f',
  cream: 'efe4c8',
  ivory: 'efe9da',
  beige: 'd5c5a3',
  tan: 'b8936a',
  sand: 'cdb68b',
  brown: '6b4a2f',
  chocolate: '4a2e20',
  coffee: '55402f',
  chestnut: '6f3d28',
  sepia: '65492f',
  umber: '54422f',
  white: 'e9e7e2',
  pearl: 'e2ddd2',
  gray: '7f8082',
  grey: '7f8082',
  charcoal: '3b3d40',
  black: '232326',
};

/** Words before a colour that move it towards white, black, grey or itself. */
const SHADES: Readonly<Record<string, 'light' | 'dark' | 'muted' | 'vivid'>> = {
  light: 'light',
  pale: 'light',
  pastel: 'light',
  dark: 'dark',
  deep: 'dark',
  dusty: 'muted',
  faded: 'muted',
  muted: 'muted',
  bright: 'vivid',
  vivid: 'vivid',
  neon: 'vivid',
};

/** Linear colour of a name, changed by the shade words before it, or undefined if it is none. */
export function colorOf(name: string, shades: readonly string[] = []): LinearColor | undefined {
  const hex = Object.hasOwn(COLOR_HEX, name) ? COLOR_HEX[name] : undefined;
  if (hex === undefined) return undefined;
  let color = [0, 2, 4].map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255) as [
    number,
    number,
    number,
  ];
  for (const word of shades) {
    const shade = isShade(word) ? SHADES[word] : undefined;
    const [red, green, blue] = color;
    const grey = red * 0.3 + green * 0.59 + blue * 0.11;
    if (shade === 'light') color = [red + (1 - red) * 0.45, green + (1 - green) * 0.45, blue + (1 - blue) * 0.45];
    else if (shade === 'dark') color = [red * 0.55, green * 0.55, blue * 0.55];
    else if (shade === 'muted') color = mixChannels(color, [grey, grey, grey], 0.45);
    else if (shade === 'vivid') color = mixChannels([grey, grey, grey], color, 1.35);
  }
  return [
    srgbToLinear(clamp(color[0], 0, 1)),
    srgbToLinear(clamp(color[1], 0, 1)),
    srgbToLinear(clamp(color[2], 0, 1)),
  ];
}

/** True for `light`, `dark` and the like, which change the colour they stand before. */
export function isShade(word: string): boolean {
  return Object.hasOwn(SHADES, word);
}

/** Every colour name, for suggestions and documentation. */
export const COLOR_NAMES: readonly string[] = Object.keys(COLOR_HEX);

function mixChannels(
  from: readonly [number, number, number],
  to: readonly [number, number, number],
  share: number,
): [number, number, number] {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}
