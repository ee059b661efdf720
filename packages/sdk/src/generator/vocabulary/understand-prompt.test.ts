import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../families.generated.ts';
import { isMaterialName } from '../materials/palette.ts';
import { COLOR_NAMES, colorOf } from './color-words.ts';
import { MATERIAL_NAMES } from './material-words.ts';
import { understandPrompt } from './understand-prompt.ts';

const read = (prompt: string) => understandPrompt(prompt, 1, FAMILIES);

/** prompt, family, variant, materials, colour names */
const READINGS: readonly (readonly [string, string, string | null, readonly string[], readonly string[]])[] = [
  ['a medieval sword', 'sword', null, [], []],
  ['katana', 'sword', 'katana', [], []],
  ['KATANA!!!', 'sword', 'katana', [], []],
  ['Two old rusty swords', 'sword', null, [], []],
  ['an iron sword', 'sword', null, ['iron'], []],
  ['a sword made of gold', 'sword', null, ['gold'], []],
  ['sword in a stone', 'sword', null, [], []],
  ['sword in gold', 'sword', null, ['gold'], []],
  ['golden dagger', 'sword', 'dagger', ['gold'], []],
  ['crystal sword', 'sword', null, ['crystal'], []],
  ['red and black sword', 'sword', null, [], ['red', 'black']],
  ['a sword of the king, on a table', 'sword', null, [], []],
  ['low-poly stylized sword, game ready', 'sword', null, [], []],
  ['wooden chair', 'chair', null, ['oak'], []],
  ['a chair, wood', 'chair', null, ['oak'], []],
  ['dining chair', 'chair', null, [], []],
  ['bar stool', 'chair', 'barstool', [], []],
  ['barstool', 'chair', 'barstool', [], []],
  ['a red leather armchair', 'chair', 'armchair', ['leather'], ['red']],
  ['arm-chair', 'chair', 'armchair', [], []],
  ['golden throne', 'chair', 'throne', ['gold'], []],
  ['rocking chair', 'chair', 'rocking', [], []],
  ['rocking chairs', 'chair', 'rocking', [], []],
  ['bench in the park', 'chair', 'bench', [], []],
  ['80 cm stool in oak', 'chair', 'stool', ['oak'], []],
  ['wooden barrel table', 'table', null, ['oak'], []],
  ['oak table', 'table', null, ['oak'], []],
  ['pine table', 'table', null, ['pine'], []],
  ['glass coffee table', 'table', 'coffee', ['glass'], []],
  ['a table of stone', 'table', null, ['granite'], []],
  ['white marble table', 'table', null, ['marble'], ['white']],
  ['desk', 'table', 'desk', [], []],
  ['a mahogany writing desk', 'table', 'desk', ['mahogany'], []],
  ["carpenter's workbench", 'table', 'workbench', [], []],
  ['dark oak round table', 'table', 'round', ['walnut'], []],
  ['barrel', 'barrel', null, [], []],
  ['barrel of apples', 'barrel', null, [], []],
  ['stack of barrels', 'barrel', null, [], []],
  ['wine cask', 'barrel', 'cask', [], []],
  ['a tree', 'tree', null, [], []],
  ['pine tree', 'tree', 'pine', [], []],
  ['old oak tree', 'tree', 'oak', [], []],
  ['oak', 'tree', 'oak', [], []],
  ['snowy christmas tree', 'tree', 'pine', [], []],
  ['tree with pink blossoms', 'tree', null, [], ['pink']],
  ['house', 'house', null, [], []],
  ['tree house', 'house', null, [], []],
  ['a stone and wood house', 'house', null, ['granite', 'oak'], []],
  ['brick house', 'house', null, ['brick'], []],
  ['thatched cottage', 'house', 'cottage', ['thatch'], []],
  ['log cabin in the woods', 'house', 'cabin', [], []],
  ['stone tower', 'house', 'tower', ['granite'], []],
  ['a rock', 'rock', null, [], []],
  ['pile of mossy rocks', 'rock', null, [], []],
  ['a huge boulder covered in moss', 'rock', 'boulder', [], []],
  ['a crystal', 'rock', 'crystal', [], []],
  ['blue crystal', 'rock', 'crystal', [], ['blue']],
  ['lamp', 'lamp', null, [], []],
  ['table lamp', 'lamp', 'table', [], []],
  ['floor lamp', 'lamp', 'floor', [], []],
  ['street light', 'lamp', 'street', [], []],
  ['brass lantern', 'lamp', 'lantern', ['brass'], []],
  ['make me a tiny lamp please', 'lamp', null, [], []],
  ['a light wood table', 'table', null, ['pine'], []],
  ['dark red candle', 'lamp', 'candle', [], ['dark red']],
  ['lampe à huile: lamp', 'lamp', null, [], []],
  ['🪑', 'chair', null, [], []],
  ['red 🪑', 'chair', null, [], ['red']],
  ['🌲', 'tree', 'pine', [], []],
  ['🌴🏝', 'tree', 'palm', [], []],
  ['🛖', 'house', 'hut', [], []],
  ['⚔️', 'sword', null, [], []],
  ['🗡️ golden', 'sword', 'dagger', ['gold'], []],
  ['🏮', 'lamp', 'paper-lantern', [], []],
  ['🛢️', 'barrel', 'drum', [], []],
  ['💎', 'rock', 'crystal', [], []],
  ['ein roter Stuhl aus Holz', 'chair', null, [], []],
  ['Stühle', 'chair', null, [], []],
  ['Stu\u0308hle', 'chair', null, [], []],
  ['das alte HAUS', 'house', null, [], []],
  ['Schwert', 'sword', null, [], []],
  ['une chaise en bois', 'chair', null, [], []],
  ['table en bois', 'table', null, [], []],
  ['épée', 'sword', null, [], []],
  ['e\u0301pe\u0301e du roi', 'sword', null, [], []],
  ['silla de madera roja', 'chair', null, [], []],
  ['árbol', 'tree', null, [], []],
  ['lámpara', 'lamp', null, [], []],
  ['una botte vecchia', 'barrel', null, [], []],
  ['la roccia', 'rock', null, [], []],
  ['fleur-de-lis sword', 'sword', null, [], []],
];

describe('understandPrompt', () => {
  it.each(READINGS)('reads "%s" as %s %s', (prompt, family, variant, materials, colors) => {
    const { spec, warnings } = read(prompt);
    expect({ family: spec.family, variant: spec.variant, materials: spec.materials }).toEqual({
      family,
      variant,
      materials,
    });
    const expected = colors.map((name) => {
      const words = name.split(' ');
      return colorOf(words.at(-1) as string, words.slice(0, -1));
    });
    expect(spec.colors).toEqual(expected);
    expect(spec.noun).not.toBeNull();
    expect(warnings.map(({ code }) => code)).not.toContain('NOUN_UNKNOWN');
  });

  it.each([
    ['swrod', 'sword', 'spelling'],
    ['a tabel made of marble', 'table', 'spelling'],
    ['chiar', 'chair', 'spelling'],
    ['birdhouse', 'house', 'compound'],
    ['an axe', 'sword', 'meaning'],
    ['sofa', 'chair', 'meaning'],
    ['wooden crate', 'barrel', 'meaning'],
    ['a castle', 'house', 'meaning'],
    ['cactus', 'tree', 'meaning'],
    ['torch', 'lamp', 'meaning'],
    ['bookshelf', 'table', 'meaning'],
    ['statue of a dragon', 'rock', 'meaning'],
    ['sword stand', 'table', 'meaning'],
    ['a dragon in a house', 'house', 'mention'],
    ['a horse', 'rock', 'fallback'],
    ['lamb', 'rock', 'fallback'],
    ['стол', 'rock', 'fallback'],
    ['golden', 'rock', 'fallback'],
    ['__proto__ constructor', 'rock', 'fallback'],
  ])('takes the nearest family for "%s" and says so', (prompt, family, reason) => {
    const { spec, warnings } = read(prompt);
    expect(spec.family).toBe(family);
    const warning = warnings.find(({ code }) => code === 'NOUN_UNKNOWN');
    expect(warning?.details).toMatchObject({ family, reason });
    expect(warning?.message).toContain(`"${family}"`);
  });

  it('names what it knows where it made something else', () => {
    const known = `It knows ${FAMILIES.slice(0, -1)
      .map(({ id }) => id)
      .join(', ')} and ${FAMILIES.at(-1)?.id}.`;
    for (const prompt of ['a dragon', 'a castle', 'golden', 'a dragon in a house', '🏰'])
      expect(read(prompt).warnings[0]?.message).toContain(known);
    expect(read('swrod').warnings[0]?.message).not.toContain(known);
  });

  it.each([
    ['two red chairs', 'chair'],
    ['a stack of three barrels', 'barrel'],
    ['3 chair', 'chair'],
    ['several katanas', 'katana'],
    ['rocking chairs', 'rocking chair'],
    ['two swrods', 'sword'],
    ['tres sillas', 'chair'],
  ])('says that "%s" gave one %s', (prompt, noun) => {
    expect(read(prompt).warnings.find(({ code }) => code === 'COUNT_IGNORED')).toEqual({
      code: 'COUNT_IGNORED',
      message: `The built-in generator makes one thing at a time: one ${noun} was made.`,
      details: { noun },
    });
  });

  it.each([
    'a two-handed sword',
    'a pile of rocks',
    'one chair',
    'a chair with two arms',
    'Haus',
    'a barrel of apples',
  ])('does not take "%s" for several things', (prompt) =>
    expect(read(prompt).warnings.map(({ code }) => code)).not.toContain('COUNT_IGNORED'),
  );

  it.each([
    ['a medeival swrod', 'medeival', 'medieval'],
    ['a goldne sword', 'goldne', 'golden'],
    ['an anceint tree', 'anceint', 'ancient'],
    ['a table with woodne legs', 'woodne', 'wooden'],
  ])('corrects the adjective of "%s" and says so', (prompt, word, right) => {
    const { spec, warnings } = read(prompt);
    const { noun: _noun, ...traits } = spec;
    expect(traits).toMatchObject((({ noun: _other, ...rest }) => rest)(read(prompt.replace(word, right)).spec));
    expect(warnings.find(({ code }) => code === 'WORDS_CORRECTED')?.message).toBe(`"${word}" was read as "${right}".`);
  });

  it('corrects no word that means something else or is short', () => {
    for (const prompt of ['a dragon sword', 'a horse and a sword', 'a gld sword', 'a wombat sword'])
      expect(read(prompt).warnings.map(({ code }) => code)).toEqual(['WORDS_IGNORED']);
  });

  it('tells which styles the family does not show', () => {
    const ignored = (prompt: string) =>
      read(prompt).warnings.find(({ code }) => code === 'WORDS_IGNORED')?.details?.words ?? [];
    expect(ignored('a cyberpunk neon katana')).toEqual(['cyberpunk', 'neon']);
    expect(ignored('an ornate fantasy sword')).toEqual([]);
    expect(ignored('a medieval sword')).toEqual([]);
    expect(ignored('a cyberpunk chair')).toEqual([]);
    expect(ignored('a rustic sword')).toEqual([]); // worn at least
    expect(ignored('a neon green lamp')).toEqual([]);
    expect(ignored('an autumn rock')).toEqual(['autumn']);
    const { warnings } = understandPrompt('a sword', 1, FAMILIES, { styles: ['ornate', 'tropical'] });
    expect(warnings).toMatchObject([{ code: 'WORDS_IGNORED', details: { words: ['tropical'] } }]);
  });

  it('tells which words of another language it did not understand', () => {
    expect(read('silla de madera roja').warnings).toMatchObject([
      { code: 'WORDS_IGNORED', details: { words: ['madera', 'roja'] } },
    ]);
    expect(read('una silla').warnings).toEqual([]);
  });

  it('keeps what is said about parts apart, at the end of the lists', () => {
    const { spec } = read('an iron sword with a golden hilt and red gems');
    expect(spec.materials).toEqual(['iron', 'gold']);
    expect(spec.features?.map(({ noun, materials }) => [noun, materials])).toEqual([
      ['hilt', ['gold']],
      ['gem', []],
    ]);
    expect(spec.colors).toEqual([colorOf('red')]);
  });

  it('ignores materials and colours of places', () => {
    const { spec, warnings } = read('a lamp on a red stone table');
    expect([spec.materials, spec.colors]).toEqual([[], []]);
    expect(warnings.map(({ code }) => code)).toEqual(['WORDS_IGNORED']);
    expect(warnings[0]?.message).toContain('table');
  });

  it('reads size, wear and style', () => {
    expect(read('a huge chair').spec.sizeFactor).toBeGreaterThan(1.5);
    expect(read('tiny chair').spec.sizeFactor).toBe(0.5);
    expect(read('gigantic colossal huge massive chair').spec.sizeFactor).toBe(4);
    expect(read('brand new chair').spec.wear).toBeLessThan(0.1);
    expect(read('an ancient chair').spec.wear).toBe(1);
    expect(read('a very old chair').spec.wear).toBeGreaterThan(read('an old chair').spec.wear);
    expect(read('a chair').spec.wear).toBeCloseTo(0.3);
    expect(read('ornate medieval snowy chair').spec.styles).toEqual(['ornate', 'medieval', 'snowy']);
  });

  it.each([
    ['a 1.2m tall chair', 1.2, 'height'],
    ['chair, 80 cm', 0.8, 'height'],
    ['a 6 feet high lamp', 1.8288, 'height'],
    ['table 2,5 metres long', 2.5, 'longest'],
    ['30 in wide table', 0.762, 'width'],
    ['a 2-meter-tall tree', 2, 'height'],
  ] as const)('reads the size of "%s"', (prompt, metres, along) => {
    const { measure } = read(prompt).spec;
    expect(measure?.metres).toBeCloseTo(metres, 9);
    expect(measure?.along).toBe(along);
  });

  it.each(['', '   ', '...!?', '12', '\u0000\u0007', '😀', '\ud83e'])('refuses %j', (prompt) => {
    expect(() => read(prompt)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  it('forces a family, keeps the adjectives, and refuses one that does not exist', () => {
    const { spec, warnings } = understandPrompt('a red dragon', 1, FAMILIES, { family: 'lamp', styles: ['ornate'] });
    expect([spec.family, spec.styles, spec.colors.length]).toEqual(['lamp', ['ornate'], 1]);
    expect(warnings.map(({ code }) => code)).not.toContain('NOUN_UNKNOWN');
    expect(() => understandPrompt('a lamp', 1, FAMILIES, { family: 'boat' })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });

  it('stays fast and safe on two megabytes of anything', () => {
    const inputs = [
      'a sword '.repeat(250_000),
      'x'.repeat(2_000_000),
      `${'é,ß '.repeat(400_000)} sword`,
      `${'\ud800'.repeat(2_000_000)} a`,
    ];
    const start = performance.now();
    for (const input of inputs) {
      try {
        read(input);
      } catch (error) {
        expect(error).toMatchObject({ code: 'INPUT_INVALID' });
      }
    }
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('names only materials that the palette has, and only colours that can be shown', () => {
    expect(MATERIAL_NAMES.filter((name) => !isMaterialName(name))).toEqual([]);
    for (const name of COLOR_NAMES) {
      for (const channel of colorOf(name, ['bright']) ?? [Number.NaN]) {
        expect(channel).toBeGreaterThanOrEqual(0);
        expect(channel).toBeLessThanOrEqual(1);
      }
    }
  });
});
