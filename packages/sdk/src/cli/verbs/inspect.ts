import { SdkError } from '../../foundation/errors.ts';
import type { ValidationReport } from '../../host/codecs.ts';
import { inspectMesh, type MeshInspection } from '../../mesh/inspect-mesh.ts';
import { MESH_LIMITS } from '../../mesh/mesh-limits.ts';
import { readGltf } from '../../mesh/read-gltf.ts';
import { createNodeCodecs } from '../../platform/node/codecs.ts';
import { readInputFile } from '../../platform/node/read-input-file.ts';
import { inspectSplat, type SplatInspection } from '../../splat/inspect-splat.ts';
import { isSplatFile, readSplat } from '../../splat/read-splat.ts';
import { SPLAT_LIMITS } from '../../splat/splat-limits.ts';
import { oneLine, printJson } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT, isSet, type VerbCall } from '../verb.ts';

const SHOWN_ISSUES = 20;

/** `maquette inspect`. */
export async function runInspect({ positionals, values, terminal }: VerbCall): Promise<number> {
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new UsageError('inspect takes one file.');
  const bytes = await readInputFile(terminal.pathOf(file), Math.max(MESH_LIMITS.fileBytes, SPLAT_LIMITS.fileBytes));
  if (isSplatFile(bytes)) {
    const inspection = inspectSplat(readSplat(bytes), bytes.length);
    if (isSet(values, 'json')) printJson(terminal, inspection);
    else printSplat(inspection, terminal);
    return EXIT.done;
  }
  const codecs = await createNodeCodecs();
  if (codecs.validator === undefined) {
    throw new SdkError({ code: 'UNSUPPORTED_ON_HOST', message: 'The glTF validator is missing on this machine.' });
  }
  const asset = await readGltf(bytes, {
    codecs,
    warn: (warning) => terminal.note(`Note: ${oneLine(warning.message)}\n`),
  });
  const inspection = inspectMesh(asset);
  const validator = await codecs.validator.validate(bytes);
  if (isSet(values, 'json')) {
    printJson(terminal, {
      ...inspection,
      validator: { ...validator, issues: validator.issues.slice(0, SHOWN_ISSUES) },
    });
  } else printInspection(inspection, validator, terminal);
  return EXIT.done;
}

function printSplat(inspection: SplatInspection, terminal: Terminal): void {
  printRows(
    [
      [
        'kind',
        `${inspection.kind} (${inspection.format}${inspection.version === undefined ? '' : ` version ${inspection.version}`})`,
      ],
      ['bytes', inspection.bytes],
      ['size', formatSize(inspection.bounds)],
      ['gaussians', inspection.gaussians],
      ['harmonics', `degree ${inspection.shDegree}`],
    ],
    terminal,
  );
}

function printRows(rows: readonly (readonly [string, string | number])[], terminal: Terminal): void {
  for (const [name, value] of rows) terminal.print(`${name.padEnd(12)}${value}`);
}

function formatSize(bounds: MeshInspection['bounds']): string {
  if (bounds === null) return 'empty';
  return `${bounds.max.map((high, axis) => (high - (bounds.min[axis] ?? 0)).toFixed(3)).join(' × ')} m`;
}

function printInspection(inspection: MeshInspection, validator: ValidationReport, terminal: Terminal): void {
  const rows: readonly (readonly [string, string | number])[] = [
    ['kind', `${inspection.kind} (${inspection.mediaType})`],
    ['bytes', inspection.bytes],
    ['size', formatSize(inspection.bounds)],
    ['triangles', inspection.triangles],
    ['vertices', inspection.vertices],
    ['primitives', inspection.primitives],
    ['materials', inspection.materials],
    ['textures', inspection.textures],
    ['extensions', inspection.extensions.length === 0 ? 'none' : inspection.extensions.map(oneLine).join(', ')],
    ['validator', `${validator.errors} errors, ${validator.warnings} warnings`],
  ];
  printRows(rows, terminal);
  for (const issue of validator.issues.slice(0, SHOWN_ISSUES)) {
    terminal.print(
      `  ${issue.severity.padEnd(8)}${issue.code} ${oneLine(issue.pointer ?? '')}: ${oneLine(issue.message)}`,
    );
  }
}
