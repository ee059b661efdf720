import { constants, createContext, Script } from 'node:vm';
import type { DriverResult } from '../bundle/driver.ts';
import type { EngineResult, ScriptEngine } from './engine.ts';

/** What a context of V8 has beyond the language, and the V8 inside Unity does not. */
const BEYOND_THE_LANGUAGE = ['WebAssembly', 'Intl', 'console'];

/** An empty context of Node's own V8: no WebAssembly, no Intl, no platform. */
export function createVmEngine(): ScriptEngine {
  // An ordinary global object: one that stands for an object of ours makes every use of `Math` a call into Node.
  const context = createContext(constants.DONT_CONTEXTIFY);
  const evaluate = (code: string, fileName: string): unknown =>
    new Script(code, { filename: fileName }).runInContext(context);
  for (const name of BEYOND_THE_LANGUAGE) evaluate(`delete globalThis.${name}`, 'setup.js');
  return {
    evaluate: (code, fileName) => {
      evaluate(code, fileName);
    },
    async call(name, argument): Promise<EngineResult> {
      const call = `driver[${JSON.stringify(name)}](${JSON.stringify(JSON.stringify(argument))})`;
      const result = (await evaluate(call, 'call.js')) as DriverResult;
      return { value: JSON.parse(result.json), buffers: result.buffers.map((buffer) => new Uint8Array(buffer)) };
    },
    globalNames: () =>
      JSON.parse(String(evaluate('JSON.stringify(Object.getOwnPropertyNames(globalThis))', 'names.js'))),
    dispose: () => undefined,
  };
}
