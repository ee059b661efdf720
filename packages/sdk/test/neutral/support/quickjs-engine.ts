import variant from '@jitl/quickjs-ng-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import type { EngineResult, ScriptEngine } from './engine.ts';

/**
 * PuerTS gives its QuickJS 256 KB of stack, on which a plain recursion gets 397 frames deep. Compiled to WebAssembly the
 * same engine keeps most of a frame outside this stack: 256 KB are 1633 frames here, 64 KB are 400. Depth is what
 * libraries fail on, so that is what is matched.
 *
 * @source measured 2026-11-21: quickjs-ng-wasmfile-release-sync 0.32; PuerTS 3.0.2 as in its reference
 */
const STACK_BYTES = 64 * 1024;

/** QuickJS-ng, the engine family of PuerTS's default backend, in Node. */
export async function createQuickJsEngine(stackBytes = STACK_BYTES): Promise<ScriptEngine> {
  const quickJs = await newQuickJSWASMModuleFromVariant(variant as unknown as QuickJSSyncVariant);
  const runtime = quickJs.newRuntime();
  runtime.setMaxStackSize(stackBytes);
  const context = runtime.newContext();

  const evaluate = (code: string, fileName: string): QuickJSHandle => take(context.evalCode(code, fileName));
  const take = (result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle => {
    if (!('error' in result) || result.error === undefined) return result.value;
    throw result.error.consume((handle) => toError(context, handle));
  };
  const runJobs = (): void => {
    const result = runtime.executePendingJobs();
    if ('error' in result && result.error !== undefined)
      throw result.error.consume((handle) => toError(context, handle));
  };
  const text = (handle: QuickJSHandle, name: string): string =>
    context.getProp(handle, name).consume((property) => context.getString(property));

  return {
    evaluate(code, fileName) {
      evaluate(code, fileName).dispose();
      runJobs();
    },
    async call(name, argument): Promise<EngineResult> {
      const call = `driver[${JSON.stringify(name)}](${JSON.stringify(JSON.stringify(argument))})`;
      const promise = evaluate(call, 'call.js');
      try {
        runJobs();
        const state = context.getPromiseState(promise);
        if (state.type === 'pending') throw new Error(`${name} waits for something that no promise job brings.`);
        if (state.type === 'rejected') throw state.error.consume((handle) => toError(context, handle));
        return state.value.consume((result) => ({
          value: JSON.parse(text(result, 'json')),
          buffers: context.getProp(result, 'buffers').consume((list) => {
            const length = context.getProp(list, 'length').consume((handle) => context.getNumber(handle));
            return Array.from({ length }, (_, index) =>
              context
                .getProp(list, index)
                .consume((handle) => context.getArrayBuffer(handle).consume(({ value }) => value.slice())),
            );
          }),
        }));
      } finally {
        promise.dispose();
      }
    },
    globalNames: () =>
      evaluate('JSON.stringify(Object.getOwnPropertyNames(globalThis))', 'names.js').consume((handle) =>
        JSON.parse(context.getString(handle)),
      ),
    // Not runtime.dispose(): this build of QuickJS-ng ends the process over objects it leaked itself. Every engine is a
    // WebAssembly instance of its own, which goes as a whole when nobody holds it.
    dispose: () => undefined,
  };
}

/** An error of this side with the name, message and stack of one inside. */
function toError(context: QuickJSContext, handle: QuickJSHandle): Error {
  const dumped = context.dump(handle) as { name?: string; message?: string; stack?: string } | string;
  if (typeof dumped !== 'object') return new Error(String(dumped));
  const error = new Error(`${dumped.name}: ${dumped.message}\n${dumped.stack ?? ''}`);
  error.name = dumped.name ?? 'Error';
  return error;
}
