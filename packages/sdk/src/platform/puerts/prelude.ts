import { ScriptTextDecoder, ScriptTextEncoder } from './text-codecs.ts';

/**
 * Stands in for `Intl.NumberFormat`, which `@gltf-transform/functions` constructs while it loads, for log lines only.
 */
class PlainNumberFormat {
  format(value: number): string {
    return String(Math.round(value));
  }
}

/**
 * Gives an engine the few globals that libraries insist on, each only where it is missing.
 *
 * They are looked up while the libraries load, so this must run before the bundle, as a script of its own.
 *
 * - `TextEncoder`, `TextDecoder`: glTF-Transform reads and writes GLB with them.
 * - `Intl.NumberFormat`: `@gltf-transform/functions` makes one at module level.
 * - `atob`: glTF-Transform decodes data URIs with it.
 *
 * Nothing else, on purpose: what the SDK itself needs of the machine is passed in as a Host.
 *
 * @param globalObject - Usually `globalThis`.
 */
export function installPrelude(globalObject: object): void {
  const target = globalObject as Record<string, unknown>;
  const install = (name: string, value: unknown): void => {
    if (target[name] !== undefined) return;
    Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
  };
  install('TextEncoder', ScriptTextEncoder);
  install('TextDecoder', ScriptTextDecoder);
  install('Intl', { NumberFormat: PlainNumberFormat });
  install('atob', decodeBase64);
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** `atob`: base 64 to a string of one character per byte. @source WHATWG Infra, forgiving-base64 decode */
function decodeBase64(input: string): string {
  let text = String(input).replace(/[\t\n\f\r ]/g, '');
  if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '');
  let bits = 0;
  let bitCount = 0;
  let decoded = '';
  for (const character of text) {
    const value = BASE64.indexOf(character);
    if (value < 0 || text.length % 4 === 1) throw new TypeError('The text is not base 64.');
    bits = ((bits << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      decoded += String.fromCharCode((bits >> bitCount) & 0xff);
    }
  }
  return decoded;
}
