import * as z from 'zod/mini';
import { SdkError } from '../../foundation/errors.ts';
import type { JsonObject } from '../../foundation/json.ts';
import { FAMILIES } from '../../generator/families.generated.ts';
import { STYLE_NAMES, STYLE_WORDS } from '../../generator/vocabulary/modifier-words.ts';

/** Options of the built-in generator, as `--option KEY=VALUE` gives them. */
export const localOptionsSchema = z.strictObject({
  /** Family to make whatever the prompt's noun is. */
  family: z.optional(z.string()),
  /** Style words added to those of the prompt, separated by commas or spaces. */
  style: z.optional(z.string()),
});

/** Options with every word checked. */
export interface LocalOptions {
  readonly family?: string;
  readonly styles?: readonly string[];
}

/**
 * Checks options against the schema and against what the generator knows.
 *
 * @throws {@link SdkError} `INPUT_INVALID` for an unknown option, family or style.
 */
export function parseLocalOptions(options: JsonObject | undefined): LocalOptions {
  const parsed = localOptionsSchema.safeParse(options ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const isUnknown = issue?.code === 'unrecognized_keys';
    const name = isUnknown ? issue.keys[0] : String(issue?.path[0] ?? '');
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: isUnknown
        ? `The local provider has no option "${name}".`
        : `The option "${name}" of the local provider must be a text.`,
      remedy: 'Its options are family and style.',
    });
  }
  const { family, style } = parsed.data;
  const ids = FAMILIES.map(({ id }) => id);
  if (family !== undefined && !ids.includes(family)) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `The local provider has no family "${family.slice(0, 40)}".`,
      remedy: `Use one of: ${ids.join(', ')}.`,
    });
  }
  const styles = (style ?? '').split(/[\s,]+/).filter((word) => word.length > 0);
  return {
    ...(family === undefined ? {} : { family }),
    ...(styles.length === 0 ? {} : { styles: styles.map(toStyle) }),
  };
}

function toStyle(word: string): string {
  const style = STYLE_WORDS.get(word.toLowerCase());
  if (style !== undefined) return style;
  throw new SdkError({
    code: 'INPUT_INVALID',
    message: `The local provider does not know the style "${word.slice(0, 40)}".`,
    remedy: `Use words like ${STYLE_NAMES.join(', ')}.`,
  });
}
