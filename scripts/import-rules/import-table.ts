import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one folder, or one entry file, may import besides itself. */
export interface ImportRule {
  /** Folders of the table. */
  readonly imports: readonly string[];
  /** Packages by name; `any` on platforms, where everything that is declared is allowed. */
  readonly packages: readonly string[] | 'any';
}

/** Who may import whom, the one place that says so. */
export interface ImportTable {
  /** Folder the rules are about, relative to the checkout. */
  readonly root: string;
  /** The package's own name, which its files must not use. */
  readonly packageName: string;
  readonly folders: Readonly<Record<string, ImportRule>>;
  /** Files directly under the root: the public entries that join folders. */
  readonly entries: Readonly<Record<string, ImportRule>>;
}

/** Reads the table and the names of the packages it has to decide about. */
export function readImportTable(checkout: string): { table: ImportTable; dependencies: readonly string[] } {
  const table: ImportTable = JSON.parse(readFileSync(join(checkout, 'scripts/import-table.json'), 'utf8'));
  for (const [name, rule] of Object.entries({ ...table.folders, ...table.entries })) {
    const unknown = rule.imports.find((folder) => table.folders[folder] === undefined);
    if (unknown !== undefined)
      throw new Error(`The import table lets ${name} import "${unknown}", which it does not list.`);
  }
  const manifest = JSON.parse(readFileSync(join(checkout, table.root, '../package.json'), 'utf8'));
  const named = Object.values(table.folders).flatMap(({ packages }) => (packages === 'any' ? [] : packages));
  const installed = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  const dependencies = [...new Set([...installed, ...named])].sort();
  return { table, dependencies };
}
