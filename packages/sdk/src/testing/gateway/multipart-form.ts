import { decodeUtf8, encodeUtf8 } from '../../foundation/bytes.ts';
import { refuseWithText } from './error-answers.ts';

/** One field of a form. */
export interface FormField {
  readonly name: string;
  readonly content: Uint8Array;
}

const PREFIX = 'multipart/form-data';
const BOUNDARY = 'boundary=';

/** True for a form, judged by how the content type begins. */
export function isMultipartForm(contentType: string): boolean {
  return contentType.slice(0, PREFIX.length).toLowerCase() === PREFIX;
}

/**
 * The boundary as the gateway takes it: verbatim from the first `=` to the second. Quotes stay part of it, so that a client
 * whose library quotes it fails.
 *
 * @source gateway-rs src/http3/handlers/common/multipart.rs
 */
export function boundaryOf(contentType: string): string {
  const parameter = contentType
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.slice(0, BOUNDARY.length).toLowerCase() === BOUNDARY);
  if (parameter === undefined) throw refuseWithText(400, 'Missing boundary in content-type');
  return parameter.split('=')[1] as string;
}

/**
 * The fields in the order they come, each with its content. A generator, because the gateway judges a field before it
 * looks at the next one.
 *
 * @param allowed - Names that may occur; any other one fails the request.
 * @throws `Refusal` 400 `Field error: …` where the body is no form, stops early or holds a field that is not allowed.
 */
export function* readFormFields(body: Uint8Array, boundary: string, allowed: readonly string[]): Generator<FormField> {
  const delimiter = encodeUtf8(`--${boundary}`);
  const separator = encodeUtf8(`\r\n--${boundary}`);
  let at = indexOfBytes(body, delimiter, 0);
  if (at < 0) throw fieldError('incomplete multipart stream');
  at += delimiter.length;
  for (;;) {
    if (body[at] === 0x2d && body[at + 1] === 0x2d) return;
    if (body[at] !== 0x0d || body[at + 1] !== 0x0a) throw fieldError('incomplete multipart stream');
    const headersEnd = indexOfBytes(body, CRLF_TWICE, at);
    if (headersEnd < 0) throw fieldError('failed to read headers completely');
    const name = nameOf(decodeUtf8(body.subarray(at + 2, headersEnd)));
    if (name === null || !allowed.includes(name)) throw fieldError(`unknown field received: ${name ?? '<unknown>'}`);
    const start = headersEnd + CRLF_TWICE.length;
    const end = indexOfBytes(body, separator, start);
    if (end < 0) throw fieldError(`field '${name}' received with incomplete data`);
    yield { name, content: body.subarray(start, end) };
    at = end + separator.length;
  }
}

const CRLF_TWICE = encodeUtf8('\r\n\r\n');

function nameOf(headers: string): string | null {
  const disposition = headers.split('\r\n').find((line) => /^content-disposition\s*:/i.test(line)) ?? '';
  const match = /;\s*name=(?:"([^"]*)"|([^;\s]+))/i.exec(disposition);
  return match === null ? null : (match[1] ?? match[2] ?? null);
}

function fieldError(text: string): Error {
  return refuseWithText(400, `Field error: ${text}`);
}

function indexOfBytes(bytes: Uint8Array, pattern: Uint8Array, from: number): number {
  const first = pattern[0] as number;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at + pattern.length > bytes.length) return -1;
    let length = 1;
    while (length < pattern.length && bytes[at + length] === pattern[length]) length += 1;
    if (length === pattern.length) return at;
  }
  return -1;
}
