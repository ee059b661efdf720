import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { SdkError } from '../foundation/errors.ts';
import type { Environment } from '../platform/node/maquette-home.ts';

/** What the command line sees of the world it was started in. */
export interface Terminal {
  readonly env: Environment;
  /** Folder that relative paths of arguments belong to: where npm was called, else the working folder. */
  readonly folder: string;
  /** True if progress can be drawn over itself. */
  readonly canRedraw: boolean;
  /** True if colours are wanted. */
  readonly hasColor: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
  /** True if a person types the input. */
  readonly isInputTyped: boolean;
  /** Writes a result and a line feed to stdout. */
  readonly print: (line: string) => void;
  /** Writes to stderr as it is. */
  readonly note: (text: string) => void;
  /** Absolute path of a path argument. */
  readonly pathOf: (path: string) => string;
  /** Reads standard input to its end. `INPUT_INVALID` above `limitBytes`. */
  readonly readInput: (limitBytes: number) => Promise<string>;
}

/** The terminal of a process. */
export function createProcessTerminal(process: NodeJS.Process): Terminal {
  const { env, stdout, stderr, stdin } = process;
  // Whoever reads our output may stop, as `head` does: that is no failure. The work goes on and its status counts.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  const folder = env.INIT_CWD || process.cwd();
  const isDumb = env.TERM === 'dumb';
  return {
    env,
    folder,
    canRedraw: stderr.isTTY === true && !isDumb,
    // an empty NO_COLOR does not count. @source https://no-color.org
    hasColor: stderr.isTTY === true && !isDumb && !env.NO_COLOR,
    columns: stderr.columns || 80,
    isInputTyped: stdin.isTTY === true,
    print: (line) => {
      stdout.write(`${line}\n`);
    },
    note: (text) => {
      stderr.write(text);
    },
    pathOf: (path) => resolve(folder, path),
    readInput: (limitBytes) => readText(stdin, limitBytes),
  };
}

async function readText(input: Readable, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > limitBytes) {
      throw new SdkError({
        code: 'INPUT_INVALID',
        message: `Standard input holds more than the ${limitBytes} bytes that are read.`,
      });
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}
