import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import typescript from 'typescript';
import type { ImportRule, ImportTable } from './import-table.ts';

/** Test files and what only they use may import anything. */
const TEST_FILE = /\.test(-kit)?\.ts$/;

/** Data of the package that code may read: its version and its schemas. */
const PACKAGE_DATA = /^(\.\.\/)(package|schema\/[a-z.-]+)\.json$/;

/** One import the table does not allow. */
export interface ImportViolation {
  readonly file: string;
  readonly specifier: string;
  readonly reason: string;
}

/**
 * Reads every source file and resolves what it imports, `import('…')` types included.
 *
 * Lint sees most of this while one types. It does not see imports inside types, and it compares paths as they are
 * written; this resolves them.
 */
export function scanImports(checkout: string, table: ImportTable): readonly ImportViolation[] {
  const root = join(checkout, table.root);
  const violations: ImportViolation[] = [];
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const file = name.split(sep).join('/');
    if (!file.endsWith('.ts') || TEST_FILE.test(file)) continue;
    const owner = ownerOf(file, table);
    if (owner === undefined) {
      violations.push({ file, specifier: '', reason: 'lies in no folder of scripts/import-table.json' });
      continue;
    }
    for (const specifier of importsOf(readFileSync(join(root, name), 'utf8'))) {
      const reason = judge(file, specifier, owner.name, owner.rule, table);
      if (reason !== undefined) violations.push({ file: relative(checkout, join(root, name)), specifier, reason });
    }
  }
  return violations;
}

/** Specifiers of static, dynamic and type imports, re-exports included. */
export function importsOf(source: string): readonly string[] {
  const { importedFiles } = typescript.preProcessFile(source, true, true);
  return importedFiles.map((imported) => imported.fileName);
}

function ownerOf(file: string, table: ImportTable): { name: string; rule: ImportRule } | undefined {
  const entry = table.entries[file];
  if (entry !== undefined) return { name: file, rule: entry };
  const name = folderOf(file, table);
  const rule = name === undefined ? undefined : table.folders[name];
  return name === undefined || rule === undefined ? undefined : { name, rule };
}

function folderOf(file: string, table: ImportTable): string | undefined {
  return Object.keys(table.folders).find((folder) => file.startsWith(`${folder}/`));
}

function judge(
  file: string,
  specifier: string,
  owner: string,
  rule: ImportRule,
  table: ImportTable,
): string | undefined {
  if (!specifier.startsWith('.')) return judgePackage(specifier, owner, rule, table);
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  if (PACKAGE_DATA.test(target)) return undefined;
  if (target.startsWith('..')) return `reaches outside ${table.root}`;
  if (dirname(target) === '.') return 'imports a public entry from within; import the file itself';
  const folder = folderOf(target, table);
  if (folder === undefined) return 'reaches into a folder the import table does not list';
  return folder === owner || rule.imports.includes(folder) ? undefined : `${owner} may not import ${folder}`;
}

function judgePackage(specifier: string, owner: string, rule: ImportRule, table: ImportTable): string | undefined {
  if (specifier === table.packageName || specifier.startsWith(`${table.packageName}/`)) {
    return 'imports its own package by name';
  }
  if (rule.packages === 'any') return undefined;
  if (specifier.startsWith('node:')) return `${owner} must run without Node`;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  return rule.packages.includes(name) ? undefined : `${owner} may not import the package ${name}`;
}
