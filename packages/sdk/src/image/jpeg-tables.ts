/** One Huffman table as it lies in a file: how many codes have each length 1 … 16, then the symbols in order of their codes. */
export interface HuffmanTable {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

/** Place in the natural order, row by row, of each coefficient in zigzag order. @source ITU-T T.81 figure A.6 */
export const ZIGZAG: Uint8Array = fromHex(
  '000108100902030a11182019120b04050c131a21283029221b140d06070e151c232a313839322b241d160f171e252c33' +
    '3a3b342d261f272e353c3d362f373e3f',
);

/** Steps of brightness and of colour at quality 50, natural order. @source ITU-T T.81 tables K.1 and K.2 */
export const QUANTIZATION: { readonly luminance: Uint8Array; readonly chrominance: Uint8Array } = {
  luminance: fromHex(
    '100b0a101828333d0c0c0e131a3a3c370e0d1018283945380e11161d3357503e12162538446d674d182337405168715c' +
      '31404e5767797865485c5f6270646763',
  ),
  chrominance: fromHex(
    '1112182f6363636312151a4263636363181a3863636363632f4263636363636363636363636363636363636363636363' +
      '63636363636363636363636363636363',
  ),
};

/** Codes that suit most pictures. @source ITU-T T.81 tables K.3 to K.6 */
export const HUFFMAN: Readonly<
  Record<'luminance' | 'chrominance', { readonly dc: HuffmanTable; readonly ac: HuffmanTable }>
> = {
  luminance: {
    dc: {
      counts: fromHex('00010501010101010100000000000000'),
      symbols: fromHex('000102030405060708090a0b'),
    },
    ac: {
      counts: fromHex('0002010303020403050504040000017d'),
      symbols: fromHex(
        '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728' +
          '292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a83848586878889' +
          '8a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2' +
          'e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
      ),
    },
  },
  chrominance: {
    dc: {
      counts: fromHex('00030101010101010101010000000000'),
      symbols: fromHex('000102030405060708090a0b'),
    },
    ac: {
      counts: fromHex('00020102040403040705040400010277'),
      symbols: fromHex(
        '000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a26' +
          '2728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a828384858687' +
          '88898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9da' +
          'e2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa',
      ),
    },
  },
};

function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
}
