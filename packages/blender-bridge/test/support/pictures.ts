import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Blender } from '../../../../scripts/testing/blender/prepare.ts';

/**
 * Keeps a picture for people to look at, in the folder named by `MAQUETTE_TEST_PICTURES`. Does nothing where it is not set,
 * or where there is no picture.
 *
 * @param name - What it shows; the file is called `<version>-<name>.png`.
 */
export function keepPicture(blender: Blender, picture: string, name: string): void {
  const folder = process.env.MAQUETTE_TEST_PICTURES;
  if (!folder || !existsSync(picture)) return;
  mkdirSync(folder, { recursive: true });
  copyFileSync(picture, join(folder, `${blender.name}-${name}.png`));
}
