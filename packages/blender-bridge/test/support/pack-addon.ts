import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addOnForThisMachine } from '../../../../scripts/package/add-on.ts';
import { makeZip } from '../../../../scripts/package/zip.ts';

/**
 * Packs the add-on as people get it, and unpacks it again.
 *
 * @param folder - Where to; exists. Gets the zip, and what is in it, the folder `maquette`.
 * @returns Path of the zip.
 */
export async function packAddon(folder: string): Promise<string> {
  const entries = await addOnForThisMachine();
  for (const { name, bytes, isExecutable } of entries) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes, { mode: isExecutable === true ? 0o755 : 0o644 });
  }
  const zip = join(folder, 'maquette-blender.zip');
  writeFileSync(zip, makeZip(entries));
  return zip;
}
