import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImportTable } from './import-table.ts';
import { scanImports } from './scan-imports.ts';

const ROOT = join(import.meta.dirname, '../..');
const { table, dependencies } = readImportTable(ROOT);
const folders = Object.keys(table.folders);

/** A file with one import, and whether the table allows it. */
interface Plant {
  readonly file: string;
  readonly source: string;
  readonly allowed: boolean;
  /** Only the scan resolves paths and looks into types. */
  readonly seenByLint: boolean;
}

const plants: Plant[] = [];

function plant(file: string, specifier: string, allowed: boolean): void {
  const source = `import { thing } from '${specifier}';\n\nexport const used = thing;\n`;
  plants.push({ file, source, allowed, seenByLint: true });
}

for (const [folder, rule] of Object.entries(table.folders)) {
  const up = '../'.repeat(folder.split('/').length);
  for (const other of folders) {
    if (other === folder) continue;
    const name = `to-${other.replace('/', '-')}`;
    plant(`${folder}/${name}.ts`, `${up}${other}/target.ts`, rule.imports.includes(other));
    plant(`${folder}/below/${name}.ts`, `../${up}${other}/inner/target.ts`, rule.imports.includes(other));
  }
  for (const dependency of dependencies) {
    const name = dependency.replace(/\W/g, '-');
    const allowed = rule.packages === 'any' || rule.packages.includes(dependency);
    plant(`${folder}/package-${name}.ts`, dependency, allowed);
    plant(`${folder}/package-${name}-inner.ts`, `${dependency}/inner`, allowed);
  }
  plant(`${folder}/own-name.ts`, table.packageName, false);
  plant(`${folder}/own-entry.ts`, `${table.packageName}/jobs`, false);
  plant(`${folder}/neighbour.ts`, './target.ts', true);
}
for (const [file, rule] of Object.entries(table.entries)) {
  const source = folders.map((folder) => `export * from './${folder}/target.ts';`);
  const forbidden = folders.filter((folder) => !rule.imports.includes(folder));
  plants.push({ file, source: `${source.join('\n')}\n`, allowed: forbidden.length === 0, seenByLint: true });
}
// what lint cannot see
plants.push(
  {
    file: 'foundation/inside-a-type.ts',
    source: "export type Thing = import('../mesh/target.ts').Thing;\n",
    allowed: false,
    seenByLint: false,
  },
  {
    file: 'foundation/devious-path.ts',
    source: "export * from './inner/../../mesh/target.ts';\n",
    allowed: false,
    seenByLint: false,
  },
  { file: 'mesh/through-an-entry.ts', source: "export * from '../index.ts';\n", allowed: false, seenByLint: false },
  { file: 'elsewhere/lost.ts', source: 'export const lost = 1;\n', allowed: false, seenByLint: false },
);

function wronglyJudged(judged: readonly Plant[], isRefused: (file: string) => boolean): readonly string[] {
  return judged.filter(({ file, allowed }) => isRefused(file) === allowed).map(({ file }) => file);
}

/** Where Node's own modules may be used. */
const NODE_FOLDERS = ['platform/node', 'cli'];

describe('the import table', () => {
  let checkout: string;

  beforeAll(() => {
    checkout = mkdtempSync(join(tmpdir(), 'maquette-import-table-'));
    copyFileSync(join(ROOT, 'scripts/import-table.json'), place('scripts/import-table.json'));
    copyFileSync(
      join(ROOT, 'scripts/import-rules/biome.generated.json'),
      place('scripts/import-rules/biome.generated.json'),
    );
    const {
      $schema: _schema,
      vcs: _vcs,
      ...configuration
    } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'));
    writeFileSync(place('biome.json'), JSON.stringify(configuration));
    for (const { file, source } of plants) writeFileSync(place(`${table.root}/${file}`), source);
    for (const folder of folders) {
      writeFileSync(
        place(`${table.root}/${folder}/node-module.ts`),
        "import { readFileSync } from 'node:fs';\n\nexport const read = readFileSync;\n",
      );
      const target = 'export const thing = 1;\nexport type Thing = number;\n';
      writeFileSync(place(`${table.root}/${folder}/target.ts`), target);
      writeFileSync(place(`${table.root}/${folder}/inner/target.ts`), target);
    }
  });

  afterAll(() => rmSync(checkout, { recursive: true, force: true }));

  function place(path: string): string {
    const full = join(checkout, path);
    mkdirSync(dirname(full), { recursive: true });
    return full;
  }

  /** Files that a rule complains about. All rules run: `--only` would switch a rule on where the configuration does not. */
  function lint(rule: string): { status: number | null; refused: ReadonlySet<string> } {
    const result = spawnSync(
      join(ROOT, 'node_modules/.bin/biome'),
      ['lint', '--reporter=github', '--max-diagnostics=none', table.root],
      { cwd: checkout, encoding: 'utf8', maxBuffer: 2 ** 26 },
    );
    const complaints = [...result.stdout.matchAll(/title=([^,]+),file=([^,]+),/g)];
    const refused = complaints
      .filter((match) => match[1] === `lint/${rule}`)
      .map((match) => (match[2] as string).replace(/^.*?packages\//, 'packages/'));
    return { status: result.status, refused: new Set(refused) };
  }

  it('covers every pair of folders', () => {
    const pairs = folders.length * (folders.length - 1);
    expect(plants.filter(({ file }) => /^[^.]*\/to-/.test(file) && !file.includes('/below/'))).toHaveLength(pairs);
    expect(plants.filter(({ allowed }) => allowed).length).toBeGreaterThan(folders.length);
  });

  it('is enforced by lint', () => {
    const { status, refused } = lint('style/noRestrictedImports');
    const judged = plants.filter(({ seenByLint }) => seenByLint);
    expect(wronglyJudged(judged, (file) => refused.has(`${table.root}/${file}`))).toEqual([]);
    expect(status).toBe(1);
  });

  it('keeps Node modules on their platform', () => {
    const { refused } = lint('correctness/noNodejsModules');
    const expected = folders.filter((folder) => !NODE_FOLDERS.includes(folder));
    expect([...refused].sort()).toEqual(expected.map((folder) => `${table.root}/${folder}/node-module.ts`).sort());
  });

  it('is enforced by the scan, also where lint is blind', () => {
    const refused = new Set(scanImports(checkout, table).map(({ file }) => file));
    const isRefused = (file: string): boolean => refused.has(`${table.root}/${file}`) || refused.has(file);
    expect(wronglyJudged(plants, isRefused)).toEqual([]);
  });
});

describe('the source', () => {
  it('keeps to the table', () => {
    expect(scanImports(ROOT, table)).toEqual([]);
  });
});
