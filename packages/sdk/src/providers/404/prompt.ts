import { SdkError } from '../../foundation/errors.ts';

/** Shortest prompt, characters. @source gateway-rs: dev-env/config/config-single.toml */
export const SHORTEST_PROMPT = 3;

/** Longest prompt, characters. Kept although the gateway does not enforce it for JSON: workers are made for it. */
export const LONGEST_PROMPT = 384;

/** @source gateway-rs: src/http3/handlers/task/add_task_parse.rs */
const ALLOWED = /^[A-Za-z0-9 .,'():;/?!+%-]$/;

/** Named at most in one error. */
const NAMED_CHARACTERS = 8;

/**
 * A prompt as the gateway takes it: runs of white space are one space each, none at the ends.
 *
 * @throws {@link SdkError} `INPUT_INVALID`, which names the characters the gateway would refuse.
 */
export function toGatewayPrompt(text: string): string {
  const prompt = text.replaceAll(/\s+/g, ' ').trim();
  const characters = [...prompt];
  const wrong = [...new Set(characters.filter((character) => !ALLOWED.test(character)))];
  if (wrong.length > 0) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `404-GEN takes no ${listCharacters(wrong)} in a prompt.`,
      remedy: "Use English letters, digits, spaces and . , ' ( ) : ; / ? ! + % - only.",
    });
  }
  if (characters.length < SHORTEST_PROMPT) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `The prompt "${prompt}" is too short for 404-GEN, which takes at least ${SHORTEST_PROMPT} characters.`,
      remedy: 'Say in a few words what to make.',
    });
  }
  if (characters.length > LONGEST_PROMPT) {
    throw new SdkError({
      code: 'INPUT_INVALID',
      message: `The prompt has ${characters.length} characters; 404-GEN takes at most ${LONGEST_PROMPT}.`,
      remedy: 'Shorten the prompt.',
    });
  }
  return prompt;
}

function listCharacters(characters: readonly string[]): string {
  const names = characters.slice(0, NAMED_CHARACTERS).map(nameCharacter);
  const more = characters.length - names.length;
  if (more > 0) return `${names.join(', ')} and ${more} more`;
  const last = names.pop() as string;
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}

/**
 * Characters nobody can see, or that would join what stands before them, as first and last code point: controls, the soft
 * hyphen, combining marks, joiners and directions, lone surrogates, variation selectors.
 */
const UNSEEN: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x300, 0x36f],
  [0x61c, 0x61c],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0f],
];

function nameCharacter(character: string): string {
  if (character === '"') return 'double quote (")';
  const code = character.codePointAt(0) as number;
  if (!UNSEEN.some(([first, last]) => code >= first && code <= last)) return `"${character}"`;
  return `invisible character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
