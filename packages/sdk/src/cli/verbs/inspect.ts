import { SdkError } from '../../foundation/errors.ts';
import type { ValidationReport } from '../../host/codecs.ts';
import { inspectMesh, type MeshInspection } from '../../mesh/inspect-mesh.ts';
import { MESH_LIMITS } from '../../mesh/mesh-limits.ts';
import { readGltf } from '../../mesh/read-gltf.ts';
import { createNodeCodecs } from '../../platform/node/codecs.ts';
import { readInputFile } from '../read-input-file.ts';
import { oneLine, printJson } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT, isSet, type VerbCall } from '../verb.ts';

const SHOWN_ISSUES = 20;

/** `maquette inspect`. */
export async function runInspect({ positionals, values, terminal }: VerbCall): Promise<number> {
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new UsageError('inspect takes one file.');
  const bytes = await readInputFile(terminal.pathOf(file), MESH_LIMITS.fileBytes);
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

function printInspection(inspection: MeshInspection, validator: ValidationReport, terminal: Terminal): void {
  const { bounds } = inspection;
  const size =
    bounds === null ? 'empty' : bounds.max.map((high, axis) => (high - (bounds.min[axis] ?? 0)).toFixed(3)).join(' × ');
  const rows: readonly (readonly [string, string | number])[] = [
    ['kind', `${inspection.kind} (${inspection.mediaType})`],
    ['bytes', inspection.bytes],
    ['size', bounds === null ? size : `${size} m`],
    ['triangles', inspection.triangles],
    ['vertices', inspection.vertices],
    ['primitives', inspection.primitives],
    ['materials', inspection.materials],
    ['textures', inspection.textures],
    ['extensions', inspection.extensions.length === 0 ? 'none' : inspection.extensions.map(oneLine).join(', ')],
    ['validator', `${validator.errors} errors, ${validator.warnings} warnings`],
  ];
  for (const [name, value] of rows) terminal.print(`${name.padEnd(12)}${value}`);
  for (const issue of validator.issues.slice(0, SHOWN_ISSUES)) {
    terminal.print(
      `  ${issue.severity.padEnd(8)}${issue.code} ${oneLine(issue.pointer ?? '')}: ${oneLine(issue.message)}`,
    );
  }
}
