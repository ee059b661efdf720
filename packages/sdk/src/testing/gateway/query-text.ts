import { decodeUtf8 } from '../../foundation/bytes.ts';

/** Parameters of a query; the last one of a name wins. A percent sign that starts no escape stands for itself. */
export function parseQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = at < 0 ? part : part.slice(0, at);
    parameters.set(unescapeText(name), at < 0 ? '' : unescapeText(part.slice(at + 1)));
  }
  return parameters;
}

function unescapeText(text: string): string {
  const bytes: number[] = [];
  const plain = text.replaceAll('+', ' ');
  for (let at = 0; at < plain.length; at += 1) {
    const hex = plain.slice(at + 1, at + 3);
    if (plain[at] === '%' && /^[0-9a-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      at += 2;
    } else bytes.push(plain.charCodeAt(at) & 0xff);
  }
  return decodeUtf8(new Uint8Array(bytes));
}
