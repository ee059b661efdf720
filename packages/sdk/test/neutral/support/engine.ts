/** What a function of the driver gave. */
export interface EngineResult {
  /** Its JSON, parsed. */
  readonly value: unknown;
  readonly buffers: readonly Uint8Array[];
}

/** A script engine without a platform. */
export interface ScriptEngine {
  /** Runs a script and waits for the promise jobs it left. Throws what the script threw. */
  evaluate(code: string, fileName: string): void;
  /** Calls `driver.<name>(JSON text)` and waits for its promise, running promise jobs until nothing is left to run. */
  call(name: string, argument: unknown): Promise<EngineResult>;
  /** Names of all global properties. */
  globalNames(): readonly string[];
  dispose(): void;
}
