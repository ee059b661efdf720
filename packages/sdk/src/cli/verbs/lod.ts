import { basename, extname } from 'node:path';
import { isCancelError, SdkError } from '../../foundation/errors.ts';
import { MESH_LIMITS } from '../../mesh/mesh-limits.ts';
import type { ProcessingOptions } from '../../pipeline/processing-options.ts';
import { checkProcessing, produceLodSet } from '../../pipeline/produce-lod-set.ts';
import { checkSplatProcessing, produceSplatSet } from '../../pipeline/produce-splat-set.ts';
import type { ProducedAsset } from '../../pipeline/produced-asset.ts';
import type { StepContext } from '../../pipeline/step.ts';
import { createNodeCodecs } from '../../platform/node/codecs.ts';
import { assertFolderFree, deliverToFolder } from '../../platform/node/folder-delivery.ts';
import { readInputFile } from '../../platform/node/read-input-file.ts';
import { isSplatFile } from '../../splat/read-splat.ts';
import { SPLAT_LIMITS } from '../../splat/splat-limits.ts';
import { resolveProcessing } from '../../studio/resolve-processing.ts';
import { processingOf } from '../argument-values.ts';
import { watchInterrupts } from '../interrupts.ts';
import { createCommandHost } from '../open-studio.ts';
import { oneLine, printFailure, printJson } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT, isSet, textOf, type VerbCall } from '../verb.ts';

const LARGEST_FILE_BYTES = Math.max(MESH_LIMITS.fileBytes, SPLAT_LIMITS.fileBytes);

/** `maquette lod`. Works on a file of the person; makes no job. */
export async function runLod({ positionals, values, terminal }: VerbCall): Promise<number> {
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new UsageError('lod takes one file.');
  const out = textOf(values, 'out');
  if (out === undefined) throw new UsageError('lod needs --out DIR.');
  const processing = resolveProcessing(processingOf(values));
  const force = isSet(values, 'force');
  const json = isSet(values, 'json');
  const folder = terminal.pathOf(out);

  const interrupts = watchInterrupts();
  try {
    const codecs = await createNodeCodecs();
    const raw = await readInputFile(terminal.pathOf(file), LARGEST_FILE_BYTES);
    if (isSplatFile(raw)) checkSplatProcessing(processing);
    else checkProcessing(processing, codecs);
    await assertFolderFree(folder, force);
    const asset = await produce(file, raw, processing, codecs, interrupts.signal, terminal, json);
    interrupts.signal.throwIfAborted();
    // the same for the same file, so that a second try clears what a killed one left
    const token = asset.manifest.raw.digest.slice(0, 32);
    await deliverToFolder(folder, asset, { force, token });
    if (json) printJson(terminal, { type: 'result', job: null, state: 'succeeded', folder });
    else terminal.print(folder);
    terminal.note(describeLevels(asset));
    return EXIT.done;
  } catch (error) {
    if (!interrupts.signal.aborted || !isCancelError(error)) throw error;
    const cancelled = new SdkError({ code: 'CANCELLED', message: 'Interrupted; nothing was written.' });
    printFailure(terminal, cancelled, json ? { job: null } : null);
    return EXIT.interrupted;
  } finally {
    interrupts.stop();
  }
}

async function produce(
  file: string,
  raw: Uint8Array,
  processing: ProcessingOptions,
  codecs: Awaited<ReturnType<typeof createNodeCodecs>>,
  signal: AbortSignal,
  terminal: Terminal,
  json: boolean,
): Promise<ProducedAsset> {
  const { host } = createCommandHost(terminal);
  const context: StepContext = {
    codecs,
    ...(host.images === undefined ? {} : { images: host.images }),
    sha256: host.sha256,
    signal,
    pause: () => host.clock.sleep(0),
    warn: (warning) => {
      if (json) printJson(terminal, { type: 'warning-raised', job: null, warning });
      terminal.note(`Note: ${oneLine(warning.message)}\n`);
    },
    report: (step, report) => {
      if (json) printJson(terminal, { type: 'step-finished', job: null, step, report });
      if (!terminal.canRedraw) terminal.note(`${step}\n`);
    },
  };
  const name = basename(file, extname(file));
  if (isSplatFile(raw)) return produceSplatSet({ raw, name }, processing, context);
  const extension = extname(file).slice(1).toLowerCase();
  const known = /^(?:glb|gltf)$/.test(extension) ? { rawExtension: extension } : {};
  return produceLodSet({ raw, name, ...known }, processing, context);
}

/** A distance in radii as a share that says something to people. */
function formatError(error: number): string {
  return error === 0 ? '0' : `${Number((error * 100).toPrecision(2))} % of the radius`;
}

function describeLevels({ manifest }: ProducedAsset): string {
  return manifest.levels
    .map((level) => {
      const content = 'gaussians' in level ? `${level.gaussians} gaussians` : `${level.triangles} triangles`;
      return `${level.file}: ${content}, ${Math.ceil(level.bytes / 1024)} KiB, error ${formatError(level.error)}\n`;
    })
    .join('');
}
