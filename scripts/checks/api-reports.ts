/**
 * Compares the public API of every entry with its report in packages/sdk/etc, and fails on a difference and on names
 * without a docstring. With `--update` it writes the reports.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ExtractorMessage } from '@microsoft/api-extractor';
import { bundleName, ENTRIES, SDK_FOLDER } from '../entries.ts';

// a CommonJS package whose names Node does not see from outside
const { CompilerState, Extractor, ExtractorConfig } = createRequire(import.meta.url)(
  '@microsoft/api-extractor',
) as typeof import('@microsoft/api-extractor');

const isUpdate = process.argv.includes('--update');
const reports = new Set<string>();
/** Names that appear in the API of an entry without being exported by it, with the entry. */
const borrowed = new Map<string, string>();
const exported = new Set<string>();

if (isUpdate) mkdirSync(join(SDK_FOLDER, 'etc'), { recursive: true });

const entries = ENTRIES.map((entry) => {
  const name = bundleName(entry.name).replaceAll('/', '-');
  const declarations = join(SDK_FOLDER, 'dist/types', entry.source.replace(/\.ts$/, '.d.ts'));
  const configObject = ExtractorConfig.loadFile(join(SDK_FOLDER, 'api-extractor.json'));
  configObject.projectFolder = SDK_FOLDER;
  configObject.mainEntryPointFilePath = declarations;
  configObject.apiReport = { ...configObject.apiReport, enabled: true, reportFileName: name };
  const config = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: join(SDK_FOLDER, 'api-extractor.json'),
    packageJsonFullPath: join(SDK_FOLDER, 'package.json'),
  });
  return { entry, name, declarations, config };
});

// one compiler for all of them: most of the time goes into reading the declarations
const [first] = entries;
if (first === undefined) throw new Error('The SDK has no entries.');
const compilerState = CompilerState.create(first.config, {
  additionalEntryPoints: entries.map(({ declarations }) => declarations),
});

for (const { entry, name, config } of entries) {
  reports.add(`${name}.api.md`);
  const result = Extractor.invoke(config, {
    compilerState,
    localBuild: isUpdate,
    messageCallback: (message) => show(entry.name, message),
  });
  if (result.apiReportChanged && !isUpdate) {
    console.error(
      `${entry.name}: the public API differs from etc/${name}.api.md; if that is meant, run \`node scripts/checks/api-reports.ts --update\`.`,
    );
  }
  if (!result.succeeded) process.exitCode = 1;
  readReport(entry.name, join(SDK_FOLDER, 'etc', `${name}.api.md`));
}

for (const [name, entry] of borrowed) {
  if (exported.has(name)) continue;
  console.error(`${entry}: ${name} is part of the public API, but no entry exports it.`);
  process.exitCode = 1;
}

for (const file of existsSync(join(SDK_FOLDER, 'etc')) ? readdirSync(join(SDK_FOLDER, 'etc')) : []) {
  if (!file.endsWith('.api.md') || reports.has(file)) continue;
  if (isUpdate) rmSync(join(SDK_FOLDER, 'etc', file));
  else {
    console.error(`etc/${file} belongs to no entry.`);
    process.exitCode = 1;
  }
}

/** Notes what the entry exports and complains about names without a docstring. Members may do without. */
function readReport(entry: string, path: string): void {
  if (!existsSync(path)) return;
  const lines = readFileSync(path, 'utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    const name = /^export (?:declare )?(?:abstract )?(?:type|interface|function|class|const|enum) (\w+)/.exec(
      line,
    )?.[1];
    if (name === undefined) continue;
    const isOverload = lines.slice(0, index).some((earlier) => earlier.startsWith(`export function ${name}(`));
    exported.add(name);
    const isDocumented = lines[index - 1]?.includes('(undocumented)') !== true;
    if (isDocumented || isOverload) continue;
    console.error(`${entry}: ${name} has no docstring.`);
    process.exitCode = 1;
  }
}

function show(entry: string, message: ExtractorMessage): void {
  message.handled = true;
  const forgotten = message.messageId === 'ae-forgotten-export' ? /"(\w+)"/.exec(message.text)?.[1] : undefined;
  if (forgotten !== undefined) {
    borrowed.set(forgotten, entry);
    message.logLevel = 'none' as ExtractorMessage['logLevel']; // judged over all entries, above
  } else if (message.logLevel === 'error' || message.logLevel === 'warning') {
    const place = message.sourceFilePath === undefined ? '' : `${message.sourceFilePath}:${message.sourceFileLine}: `;
    console.error(`${entry}: ${place}${message.text}`);
  }
}
