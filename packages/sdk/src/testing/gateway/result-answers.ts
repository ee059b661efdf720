import { refuseWithText } from './error-answers.ts';
import type { GatewayAnswer } from './gateway-messages.ts';
import type { KeptResult, LiveTask, TaskMemory } from './gateway-task.ts';
import { zipStream } from './zip-stream.ts';

/** What a `get_result` asks for, and what it takes to answer. */
export interface ResultQuery {
  readonly task: LiveTask;
  readonly memory: TaskMemory;
  /** Every success instead of the first. */
  readonly wantsAll: boolean;
  /** As written in the query. */
  readonly compress: string | undefined;
  readonly format: string | undefined;
  /** The file of a success. */
  readonly readFile: (result: KeptResult) => Promise<Uint8Array>;
  /** Turns an SPZ file into a PLY one; throws for anything else. */
  readonly toPly: (spz: Uint8Array) => Uint8Array;
}

const BINARY_TYPE = 'application/octet-stream';

/**
 * Serves the results of a task that has some.
 *
 * @throws `Refusal` 400 for a flag that cannot be read, 404 where nothing succeeded, 500 where a conversion fails.
 * @source gateway-rs src/http3/handlers/result/read.rs
 */
export async function answerResult(query: ResultQuery): Promise<GatewayAnswer> {
  const { task, memory } = query;
  const wantsPly = readWantsPly(query.compress, query.format);
  // after the deadline the name of the model is gone and the default one's output taken for granted
  const isMesh = memory.knowsModel && task.order.model.output === 'mesh';
  const extension = isMesh ? 'glb' : wantsPly ? 'ply' : 'spz';
  const successes = memory.results.filter((result) => result.successIndex !== null);
  if (successes.length === 0) {
    const reason = memory.results.filter((result) => result.reason !== null).at(-1)?.reason ?? 'Unknown failure';
    throw refuseWithText(404, `No successful results found for task ID ${task.order.id}. Failure reason: ${reason}`);
  }
  const read = async (result: KeptResult): Promise<Uint8Array> => {
    const file = await query.readFile(result);
    if (extension !== 'ply') return file;
    try {
      return query.toPly(file);
    } catch {
      throw refuseWithText(500, '');
    }
  };
  if (query.wantsAll) {
    const entries = successes.map((result, index) => ({ name: `${index + 1}.${extension}`, read: () => read(result) }));
    return {
      status: 200,
      headers: { 'content-type': 'application/zip', 'content-disposition': 'attachment; filename="results.zip"' },
      body: zipStream(entries),
    };
  }
  const body = await read(successes[0] as KeptResult);
  return {
    status: 200,
    headers: {
      'content-type': isMesh ? 'model/gltf-binary' : BINARY_TYPE,
      'content-disposition': `attachment; filename="result.${extension}"`,
      'content-length': String(body.length),
    },
    body,
  };
}

function readWantsPly(compress: string | undefined, format: string | undefined): boolean {
  const flag = compress === undefined ? true : readFlag(compress);
  const legacy = format?.toLowerCase();
  return legacy === 'ply' || (legacy !== 'spz' && !flag);
}

function readFlag(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  if (['0', 'false', 'no', 'off'].includes(word)) return false;
  throw refuseWithText(400, 'Invalid compress value. Use 1/0/true/false.');
}
