import { SdkError } from '../foundation/errors.ts';

/** An error for a file that is damaged, or of a kind that is not understood; then the remedy says what to do instead. */
export function unreadable(message: string, remedy?: string, cause?: unknown): SdkError {
  return new SdkError({
    code: 'ASSET_UNREADABLE',
    message,
    ...(remedy === undefined ? {} : { remedy }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** An error for a file that can be parsed but breaks the rules of its format. */
export function invalid(message: string, remedy?: string): SdkError {
  return new SdkError({ code: 'ASSET_INVALID', message, ...(remedy === undefined ? {} : { remedy }) });
}

/** An error for a file that is, or would become, larger than a limit. */
export function tooLarge(message: string): SdkError {
  return new SdkError({ code: 'ASSET_TOO_LARGE', message });
}

/** Text from a file, fit for one line of a message: printable ASCII, at most 60 characters. */
export function quoteForeign(value: unknown): string {
  const text = String(value).replace(/[^\x20-\x7e]/g, '?');
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}
