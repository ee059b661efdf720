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
}
