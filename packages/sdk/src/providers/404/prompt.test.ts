import { describe, expect, it } from 'vitest';
import { toGatewayPrompt } from './prompt.ts';

/** @source gateway-rs: dev-env/config/config-single.toml */
const GATEWAY_PATTERN = /^[A-Za-z0-9 .,'():;/?!+%-]+$/;

function refusal(text: string): { message: string; remedy: string } {
  try {
    toGatewayPrompt(text);
  } catch (error) {
    return error as { message: string; remedy: string };
  }
  throw new Error(`"${text}" was not refused`);
}

describe('a prompt for the gateway', () => {
  it.each([
    ['a mossy stone lantern', 'a mossy stone lantern'],
    ['  a \t lamp,\r\n\u00a0 (red)!  ', 'a lamp, (red)!'],
    ["it's 50% a/b; x:y? +1 - 2.", "it's 50% a/b; x:y? +1 - 2."],
    ['cup', 'cup'],
    ['x'.repeat(384), 'x'.repeat(384)],
  ])('%j is sent as %j', (text, sent) => {
    expect(toGatewayPrompt(text)).toBe(sent);
    expect(sent).toMatch(GATEWAY_PATTERN);
  });

  it('agrees with the pattern of the gateway on every ASCII character', () => {
    for (let code = 0x21; code < 0x7f; code += 1) {
      const text = `ab${String.fromCharCode(code)}`;
      if (GATEWAY_PATTERN.test(text)) expect(toGatewayPrompt(text)).toBe(text);
      else expect(() => toGatewayPrompt(text)).toThrow(`404-GEN takes no`);
    }
  });

  it.each([
    ['café & café', '"é" and "&"'],
    ['a "red" lamp', 'double quote (")'],
    ['lamp_01 #2 @home', '"_", "#" and "@"'],
    ['石灯笼', '"石", "灯" and "笼"'],
    ['a lamp 🏮🏮', '"🏮"'],
    ['cafe\u0301', 'invisible character U+0301'],
    ['zero\u200bwid\u200dth', 'invisible character U+200B and invisible character U+200D'],
    ['half \ud83c of a pair', 'invisible character U+D83C'],
    ['abcdéfghíöäüßñçø', '"é", "í", "ö", "ä", "ü", "ß", "ñ", "ç" and 1 more'],
  ])('%s is refused naming %s', (text, named) => {
    const { message, remedy } = refusal(text);
    expect(message).toBe(`404-GEN takes no ${named} in a prompt.`);
    expect(remedy).toMatch(/letters, digits/);
  });

  it.each([
    ['ab', /too short.*at least 3/],
    [' a \n b ', undefined],
    ['   ', /too short/],
    ['x'.repeat(385), /385 characters.*at most 384/],
  ])('%j is judged by its length without needless space', (text, why) => {
    if (why === undefined) expect(toGatewayPrompt(text)).toBe('a b');
    else expect(refusal(text)).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringMatching(why) });
  });
});
