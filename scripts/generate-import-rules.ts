/**
 * Turns scripts/import-table.json into lint rules that biome.json extends. With `--check` it writes nothing and fails if
 * they are stale or if a file breaks the table.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBiomeOverrides } from './import-rules/biome-overrides.ts';
import { readImportTable } from './import-rules/import-table.ts';
import { scanImports } from './import-rules/scan-imports.ts';

const ROOT = join(import.meta.dirname, '..');
const RULES = join(ROOT, 'scripts/import-rules/biome.generated.json');

const { table, dependencies } = readImportTable(ROOT);
const text = `${JSON.stringify({ overrides: createBiomeOverrides(table, dependencies) }, null, 2)}\n`;

if (process.argv.includes('--check')) check();
else writeFileSync(RULES, text);

function check(): void {
  if (readFileSync(RULES, 'utf8') !== text) {
    console.error('The import rules are stale; run `node scripts/generate-import-rules.ts`.');
    process.exitCode = 1;
  }
  for (const { file, specifier, reason } of scanImports(ROOT, table)) {
    console.error(`${file}: "${specifier}" ${reason}`);
    process.exitCode = 1;
  }
}
