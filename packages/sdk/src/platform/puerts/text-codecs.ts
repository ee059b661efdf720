import { decodeUtf8, encodeUtf8 } from '../../foundation/bytes.ts';

/** What libraries call of the platform's `TextEncoder`. */
export class ScriptTextEncoder {
  readonly encoding = 'utf-8';

  encode(text = ''): Uint8Array {
    return encodeUtf8(String(text));
  }
}

const UTF8_LABELS = new Set(['utf-8', 'utf8', 'unicode-1-1-utf-8']);
const LATIN1_LABELS = new Set(['latin1', 'iso-8859-1', 'windows-1252', 'ascii', 'us-ascii']);

/** Windows-1252 from 0x80 to 0x9f, which is what the label `latin1` means. @source WHATWG Encoding, index windows-1252 */
const WINDOWS_1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/** What libraries call of the platform's `TextDecoder`: UTF-8 and Latin-1, whole buffers only. */
export class ScriptTextDecoder {
  readonly encoding: 'utf-8' | 'windows-1252';
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;

  constructor(label = 'utf-8', options: { readonly fatal?: boolean; readonly ignoreBOM?: boolean } = {}) {
    const name = String(label).trim().toLowerCase();
    if (!UTF8_LABELS.has(name) && !LATIN1_LABELS.has(name)) {
      throw new RangeError(`The encoding "${name}" is not supported here.`);
    }
    this.encoding = UTF8_LABELS.has(name) ? 'utf-8' : 'windows-1252';
    this.fatal = options.fatal === true;
    this.ignoreBOM = options.ignoreBOM === true;
  }

  decode(input?: ArrayBuffer | ArrayBufferView, options: { readonly stream?: boolean } = {}): string {
    if (options.stream === true) throw new TypeError('Decoding in pieces is not supported here.');
    if (input === undefined) return '';
    const bytes = ArrayBuffer.isView(input)
      ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
      : new Uint8Array(input);
    if (this.encoding === 'windows-1252') return decodeWindows1252(bytes);
    const text = decodeUtf8(bytes);
    if (this.fatal && !isSameBytes(encodeUtf8(text), bytes)) throw new TypeError('The bytes are not UTF-8.');
    return !this.ignoreBOM && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}

function decodeWindows1252(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += byte >= 0x80 && byte < 0xa0 ? WINDOWS_1252.charAt(byte - 0x80) : String.fromCharCode(byte);
  }
  return text;
}

function isSameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
