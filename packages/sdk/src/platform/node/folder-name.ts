import { existsSync } from 'node:fs';
import { join } from 'node:path';

const LONGEST = 48;
const FALLBACK = 'asset';
// Names Windows gives to devices, with or without an extension.
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** Name for a folder from free text: lower-case ASCII words joined by `-`. */
export function slugOf(text: string): string {
  const words = text
    .normalize('NFKD') // é is e and an accent, which the next line drops
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  let slug = '';
  for (const word of words) {
    const longer = slug === '' ? word.slice(0, LONGEST) : `${slug}-${word}`;
    if (longer.length > LONGEST) break;
    slug = longer;
  }
  return slug === '' || RESERVED.test(slug) ? FALLBACK : slug;
}

/**
 * Path of a folder below `parent` that does not exist yet: the slug of `text`, or the slug with `-2`, `-3`, ….
 *
 * @param isTaken - True for a path that is promised to somebody.
 */
export function newFolder(parent: string, text: string, isTaken: (path: string) => boolean = () => false): string {
  const slug = slugOf(text);
  for (let number = 1; ; number += 1) {
    const path = join(parent, number === 1 ? slug : `${slug}-${number}`);
    if (!existsSync(path) && !isTaken(path)) return path;
  }
}
