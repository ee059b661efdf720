import type { ImportRule, ImportTable } from './import-table.ts';

/** How many folders below its own a file may lie. The scan in `scan-imports.ts` has no such limit. */
const DEEPEST = 4;

/** The part of a Biome override the generator writes. */
export interface BiomeOverride {
  readonly includes: readonly string[];
  readonly linter: {
    readonly rules: {
      readonly style: {
        readonly noRestrictedImports: {
          readonly level: 'error';
          readonly options: {
            readonly patterns: readonly { readonly group: readonly string[]; readonly message: string }[];
          };
        };
      };
    };
  };
}

/**
 * Lint rules that enforce the table: one complete list per folder, because where overrides overlap the last one replaces
 * the options of the others. Test files are left out: they may use anything.
 */
export function createBiomeOverrides(table: ImportTable, dependencies: readonly string[]): readonly BiomeOverride[] {
  const overrides: BiomeOverride[] = [];
  for (const [folder, rule] of Object.entries(table.folders)) {
    const depth = folder.split('/').length;
    const upwards = Array.from({ length: DEEPEST }, (_unused, index) => '../'.repeat(depth + index));
    const prefix = `{${upwards.join(',')}}`;
    const includes = [`${table.root}/${folder}/**`, '!**/*.test.ts', '!**/*.test-kit.ts'];
    const others = Object.keys(table.folders).filter((other) => other !== folder);
    overrides.push(createOverride(includes, folder, rule, restricted(rule, others, prefix, table, dependencies)));
  }
  for (const [file, rule] of Object.entries(table.entries)) {
    const group = restricted(rule, Object.keys(table.folders), './', table, dependencies);
    overrides.push(createOverride([`${table.root}/${file}`], file, rule, group));
  }
  return [...overrides, examplesOverride(table)];
}

/** Patterns of everything the rule does not allow. */
function restricted(
  rule: ImportRule,
  folders: readonly string[],
  prefix: string,
  table: ImportTable,
  dependencies: readonly string[],
): readonly string[] {
  const forbidden = folders.filter((folder) => !rule.imports.includes(folder));
  const packages = rule.packages === 'any' ? [] : dependencies.filter((name) => !rule.packages.includes(name));
  return [
    ...forbidden.map((folder) => `${prefix}${folder}/**`),
    ...[...packages, table.packageName].flatMap((name) => [name, `${name}/**`]),
  ];
}

function createOverride(
  includes: readonly string[],
  name: string,
  rule: ImportRule,
  group: readonly string[],
): BiomeOverride {
  return toOverride(includes, group, `${name} may not import this: ${describe(rule)}. See scripts/import-table.json.`);
}

function describe(rule: ImportRule): string {
  const folders = rule.imports.length === 0 ? 'no other folder' : rule.imports.join(', ');
  const packages =
    rule.packages === 'any'
      ? 'any declared package'
      : rule.packages.length === 0
        ? 'no package'
        : rule.packages.join(', ');
  return `it may use ${folders}; ${packages}`;
}

/** Examples are what a user would write: public entries only, and nothing outside their own folder. */
function examplesOverride(table: ImportTable): BiomeOverride {
  return toOverride(
    ['examples/**'],
    ['../**', '**/packages/**', `${table.packageName}/src/**`, `${table.packageName}/dist/**`],
    'Examples import public entries of the SDK and files of their own folder only.',
  );
}

function toOverride(includes: readonly string[], group: readonly string[], message: string): BiomeOverride {
  return {
    includes,
    linter: {
      rules: { style: { noRestrictedImports: { level: 'error', options: { patterns: [{ group, message }] } } } },
    },
  };
}
