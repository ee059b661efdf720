import * as z from 'zod/mini';
import { excerpt } from '../../provider-kit/redact.ts';
import { TASK_ID } from './operation.ts';

/** Answer to `POST /add_task`. */
export const taskSchema = z.object({ id: z.string().check(z.toLowerCase(), z.regex(TASK_ID)) });

/** Answer to `GET /get_status`. */
export const statusSchema = z.object({ status: z.string(), reason: z.nullish(z.string()) });

/** What an answer that is no success says, in whichever of the gateway's forms it came. */
export interface Refusal {
  /** Word of the JSON form, for instance `concurrent_limit`. */
  readonly word?: string;
  /** Member of the request that is meant. */
  readonly field?: string;
  /** The gateway's own sentence, with secrets taken out and without a full stop; empty where there is none. */
  readonly sentence: string;
}

const codedSchema = z.object({ error: z.string(), message: z.nullish(z.string()), field: z.nullish(z.string()) });
const catcherSchema = z.object({ error: z.object({ name: z.nullish(z.string()), brief: z.nullish(z.string()) }) });

/** The form of words. Anything else in their place is a text of strangers. */
const WORD = /^[a-z_]{3,40}$/;

/** What handlers put before their sentence. */
const PREFIX = /^(?:Bad request|Unauthorized request|Service unavailable): /;

/**
 * Reads the body of an answer that is no success.
 *
 * Handlers write a line of text or an object whose `error` is a word; the framework around them writes an object whose
 * `error` is an object, or a web page, as proxies before the gateway do.
 *
 * @source gateway-rs: src/http3/error.rs, src/http3/response.rs; salvo: crates/core/src/catcher.rs
 */
export function readRefusal(body: string): Refusal {
  const trimmed = body.trim();
  if (trimmed.startsWith('<')) return { sentence: '' };
  const json = parseJson(trimmed);
  if (json === undefined) return { sentence: toSentence(trimmed.replace(PREFIX, '')) };
  const coded = z.safeParse(codedSchema, json);
  if (coded.success) {
    const { error, message, field } = coded.data;
    return {
      ...(WORD.test(error) ? { word: error } : {}),
      ...(typeof field === 'string' ? { field } : {}),
      sentence: toSentence(message ?? error),
    };
  }
  const caught = z.safeParse(catcherSchema, json);
  return { sentence: caught.success ? toSentence(caught.data.error.brief ?? caught.data.error.name ?? '') : '' };
}

function parseJson(text: string): unknown {
  if (!text.startsWith('{') && !text.startsWith('[')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON after all: a sentence
  }
}

function toSentence(text: string): string {
  return excerpt(text).replace(/[.\s]+$/, '');
}
