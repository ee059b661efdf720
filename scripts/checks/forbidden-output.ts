/** One thing a neutral bundle must not use. */
export interface ForbiddenUse {
  readonly what: string;
  readonly excerpt: string;
}

interface Rule {
  readonly what: string;
  readonly pattern: RegExp;
}

/** What types cannot see, or what only libraries bring. */
const RULES: readonly Rule[] = [
  { what: 'a Node module', pattern: /\bimport\s*\(?\s*["']node:|from\s*["']node:|require\(\s*["']/g },
  { what: 'Intl', pattern: /\bIntl\./g },
  { what: 'a locale', pattern: /\.toLocale[A-Z]\w*\(/g },
  { what: 'Unicode normalisation', pattern: /\.normalize\(\s*(?:["']NF|\))/g },
  { what: 'a Unicode property in a regular expression', pattern: /\\p\{/g },
  { what: 'a look-behind in a regular expression', pattern: /\(\?<[=!]/g },
];

/**
 * Uses in libraries that are known and harmless, by a piece of the surrounding text. Each says why it may stay.
 */
const KNOWN: readonly { readonly near: string; readonly reason: string }[] = [
  {
    near: '_longFormatter = new Intl.NumberFormat',
    reason: 'glTF functions: for log lines only; the prelude of script engines has a stand-in for this one call.',
  },
  {
    near: '{Extended_Pictographic}',
    reason: 'zod: the text of its emoji pattern. Only z.emoji() makes a regular expression of it.',
  },
];

const EXCERPT = 70;

/** What the text of a bundle uses and must not. */
export function findForbidden(text: string): readonly ForbiddenUse[] {
  const found: ForbiddenUse[] = [];
  for (const { what, pattern } of RULES) {
    for (const match of text.matchAll(pattern)) {
      const around = text.slice(Math.max(0, match.index - EXCERPT), match.index + EXCERPT);
      if (KNOWN.some(({ near }) => around.includes(near))) continue;
      found.push({ what, excerpt: around.replace(/\s+/g, ' ').trim() });
    }
  }
  return found;
}
