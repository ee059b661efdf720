import { encodeUtf8 } from '../../foundation/bytes.ts';
import type { JsonObject } from '../../foundation/json.ts';
import { type GatewayAnswer, Refusal } from './gateway-messages.ts';

const TEXT_TYPE = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

/** What stands before the text of an error of the handlers. @source gateway-rs src/http3/error.rs */
const PREFIXES: Readonly<Record<number, string>> = {
  400: 'Bad request: ',
  401: 'Unauthorized request: ',
  503: 'Service unavailable: ',
};

/** A JSON answer. */
export function answerJson(status: number, value: JsonObject): GatewayAnswer {
  return answerBytes(status, JSON_TYPE, encodeUtf8(JSON.stringify(value)));
}

/** A plain text as answer, without a prefix. */
export function answerText(status: number, text: string): GatewayAnswer {
  return answerBytes(status, TEXT_TYPE, encodeUtf8(text));
}

/** An answer of known length. */
export function answerBytes(
  status: number,
  contentType: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): GatewayAnswer {
  return { status, headers: { 'content-type': contentType, 'content-length': String(body.length), ...headers }, body };
}

/** An error of a handler in words: one line, with the prefix of its status. Of a 500 nobody learns more than that. */
export function refuseWithText(status: 400 | 401 | 404 | 500 | 503, text: string): Refusal {
  const line = status === 500 ? 'Internal Server Error' : `${PREFIXES[status] ?? ''}${text}`;
  return new Refusal(asStream(answerText(status, line)));
}

/** An error of a handler as JSON: `error` is a text. */
export function refuseWithJson(status: number, error: string, message: string, field?: string): Refusal {
  return new Refusal(
    asStream(answerJson(status, field === undefined ? { error, message } : { error, field, message })),
  );
}

/** Errors of the handlers are sent without their length. */
function asStream(answer: GatewayAnswer): GatewayAnswer {
  const { 'content-length': _, ...headers } = answer.headers;
  return { ...answer, headers };
}
