import variant from '@jitl/quickjs-ng-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
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

/**
 * 512 MB from the beginning, of which only what is used is real. If memory grows while promise jobs run,
 * quickjs-emscripten reads a result through a view of the old memory, makes a context nobody asked for and frees values
 * in the wrong one; the process then ends in an assertion.
 *
 * @source quickjs-emscripten-core 0.32 `executePendingJobs`; github.com/justjake/quickjs-emscripten/issues/269
 */
const MEMORY_PAGES = 8192;
/** What the module was built with. */
const LARGEST_MEMORY_PAGES = 32_768;

/**
 * The collector of cycles runs when the heap has grown by half since its last run. In this build it miscounts
 * when it runs below an async function that has been resumed (`gc_decref_child: p->ref_count > 0`) and ends the process.
 * Many objects at the start, when nothing is suspended, keep it from running before the engine is disposed of; what is
 * in no cycle is freed by counting references as always.
 */
const RAISE_COLLECTION_THRESHOLD = '{ const many = []; for (let count = 0; count < 1e6; count += 1) many.push({}); }';

// Node has it; the types in use here do not say so.
const { Memory } = (globalThis as unknown as { WebAssembly: WebAssemblyValues }).WebAssembly;
interface WebAssemblyValues {
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
  }) => { readonly buffer: ArrayBuffer };
}

/** QuickJS-ng, the engine family of PuerTS's default backend, in Node. */
export async function createQuickJsEngine(stackBytes = STACK_BYTES): Promise<ScriptEngine> {
  const wasmMemory = new Memory({ initial: MEMORY_PAGES, maximum: LARGEST_MEMORY_PAGES });
  const quickJs = await newQuickJSWASMModuleFromVariant(
    newVariant(variant as unknown as QuickJSSyncVariant, { wasmMemory: wasmMemory as never }),
  );
  const memoryBytes = (): number => wasmMemory.buffer.byteLength;
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

  evaluate(RAISE_COLLECTION_THRESHOLD, 'collector.js').dispose();
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
    dispose() {
      context.dispose();
      runtime.dispose();
      if (memoryBytes() !== MEMORY_PAGES * 65_536) {
        throw new Error(`QuickJS needed ${memoryBytes()} bytes; give it as many from the beginning.`);
      }
    },
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
