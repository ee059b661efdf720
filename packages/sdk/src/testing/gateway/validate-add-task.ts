import { encodeUtf8 } from '../../foundation/bytes.ts';
import type { JsonObject } from '../../foundation/json.ts';
import { refuseWithText } from './error-answers.ts';
import type { GatewayLimits } from './gateway-settings.ts';
import { guessImageFormat, readImageSize } from './image-header.ts';
import type { AddTaskFields } from './parse-add-task.ts';

/** An order that is well formed. Exactly one of `prompt` and `image` is there. */
export interface TaskOrder {
  readonly prompt: string | null;
  readonly image: Uint8Array | null;
  readonly model: string | null;
  readonly seed: number | null;
  readonly modelParams: JsonObject | null;
}

const PROMPT_PATTERN = "^[A-Za-z0-9 .,'():;/?!+%-]+$";
const PROMPT = new RegExp(PROMPT_PATTERN);

/**
 * Checks an order in the gateway's sequence.
 *
 * @throws `Refusal` 400 with the text of the first rule that is broken.
 * @source gateway-rs src/http3/handlers/task/add_task_parse.rs, src/common/image.rs
 */
export function validateAddTask(fields: AddTaskFields, limits: GatewayLimits): TaskOrder {
  const { prompt, image, modelParams } = fields;
  const hasPrompt = prompt !== null && prompt !== '';
  const hasImage = image !== null && image.length > 0;
  if (hasPrompt && hasImage) throw refuseWithText(400, 'Cannot provide both prompt and image. Choose one.');
  if (!hasPrompt && !hasImage) throw refuseWithText(400, 'Must provide either prompt or image');
  if (prompt !== null) validatePrompt(prompt, limits);
  return {
    prompt,
    modelParams: modelParams === null ? null : validateModelParams(modelParams, limits),
    image: image === null ? null : validateImage(image, limits),
    model: fields.model,
    seed: fields.seed,
  };
}

/** An empty one beside an image is too short as well: a field that is there is checked. */
function validatePrompt(prompt: string, limits: GatewayLimits): void {
  const length = [...prompt].length;
  if (length < limits.promptCharacters) {
    throw refuseWithText(
      400,
      `Prompt is too short: minimum length is ${limits.promptCharacters} characters (got ${length})`,
    );
  }
  if (!PROMPT.test(prompt)) {
    throw refuseWithText(400, `Prompt contains invalid characters; allowed pattern: ${PROMPT_PATTERN}`);
  }
}

function validateModelParams(value: NonNullable<AddTaskFields['modelParams']>, limits: GatewayLimits): JsonObject {
  if (typeof value !== 'object' || Array.isArray(value))
    throw refuseWithText(400, 'Model params must be a JSON object');
  const length = encodeUtf8(JSON.stringify(value)).length;
  if (length > limits.modelParamsBytes) {
    throw refuseWithText(
      400,
      `Model params is too long: maximum length is ${limits.modelParamsBytes} bytes (got ${length})`,
    );
  }
  return value as JsonObject;
}

function validateImage(image: Uint8Array, limits: GatewayLimits): Uint8Array {
  const format = guessImageFormat(image);
  if (format === null) {
    throw refuseWithText(400, 'Failed to guess image format: The image format could not be determined');
  }
  if (format === 'unknown') {
    throw refuseWithText(400, `Image format 'unknown' not allowed. Allowed formats: {"png", "jpg", "webp"}`);
  }
  const size = readImageSize(image, format);
  if (size === null) throw refuseWithText(400, 'Failed to read image dimensions: Format error decoding the header');
  const [width, height] = size;
  const most = limits.imagePixels;
  if (width > most) throw refuseWithText(400, `Image too wide: ${width}px (max: ${most}px)`);
  if (height > most) throw refuseWithText(400, `Image too tall: ${height}px (max: ${most}px)`);
  return image;
}
