import { SdkError } from '../foundation/errors.ts';
import type { ProviderDescription } from '../provider/provider.ts';
import type { GenerationRequest, InputKind } from '../provider/request.ts';

/**
 * Refuses what a description already rules out: an order without input, an input or output that is not made, a model or
 * an option that does not exist. For `prepare`, before anything of the adapter's own.
 *
 * @throws {@link SdkError} `INPUT_INVALID` or `UNSUPPORTED_BY_PROVIDER`, with what there is instead.
 */
export function assertSupported(description: ProviderDescription, request: GenerationRequest): void {
  const { name, models } = description;
  const hasImages = (request.prompt.images?.length ?? 0) > 0;
  if (!hasImages && (request.prompt.text ?? '').trim() === '') {
    throw new SdkError({ code: 'INPUT_INVALID', message: 'The prompt is empty.' });
  }
  const input: InputKind = hasImages ? 'image' : 'text';
  const outputs = description.outputs[input] ?? [];
  if (!outputs.includes(request.output)) {
    throw unsupported(
      `${name} cannot make a ${request.output} from ${input === 'text' ? 'a text' : 'an image'}.`,
      outputs,
    );
  }
  const fitting = models.filter((model) => model.inputs.includes(input) && model.output === request.output);
  if (request.model !== undefined && !fitting.some((model) => model.name === request.model)) {
    throw unsupported(
      `${name} has no model "${request.model.slice(0, 60)}" for that.`,
      fitting.map((model) => model.name),
    );
  }
  for (const key of Object.keys(request.providerOptions[description.id] ?? {})) {
    if (description.options.some((option) => option.key === key)) continue;
    const known = description.options.map((option) => option.key);
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `${name} has no option "${key.slice(0, 60)}".`,
      remedy: known.length === 0 ? 'Leave it out.' : `There are: ${known.join(', ')}.`,
    });
  }
}

function unsupported(message: string, choices: readonly string[]): SdkError {
  return new SdkError({
    code: 'UNSUPPORTED_BY_PROVIDER',
    message,
    remedy: choices.length === 0 ? 'Choose another provider.' : `Possible: ${choices.join(', ')}.`,
  });
}
