import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LogEntry } from '../../host/host.ts';
import { redactJson, redactText } from './redaction.ts';

/** How a log file behaves. */
export interface LogFileOptions {
  /** Absolute path of the file in use; older ones are `<path>.1`, `<path>.2`, …. */
  readonly path: string;
  /** Size at which a new file is begun. Default 2 MiB. */
  readonly rotateAtBytes?: number;
  /** How many older files stay. Default 3. */
  readonly keep?: number;
  /** Texts that must not appear. Read again for every line. */
  readonly secrets: ReadonlySet<string>;
}

/**
 * Writes one JSON object per line. Several processes may share a file: a line is one append.
 *
 * A log that cannot be written never stops the work it tells about.
 */
export function createLogFile(options: LogFileOptions): (entry: LogEntry) => void {
  const rotateAtBytes = options.rotateAtBytes ?? 2 * 1024 * 1024;
  const keep = options.keep ?? 3;
  let isFolderMade = false;
  return (entry) => {
    const line = {
      at: new Date().toISOString(),
      level: entry.level,
      event: entry.event,
      process: process.pid,
      ...(entry.message === undefined ? {} : { message: redactText(entry.message, options.secrets) }),
      ...(entry.data === undefined ? {} : { data: redactJson(entry.data, options.secrets) }),
    };
    try {
      if (!isFolderMade) mkdirSync(dirname(options.path), { recursive: true });
      isFolderMade = true;
      rotate(options.path, rotateAtBytes, keep);
      appendFileSync(options.path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    } catch {
      // full or read-only disk: the failure that matters is reported by the work itself
    }
  };
}

function rotate(path: string, rotateAtBytes: number, keep: number): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < rotateAtBytes) return;
  for (let number = keep - 1; number >= 1; number -= 1) {
    if (statSync(`${path}.${number}`, { throwIfNoEntry: false }))
      renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  }
  renameSync(path, `${path}.1`);
}
