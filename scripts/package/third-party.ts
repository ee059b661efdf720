import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NpmPackage } from './npm-file.ts';

interface Notice {
  readonly title: string;
  readonly licence: string;
  readonly text: string;
}

const LICENCE_FILE = /^(licen[cs]e|copying|notices?)([.-].*)?$/i;

/**
 * The licences of everything that was bundled, as a text for people: each package once, with its licence's own words.
 *
 * @param inputs - Absolute paths of the files in the bundle.
 * @param native - Packages whose files lie beside the bundle, with their files.
 */
export function describeThirdParties(
  inputs: readonly string[],
  native: ReadonlyMap<NpmPackage, ReadonlyMap<string, Uint8Array>>,
): string {
  const notices = new Map<string, Notice>();
  for (const folder of new Set(inputs.flatMap(packageFolderOf))) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder)
      .filter((file) => LICENCE_FILE.test(file))
      .sort()
      .map((file) => readFileSync(join(folder, file), 'utf8'));
    notices.set(`${name}@${version}`, { title: `${name} ${version}`, licence: license, text: texts.join('\n') });
  }
  for (const [{ name, version }, files] of native) {
    const { license } = JSON.parse(Buffer.from(files.get('package.json') ?? []).toString() || '{}');
    const texts = [...files]
      .filter(([file]) => LICENCE_FILE.test(file))
      .map(([, bytes]) => Buffer.from(bytes).toString());
    notices.set(`${name}@${version}`, { title: `${name} ${version}`, licence: license, text: texts.join('\n') });
  }
  // the same words are printed once, under all the names they belong to
  const titlesOf = new Map<string, string[]>();
  for (const { title, licence, text } of [...notices.values()].toSorted((a, b) => (a.title < b.title ? -1 : 1))) {
    if (typeof licence !== 'string') throw new Error(`${title} names no licence.`);
    const words = `Licence: ${licence}\n\n${text.trim()}\n`;
    titlesOf.set(words, [...(titlesOf.get(words) ?? []), title]);
  }
  const sections = [...titlesOf].map(([words, titles]) => `${'='.repeat(80)}\n${titles.join('\n')}\n${words}`);
  return `Maquette's helper contains these works of others, under their own licences.\n\n${sections.join('\n')}`;
}

/** The folder of the package a file belongs to; none for a file of our own. */
function packageFolderOf(path: string): readonly string[] {
  if (!path.split(/[\\/]/).includes('node_modules')) return [];
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    // some packages have package.json files inside, which only say how to load
    if (existsSync(file) && typeof JSON.parse(readFileSync(file, 'utf8')).version === 'string') return [folder];
  }
  return [];
}
