import { decodeUtf8 } from '../../foundation/bytes.ts';
import type { JsonValue } from '../../foundation/json.ts';
import { refuseWithText } from './error-answers.ts';
import type { GatewayRequest } from './gateway-messages.ts';
import type { GatewayLimits } from './gateway-settings.ts';
import { boundaryOf, isMultipartForm, readFormFields } from './multipart-form.ts';
import { readJsonSeed, readTextSeed } from './task-seed.ts';

/** What stands in the body of `add_task`. Null is what was not there. */
export interface AddTaskFields {
  readonly prompt: string | null;
  readonly image: Uint8Array | null;
  readonly model: string | null;
  /** Null also where the request asks for a random one. */
  readonly seed: number | null;
  readonly modelParams: JsonValue | null;
}

const FIELDS: readonly string[] = ['seed', 'prompt', 'image', 'model', 'model_params'];
const MODEL_BYTES = 64;
const SEED_BYTES = 11;

/** Most bytes of a form that are read at all: far beyond what all its fields may hold together. */
const FORM_BYTES = 64 * 1024 * 1024;

/**
 * Reads the body of `add_task` as JSON or as a form.
 *
 * @throws `Refusal` 400 with the text of the first thing that is wrong.
 * @source gateway-rs src/http3/handlers/task/add_task_parse.rs
 */
export async function parseAddTask(request: GatewayRequest, limits: GatewayLimits): Promise<AddTaskFields> {
  const contentType = request.headers['content-type'];
  if (contentType === undefined) throw refuseWithText(400, 'Missing content-type');
  if (isMultipartForm(contentType)) {
    const boundary = boundaryOf(contentType);
    return parseForm(await request.readBody(FORM_BYTES), boundary, limits);
  }
  const subtype = /^\s*application\/([^;\s]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? '';
  if (subtype !== 'json' && !subtype.endsWith('+json')) {
    throw refuseWithText(400, 'The Hyper request did not have a valid Content-Type header.');
  }
  const body = await request.readBody(limits.jsonBytes);
  if (body.length > limits.jsonBytes) throw refuseWithText(400, 'payload too large');
  return parseJson(decodeUtf8(body));
}

function parseJson(text: string): AddTaskFields {
  const value = readJson(text, 'Parse error: ');
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw refuseWithText(400, `invalid type: ${nameOfType(value)}, expected struct AddTaskRequest`);
  }
  const fields = value as Readonly<Record<string, JsonValue | undefined>>;
  if (fields.model_params === null) throw refuseWithText(400, 'Model params must be a JSON object');
  return {
    seed: readJsonSeed(fields.seed),
    prompt: textOrNull(fields.prompt),
    image: null, // a member of that name is ignored like any other the gateway does not know
    model: textOrNull(fields.model),
    modelParams: fields.model_params ?? null,
  };
}

function textOrNull(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw refuseWithText(400, `invalid type: ${nameOfType(value)}, expected a string`);
  return value;
}

function parseForm(body: Uint8Array, boundary: string, limits: GatewayLimits): AddTaskFields {
  const found: { -readonly [name in keyof AddTaskFields]: AddTaskFields[name] } = {
    prompt: null,
    image: null,
    model: null,
    seed: null,
    modelParams: null,
  };
  for (const { name, content } of readFormFields(body, boundary, FIELDS)) {
    switch (name) {
      case 'prompt':
        found.prompt = readText(name, content, limits.promptBytes);
        break;
      case 'model':
        found.model = readText(name, content, MODEL_BYTES);
        break;
      case 'seed':
        found.seed = readTextSeed(readText(name, content, SEED_BYTES));
        break;
      case 'model_params':
        found.modelParams = readJson(
          readText(name, content, limits.modelParamsBytes),
          'Model params must be valid JSON: ',
        );
        break;
      default:
        if (content.length > limits.imageBytes) {
          throw refuseWithText(400, `Image exceeds maximum allowed size (${limits.imageBytes} bytes)`);
        }
        found.image = new Uint8Array(content); // a copy of plain bytes, whatever the request came in
    }
  }
  return found;
}

function readText(name: string, content: Uint8Array, limitBytes: number): string {
  if (content.length > limitBytes) {
    throw refuseWithText(
      400,
      `Failed to read ${name}: field '${name}' exceeded the maximum size limit: ${limitBytes} bytes`,
    );
  }
  return decodeUtf8(content);
}

function readJson(text: string, prefix: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    const why = text.trim() === '' ? 'EOF while parsing a value' : 'expected value';
    throw refuseWithText(400, `${prefix}${why} at line 1 column ${text.trim() === '' ? 0 : 1}`);
  }
}

/** Kind of a value in the words of serde. */
function nameOfType(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'sequence';
  switch (typeof value) {
    case 'boolean':
      return `boolean \`${value}\``;
    case 'number':
      return Number.isInteger(value) ? `integer \`${value}\`` : `floating point \`${value}\``;
    case 'string':
      return `string "${value}"`;
    default:
      return 'map';
  }
}
