const REDACTED = '[redacted]';

/**
 * What secrets look like in texts of strangers: authorization schemes, parameters and members named after secrets, JSON
 * web tokens, keys with the prefixes services give them, UUIDs (the form of some services' keys), long random runs, and
 * long runs of percent escapes.
 *
 * A digest or an id too many is blanked out here; a key that slips through would end up in an event for ever.
 */
const PATTERNS: readonly RegExp[] = [
  /\b(?:Bearer|Basic|Token|Digest)\s+[\w.~+/=-]{6,}/gi,
  /\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g,
  /\b(?:sk|pk|rk|key|tok|pat|ghp|gho|xox[abp]|msy|tsk|tcli|r8|hf|fal)[-_][\w-]{8,}/gi,
  /\b[0-9a-f]{8}(?:(?:-|%2d)[0-9a-f]{4}){3}(?:-|%2d)[0-9a-f]{12}\b/gi,
  /(?:%[0-9a-f]{2}){12,}/gi,
  /\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{32,}\b/gi,
];

const NAMED =
  /((?:api[-_ ]?key|x-api-key|authorization|access[-_ ]?token|auth[-_ ]?token|token|secret|password|passphrase|signature|sig|credential|x-amz-[a-z-]+)["']?\s*[:=]\s*["']?)[^\s"'&,;}]+/gi;

/** Takes what looks like a secret out of a text that came from outside, before it gets into an error, event or log. */
export function redactSecrets(text: string): string {
  let clean = text;
  for (const pattern of PATTERNS) clean = clean.replace(pattern, REDACTED);
  return clean.replace(NAMED, `$1${REDACTED}`);
}

/** A short, redacted, single-line piece of a body, for error messages. */
export function excerpt(text: string, limit = 200): string {
  // Redacted before it is cut: half a key no longer looks like one.
  const clean = redactSecrets(text.slice(0, 20_000)).replaceAll(/\s+/g, ' ').trim();
  return clean.length <= limit ? clean : `${clean.slice(0, limit)}…`;
}
