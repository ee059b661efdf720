/** Text from outside on one line: no control characters, single spaces. */
export function oneLine(text: string): string {
  let line = '';
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    line += isControl ? ' ' : character;
  }
  return line.replace(/\s+/g, ' ').trim();
}

/** The first `length` code units and an ellipsis, or all of it. Cuts no character in half. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
