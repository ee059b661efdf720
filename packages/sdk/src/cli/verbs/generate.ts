import { basename, extname } from 'node:path';
import { newFolder } from '../../platform/node/folder-name.ts';
import { readInputFile } from '../../platform/node/read-input-file.ts';
import type { PreparedJob } from '../../studio/create-studio.ts';
import type { GenerateOptions, PromptInput } from '../../studio/generate-options.ts';
import { MAX_IMAGE_BYTES } from '../../studio/input-images.ts';
import { outputOf, parseAmount, parseKeyValues, parseWhole, processingOf } from '../argument-values.ts';
import { followJobs } from '../follow-job.ts';
import { openStudio } from '../open-studio.ts';
import { chooseProvider } from '../provider-registry.ts';
import { oneLine, printJson } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT, isSet, type OptionValues, textOf, textsOf, type VerbCall } from '../verb.ts';

const LARGEST_SEED = 2_147_483_647;
const LARGEST_INPUT_BYTES = 16 * 1024 * 1024;

/** `maquette generate`. */
export async function runGenerate({ positionals, values, terminal }: VerbCall): Promise<number> {
  const imagePath = textOf(values, 'image');
  if (positionals.length > 1) throw new UsageError('There is more than one prompt; put the prompt in quotes.');
  if (positionals.length === 0 && imagePath === undefined) throw new UsageError('generate needs a prompt.');
  const given = optionsOf(values);
  const json = isSet(values, 'json');
  const isDryRun = isSet(values, 'dry-run');
  const out = textOf(values, 'out');
  const force = isSet(values, 'force');

  const open = await openStudio(terminal, isDryRun ? openNoStore : undefined);
  try {
    const provider = chooseProvider(open.providers, textOf(values, 'provider'), terminal.env);
    const text = positionals[0] === '-' ? await terminal.readInput(LARGEST_INPUT_BYTES) : (positionals[0] ?? '');
    const image = imagePath === undefined ? null : await readInputFile(terminal.pathOf(imagePath), MAX_IMAGE_BYTES);
    const name = text.trim() === '' && imagePath !== undefined ? basename(imagePath, extname(imagePath)) : text;
    const folder = out === undefined ? newFolder(terminal.folder, name) : terminal.pathOf(out);
    const order: GenerateOptions = {
      ...given,
      provider,
      prompt: promptOf(text, image),
      delivery: { folder, force },
    };
    if (isDryRun) {
      printPlan(await open.studio.prepare(order), folder, terminal, json);
      return EXIT.done;
    }
    const job = await open.studio.generate(order);
    return await followJobs(open, [job], terminal, { json });
  } finally {
    await open.close();
  }
}

/** Jobs of a dry run: there are none, and no database is made. */
async function openNoStore() {
  const { createMemoryJobStore } = await import('../../jobs/memory-job-store.ts');
  return createMemoryJobStore();
}

function optionsOf(values: OptionValues): Omit<GenerateOptions, 'prompt'> {
  const output = outputOf(values);
  const seed = textOf(values, 'seed');
  const model = textOf(values, 'model');
  const options = textsOf(values, 'option');
  const maxCost = textOf(values, 'max-cost');
  return {
    ...(output === undefined ? {} : { output }),
    ...(seed === undefined ? {} : { seed: parseWhole(seed, 'seed', 0, LARGEST_SEED) }),
    ...(model === undefined ? {} : { model }),
    ...(options.length === 0 ? {} : { options: parseKeyValues(options) }),
    ...(maxCost === undefined ? {} : { maxCost: parseAmount(maxCost, 'max-cost') }),
    processing: processingOf(values),
  };
}

function promptOf(text: string, image: Uint8Array | null): PromptInput {
  if (image === null) return { text };
  return { ...(text.trim() === '' ? {} : { text }), images: [image] };
}

function printPlan(prepared: PreparedJob, folder: string, terminal: Terminal, json: boolean): void {
  const { provider, request, processing, estimate, warnings } = prepared;
  const levels = 1 + (processing.triangles ?? processing.ratios ?? []).length;
  if (json) {
    printJson(terminal, {
      type: 'plan',
      provider: provider.id,
      output: request.output,
      seed: request.seed,
      model: request.model ?? null,
      estimate: estimate ?? null,
      levels,
      processing,
      folder,
      warnings,
    });
    printJson(terminal, { type: 'result', job: null, state: 'succeeded', folder: null, dryRun: true });
    return;
  }
  const cost = estimate === undefined ? 'unknown' : `${estimate.amount} ${oneLine(estimate.currency)}`;
  const rows: readonly (readonly [string, string])[] = [
    ['provider', `${provider.id} (${oneLine(provider.name)})`],
    ['output', request.output],
    ['model', request.model === undefined ? "the provider's choice" : oneLine(request.model)],
    ['seed', String(request.seed)],
    ['estimate', provider.currency === undefined && (estimate?.amount ?? 0) === 0 ? 'free' : cost],
    ['levels', String(levels)],
    ['profile', processing.profile],
    ['folder', folder],
  ];
  for (const [name, value] of rows) terminal.print(`${name.padEnd(10)}${value}`);
  for (const warning of warnings) terminal.note(`Note: ${oneLine(warning.message)}\n`);
  terminal.note('Nothing was made: this was a dry run.\n');
}
