// Draws the eight families of the built-in generator at three seeds into docs/images/contact-sheet.png.
// Run it after changing a family, and look at the picture: node scripts/contact-sheet.ts [file]

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateModel } from '../packages/sdk/src/generator/generate-model.ts';
import type { GeneratedModel } from '../packages/sdk/src/generator/model.ts';
import type { RasterImage } from '../packages/sdk/src/host/host.ts';
import { encodePng } from '../packages/sdk/src/image/encode-png.ts';
import type { RenderScene } from '../packages/sdk/src/render/render-scene.ts';
import { renderThumbnail } from '../packages/sdk/src/render/thumbnail.ts';

const PROMPTS = ['a sword', 'a chair', 'a table', 'a barrel', 'a tree', 'a house', 'a rock', 'a lamp'];
const SEEDS = [1, 2, 3];
const CELL = 192;

const columns = PROMPTS.length;
const sheet: RasterImage = {
  width: columns * CELL,
  height: SEEDS.length * CELL,
  data: new Uint8Array(columns * CELL * SEEDS.length * CELL * 4),
};
for (const [row, seed] of SEEDS.entries()) {
  for (const [column, prompt] of PROMPTS.entries()) {
    const { model } = generateModel(prompt, seed);
    paste(sheet, renderThumbnail(toScene(model), CELL, { supersample: 3 }), column * CELL, row * CELL);
    const triangles = model.parts.reduce((sum, part) => sum + part.indices.length / 3, 0);
    console.log(`${prompt}, seed ${seed}: ${triangles} triangles`);
  }
}
const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, '../docs/images/contact-sheet.png');
mkdirSync(dirname(target), { recursive: true });
const bytes = encodePng(sheet, { level: 9 });
writeFileSync(target, bytes);
console.log(`${target}: ${Math.ceil(bytes.length / 1000)} kB`);

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
