import { isCancelError, isSdkError, SdkError } from '../../foundation/errors.ts';

const READ_ONLY = new Set(['EACCES', 'EPERM', 'EROFS']);
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Code of a failed system call (`ENOENT`, …), or undefined for any other error. */
export function systemErrorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/**
 * What a failed file operation is to the caller: `STORE_FAILED` with a sentence that names the path and the reason.
 *
 * Errors of the SDK and of a tripped signal pass through, as does anything that is no failed system call: it comes from
 * the stream that was being written, not from the disk.
 *
 * @param path - What could not be used, as the person knows it.
 */
export function toStoreError(error: unknown, path: string): unknown {
  if (isSdkError(error) || isCancelError(error)) return error;
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  if (DISK_FULL.has(code)) {
    return new SdkError({
      code: 'STORE_FAILED',
      message: `The disk is full: ${path} could not be written.`,
      remedy: 'Make room on that disk, then run `maquette jobs resume`.',
      details: { reason: 'disk-full', path },
      cause: error,
    });
  }
  if (READ_ONLY.has(code)) {
    return new SdkError({
      code: 'STORE_FAILED',
      message: `${path} cannot be written: ${code === 'EROFS' ? 'the file system is read-only' : 'permission denied'}.`,
      details: { reason: 'not-writable', path },
      cause: error,
    });
  }
  return new SdkError({
    code: 'STORE_FAILED',
    message: `${path} cannot be used (${code}).`,
    details: { reason: code, path },
    cause: error,
  });
}
