// Draws what the built-in generator makes: contact-sheet.png, the eight families at three seeds, and gallery.png, prompts
// with something to say. Run it after changing a family, and look at the pictures: node scripts/contact-sheet.ts [folder]

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateModel } from '../packages/sdk/src/generator/generate-model.ts';
import type { GeneratedModel } from '../packages/sdk/src/generator/model.ts';
import type { RasterImage } from '../packages/sdk/src/host/host.ts';
import { encodePng } from '../packages/sdk/src/image/encode-png.ts';
import type { RenderScene } from '../packages/sdk/src/render/render-scene.ts';
import { renderThumbnail } from '../packages/sdk/src/render/thumbnail.ts';

/** A sheet of pictures, row by row. */
interface Sheet {
  readonly file: string;
  readonly columns: number;
  /** Side of one picture, pixels. */
  readonly cell: number;
  readonly prompts: readonly (readonly [prompt: string, seed: number])[];
}

const FAMILIES = ['a sword', 'a chair', 'a table', 'a barrel', 'a tree', 'a house', 'a rock', 'a lamp'];

const SHEETS: readonly Sheet[] = [
  {
    file: 'contact-sheet.png',
    columns: FAMILIES.length,
    cell: 192,
    prompts: [1, 2, 3].flatMap((seed) => FAMILIES.map((prompt) => [prompt, seed] as const)),
  },
  {
    file: 'gallery.png',
    columns: 5,
    cell: 256,
    prompts: [
      ['a log cabin', 1],
      ['an ornate golden rapier', 3],
      ['a mossy boulder', 2],
      ['a stone lantern', 1],
      ['a snowy pine', 2],
      ['a workbench', 1],
      ['a purple crystal', 1],
      ['a royal throne', 2],
      ['a candle in a silver holder', 2],
      ['a round hut with a thatched roof', 1],
    ],
  },
];

const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../docs/images');
mkdirSync(folder, { recursive: true });
for (const sheet of SHEETS) {
  const bytes = encodePng(draw(sheet), { level: 9 });
  writeFileSync(join(folder, sheet.file), bytes);
  console.log(`${sheet.file}: ${Math.ceil(bytes.length / 1000)} kB`);
}

function draw({ columns, cell, prompts }: Sheet): RasterImage {
  const [width, height] = [columns * cell, Math.ceil(prompts.length / columns) * cell];
  const image: RasterImage = { width, height, data: new Uint8Array(width * height * 4) };
  for (const [index, [prompt, seed]] of prompts.entries()) {
    const { model } = generateModel(prompt, seed);
    const [x, y] = [(index % columns) * cell, Math.floor(index / columns) * cell];
    paste(image, renderThumbnail(toScene(model), cell, { supersample: 3 }), x, y);
    const triangles = model.parts.reduce((sum, part) => sum + part.indices.length / 3, 0);
    console.log(`${prompt}, seed ${seed}: ${triangles} triangles`);
  }
  return image;
}

function toScene(model: GeneratedModel): RenderScene {
  return {
    meshes: model.parts.map(({ material, ...geometry }) => ({
      ...geometry,
      material: {
        ...material,
        ...(material.ormTexture === undefined
          ? {}
          : { metallicRoughnessTexture: material.ormTexture, occlusionTexture: material.ormTexture }),
        alphaMode: material.alphaMode ?? 'OPAQUE',
        alphaCutoff: 0.5,
        doubleSided: material.doubleSided ?? false,
      },
    })),
  };
}

function paste(target: RasterImage, picture: RasterImage, x: number, y: number): void {
  for (let row = 0; row < picture.height; row += 1) {
    const from = row * picture.width * 4;
    target.data.set(picture.data.subarray(from, from + picture.width * 4), ((y + row) * target.width + x) * 4);
  }
}
