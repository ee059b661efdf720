import type { JsonObject } from '../foundation/json.ts';
import { LEVEL_RATIOS, type ProcessingOptions } from '../pipeline/processing-options.ts';
import type { AssetKind, ProfileName } from '../provider/request.ts';
import { UsageError } from './usage-error.ts';
import { type OptionValues, textOf } from './verb.ts';

const PROFILES: readonly ProfileName[] = ['unity', 'blender', 'web', 'print'];
const COMPRESSIONS: readonly ProcessingOptions['compress'][] = ['none', 'quantize', 'meshopt', 'draco'];
const OUTPUTS: readonly AssetKind[] = ['mesh', 'splat'];
const METRES: Readonly<Record<string, number>> = { '': 1, m: 1, cm: 0.01, mm: 0.001 };
const LENGTH = /^(\d+(?:\.\d+)?|\.\d+)\s*(m|cm|mm)?$/;
const NUMBER = /^-?(?:\d+(?:\.\d+)?|\.\d+)$/;
const TALLEST_M = 10_000;

/** Length in metres of `1.2m`, `80cm`, `45mm` or `1.2`. */
export function parseLength(text: string, option: string): number {
  const match = LENGTH.exec(text.trim().toLowerCase());
  const metres = match === null ? 0 : Number(match[1]) * (METRES[match[2] ?? ''] ?? 0);
  if (!(metres > 0) || metres > TALLEST_M) {
    throw new UsageError(`--${option} must be a length like 1.2m, 80cm or 1.2, above 0 and up to ${TALLEST_M} m.`);
  }
  // 80 · 0.01 is 0.8000000000000002 in binary: what was typed has no more than a few digits
  return Number(metres.toPrecision(12));
}

/** A whole number within a range, ends included. */
export function parseWhole(text: string, option: string, low: number, high: number): number {
  const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= low && value <= high)) {
    throw new UsageError(`--${option} must be a whole number from ${low} to ${high}.`);
  }
  return value;
}

/** A number of at least 0. */
export function parseAmount(text: string, option: string): number {
  const value = NUMBER.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= 0)) throw new UsageError(`--${option} must be a number of at least 0.`);
  return value;
}

/** One of a closed set of words. */
export function parseChoice<T extends string>(text: string, option: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw new UsageError(`--${option} must be one of ${choices.join(', ')}.`);
  return choice;
}

/** `--output`, where it was given. */
export function outputOf(values: OptionValues): AssetKind | undefined {
  const text = textOf(values, 'output');
  return text === undefined ? undefined : parseChoice(text, 'output', OUTPUTS);
}

/** Options of a provider from `KEY=VALUE` texts. Values stay texts: the provider's schema knows what they mean. */
export function parseKeyValues(texts: readonly string[]): JsonObject {
  const options: Record<string, string> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`--option must look like KEY=VALUE, "${text.slice(0, 40)}" does not.`);
    const key = text.slice(0, at).trim();
    if (!/^[A-Za-z][\w.-]*$/.test(key)) throw new UsageError(`--option has a malformed key in "${text.slice(0, 40)}".`);
    if (Object.hasOwn(options, key)) throw new UsageError(`--option ${key} was given twice.`);
    options[key] = text.slice(at + 1);
  }
  return options;
}

/**
 * How the result is processed, from `--profile`, `--height`, `--compress` and at most one of `--levels`, `--ratios` and
 * `--triangles`. Only what was given is in the result.
 */
export function processingOf(values: OptionValues): Partial<ProcessingOptions> {
  const named = ['levels', 'ratios', 'triangles'].filter((name) => textOf(values, name) !== undefined);
  if (named.length > 1) throw new UsageError(`--${named[0]} and --${named[1]} exclude each other.`);
  const profile = textOf(values, 'profile');
  const height = textOf(values, 'height');
  const compress = textOf(values, 'compress');
  return {
    ...(profile === undefined ? {} : { profile: parseChoice(profile, 'profile', PROFILES) }),
    ...(height === undefined ? {} : { heightM: parseLength(height, 'height') }),
    ...(compress === undefined ? {} : { compress: parseChoice(compress, 'compress', COMPRESSIONS) }),
    ...levelsOf(values),
  };
}

function levelsOf(values: OptionValues): Partial<Pick<ProcessingOptions, 'ratios' | 'triangles'>> {
  const levels = textOf(values, 'levels');
  if (levels !== undefined) {
    return { ratios: LEVEL_RATIOS.slice(0, parseWhole(levels, 'levels', 1, LEVEL_RATIOS.length + 1) - 1) };
  }
  const ratios = textOf(values, 'ratios');
  if (ratios !== undefined) {
    const list = ratios.split(',').map((item) => (NUMBER.test(item.trim()) ? Number(item) : Number.NaN));
    const isFalling = list.every(
      (ratio, index) => ratio > 0 && ratio < (index === 0 ? 1 : (list[index - 1] as number)),
    );
    if (!isFalling) {
      throw new UsageError('--ratios must be numbers above 0 and below 1, falling, separated by commas.');
    }
    if (list.length > MOST_LEVELS) throw new UsageError(`--ratios may name at most ${MOST_LEVELS} levels.`);
    return { ratios: list };
  }
  const triangles = textOf(values, 'triangles');
  if (triangles !== undefined) {
    const list = parseFallingList(triangles, 'triangles');
    if (list.some((count) => !Number.isSafeInteger(count) || count < 1)) {
      throw new UsageError('--triangles must be whole numbers of at least 1.');
    }
    return { triangles: list };
  }
  return {};
}

const MOST_LEVELS = 15;

function parseFallingList(text: string, option: string): number[] {
  const list = text.split(',').map((item) => parseAmount(item, option));
  if (list.length > MOST_LEVELS) throw new UsageError(`--${option} may name at most ${MOST_LEVELS} levels.`);
  if (list.some((value, index) => index > 0 && value >= (list[index - 1] as number))) {
    throw new UsageError(`--${option} must fall from one level to the next.`);
  }
  return list;
}
