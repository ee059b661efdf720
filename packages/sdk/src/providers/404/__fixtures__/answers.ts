import { encodeUtf8 } from '../../../foundation/bytes.ts';

// Answers as gateway-rs writes them (revision ea0c6f2): src/http3/handlers/task/add_task.rs, src/api/response.rs,
// src/http3/handlers/result/read.rs. Ids are made up.

/** Id of the task in every answer. */
export const TASK = '3f2b8c54-6c1e-4d7a-9a57-0e5d1c2b3a49';

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
const JSON_TEXT = { 'content-type': 'application/json; charset=utf-8' };

/** An answer as the scripted http of tests takes it. */
export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A line of text, as handlers refuse. */
export function textAnswer(status: number, text: string): RecordedAnswer {
  return { status, headers: TEXT, body: encodeUtf8(text) };
}

/** An object, as handlers answer and refuse. */
export function jsonAnswer(status: number, value: unknown): RecordedAnswer {
  return { status, headers: JSON_TEXT, body: encodeUtf8(JSON.stringify(value)) };
}

/** `POST /add_task` that was accepted. */
export const ACCEPTED = jsonAnswer(200, { id: TASK });

/** Every form of `GET /get_status`. */
export const STATUSES = {
  queued: { status: 'NoResult' },
  taken: { status: 'InProgress' },
  firstFailed: { status: 'PartialResult(0)' },
  firstSucceeded: { status: 'PartialResult(1)' },
  secondSucceeded: { status: 'PartialResult(2)' },
  done: { status: 'Success', worker_id: 'worker-7' },
  failed: { status: 'Failure', reason: 'CUDA out of memory' },
  failedWithoutReason: { status: 'Failure' },
  timedOut: { status: 'Failure', reason: 'Task timed out' },
  swept: { status: 'Failure', reason: 'Gateway task deadline exceeded.' },
} as const;

/** The first bytes of a splat as the gateway sends it: SPZ in a Zstandard frame. */
export const SPLAT_BYTES = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x01, 0x09, 0x00, 0x00, 0x07);

/** The first bytes of a mesh. */
export const MESH_BYTES = Uint8Array.of(0x67, 0x6c, 0x54, 0x46, 2, 0, 0, 0, 12, 0, 0, 0);

/** The first bytes of a picture, which is all that anybody here looks at. */
export const IMAGE_BYTES = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);

/** A result that can be downloaded. */
export function fileAnswer(bytes: Uint8Array, type = 'application/octet-stream', name = 'result.spz'): RecordedAnswer {
  return {
    status: 200,
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'content-length': String(bytes.length),
    },
    body: bytes,
  };
}
