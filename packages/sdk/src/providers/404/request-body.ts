import { concatBytes, encodeUtf8 } from '../../foundation/bytes.ts';
import type { JsonObject } from '../../foundation/json.ts';
import { createRandom } from '../../foundation/random.ts';

/** What a task is made of, whatever form it is sent in. */
export interface TaskOrder {
  readonly model: string;
  readonly seed: number;
  readonly modelParams?: JsonObject;
}

/** A body and the type it is sent as. */
export interface RequestBody {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/**
 * A task from a text.
 *
 * The model is always named: left out, it would be the default even for somebody who wants a mesh. `model_params` is left
 * out where there are none, because an explicit null is refused.
 */
export function textBody(prompt: string, order: TaskOrder): RequestBody {
  const { model, seed, modelParams } = order;
  const fields = { prompt, seed, model, ...(modelParams === undefined ? {} : { model_params: modelParams }) };
  return { contentType: 'application/json', bytes: encodeUtf8(JSON.stringify(fields)) };
}

/**
 * A task from an image, as a form.
 *
 * There is no `prompt` field: an empty one is refused, and any other contradicts the image. The boundary stands unquoted
 * in the content type, because the gateway takes quotes for a part of it.
 *
 * @param image - Bytes of the file. Not modified.
 * @param label - What the boundary is drawn from; the same label gives the same body.
 * @source RFC 7578; RFC 2046 §5.1.1.
 */
export function imageBody(image: Uint8Array, mediaType: string, order: TaskOrder, label: string): RequestBody {
  const fields: readonly (readonly [string, string])[] = [
    ['model', order.model],
    ['seed', String(order.seed)],
    ...(order.modelParams === undefined ? [] : [['model_params', JSON.stringify(order.modelParams)] as const]),
  ];
  const boundary = drawBoundary(label, image);
  const head = fields.map(([name, value]) => part(boundary, `name="${name}"`, [], value)).join('');
  const imageHead = part(boundary, 'name="image"; filename="image"', [`content-type: ${mediaType}`], '').slice(0, -2);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: concatBytes([encodeUtf8(head + imageHead), image, encodeUtf8(`\r\n--${boundary}--\r\n`)]),
  };
}

function part(boundary: string, disposition: string, headers: readonly string[], value: string): string {
  const lines = [`--${boundary}`, `content-disposition: form-data; ${disposition}`, ...headers, '', value];
  return `${lines.join('\r\n')}\r\n`;
}

/** A word that does not occur in the image. The fields before it hold nothing that a caller could choose freely. */
function drawBoundary(label: string, image: Uint8Array): string {
  for (let attempt = 0; ; attempt += 1) {
    const random = createRandom(`${label}/${attempt}`);
    let boundary = 'maquette';
    for (let word = 0; word < 4; word += 1) boundary += random.integer(0, 0xffffffff).toString(16).padStart(8, '0');
    if (!holds(image, encodeUtf8(boundary))) return boundary;
  }
}

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const first = wanted[0] as number;
  for (let offset = bytes.indexOf(first); offset >= 0; offset = bytes.indexOf(first, offset + 1)) {
    let length = 1;
    while (length < wanted.length && bytes[offset + length] === wanted[length]) length += 1;
    if (length === wanted.length) return true;
  }
  return false;
}
