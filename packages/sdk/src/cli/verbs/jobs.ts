import { SdkError } from '../../foundation/errors.ts';
import { isTerminalPhase, type JobState } from '../../jobs/job-state.ts';
import type { JobStore } from '../../jobs/job-store.ts';
import { newFolder } from '../../platform/node/folder-name.ts';
import { openJobDatabase } from '../../platform/node/job-database.ts';
import type { HomeStudio } from '../../platform/node/open-home-studio.ts';
import { parseAmount } from '../argument-values.ts';
import { followJobs } from '../follow-job.ts';
import { formatJob, formatJobLine, toJobDetails, toJobRecord } from '../job-text.ts';
import { homeOf, openStudio } from '../open-studio.ts';
import { chooseProvider } from '../provider-registry.ts';
import { oneLine, printJson } from '../report.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT, isSet, textOf, type VerbCall } from '../verb.ts';

const DAY_MS = 86_400_000;
/** Jobs that ended since stay unless something else is asked for: a failed one's raw result may have been paid for. */
const KEPT_DAYS = 30;

interface Action {
  readonly usage: string;
  readonly arguments: readonly [least: number, most: number];
  /** Options it understands besides `--json`. */
  readonly options: readonly string[];
  readonly run: (call: VerbCall, args: readonly string[]) => Promise<number>;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  list: { usage: 'jobs list', arguments: [0, 0], options: [], run: listJobs },
  show: { usage: 'jobs show ID', arguments: [1, 1], options: [], run: showJob },
  resume: {
    usage: 'jobs resume [ID…] or jobs resume ID --out DIR',
    arguments: [0, 1000],
    options: ['detached', 'out', 'force'],
    run: resumeJobs,
  },
  cancel: { usage: 'jobs cancel ID', arguments: [1, 1], options: [], run: cancelJob },
  adopt: { usage: 'jobs adopt PROVIDER TASK', arguments: [2, 2], options: ['out', 'force'], run: adoptTask },
  prune: { usage: 'jobs prune', arguments: [0, 0], options: ['older-than', 'dry-run'], run: pruneJobs },
};

/** `maquette jobs`. */
export async function runJobs(call: VerbCall): Promise<number> {
  const [name, ...args] = call.positionals;
  if (name === undefined) throw new UsageError(`jobs needs an action: ${Object.keys(ACTIONS).join(', ')}.`);
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) throw new UsageError(`jobs has no action "${name.slice(0, 40)}".`);
  const [least, most] = action.arguments;
  if (args.length < least || args.length > most) throw new UsageError(`It is called as ${action.usage}.`);
  const foreign = Object.keys(call.values).find((option) => option !== 'json' && !action.options.includes(option));
  if (foreign !== undefined) throw new UsageError(`jobs ${name} has no option --${foreign}.`);
  return action.run(call, args);
}

async function listJobs({ terminal, values }: VerbCall): Promise<number> {
  const store = await openJobDatabase(homeOf(terminal));
  try {
    const states = await store.list();
    for (const state of states) {
      if (isSet(values, 'json')) printJson(terminal, toJobRecord(state));
      else terminal.print(formatJobLine(state));
    }
    if (states.length === 0) terminal.note('There are no jobs.\n');
    return EXIT.done;
  } finally {
    await store.close();
  }
}

async function showJob({ terminal, values }: VerbCall, [id = '']: readonly string[]): Promise<number> {
  const store = await openJobDatabase(homeOf(terminal));
  try {
    const state = await findJob(store, id);
    if (isSet(values, 'json')) printJson(terminal, toJobDetails(state));
    else terminal.print(formatJob(state));
    return EXIT.done;
  } finally {
    await store.close();
  }
}

async function resumeJobs({ terminal, values }: VerbCall, ids: readonly string[]): Promise<number> {
  const out = textOf(values, 'out');
  const force = isSet(values, 'force');
  const isElsewhere = out !== undefined || force;
  if (isElsewhere && ids.length !== 1) throw new UsageError('jobs resume takes one ID with --out or --force.');
  const open = await openStudio(terminal);
  try {
    const wanted: JobState[] = [];
    for (const id of ids) wanted.push(await findJob(open.store, id));
    for (const state of isElsewhere ? wanted : []) {
      const folder = out === undefined ? state.delivery.folder : terminal.pathOf(out);
      await open.studio.changeDelivery(state.job, { ...state.delivery, folder: folder ?? '', force });
    }
    const handles =
      ids.length === 0
        ? await open.studio.resume()
        : await Promise.all(wanted.map((state) => open.studio.job(state.job)));
    if (ids.length > 0) await open.studio.resume(wanted.map((state) => state.job));
    if (handles.length === 0) terminal.note('There is nothing to resume.\n');
    const states = new Map<string, JobState>();
    for (const handle of handles) states.set(handle.id, await handle.state());
    return await followJobs(
      open,
      handles,
      terminal,
      { json: isSet(values, 'json'), isDetached: isSet(values, 'detached') },
      (job) => states.get(job) ?? null,
    );
  } finally {
    await open.close();
  }
}

async function cancelJob({ terminal, values }: VerbCall, [id = '']: readonly string[]): Promise<number> {
  const open = await openStudio(terminal);
  try {
    const before = await findJob(open.store, id);
    const after = isTerminalPhase(before.phase) ? before : await open.studio.cancel(before.job);
    const wasCancelled = after.phase === 'cancelled';
    const message = wasCancelled
      ? `Job ${after.job}: ${oneLine(await cancellationOf(open, after.job))}`
      : `Job ${after.job} had already ${after.phase}.`;
    if (isSet(values, 'json')) {
      const outcome = after.result === undefined ? {} : { folder: after.result.location };
      const code = wasCancelled ? { code: 'CANCELLED' } : after.error === undefined ? {} : { code: after.error.code };
      printJson(terminal, { type: 'result', job: after.job, state: after.phase, ...code, message, ...outcome });
    }
    terminal.note(`${message}\n`);
    return wasCancelled ? EXIT.done : EXIT.failed;
  } finally {
    await open.close();
  }
}

/** What the cancelled job says about its task: whether the provider was told, what it may cost, how the result comes back. */
async function cancellationOf({ studio }: HomeStudio, job: string): Promise<string> {
  let message = 'The job was cancelled.';
  for await (const event of (await studio.job(job)).events()) {
    if (event.type === 'job-cancelled') ({ message } = event);
  }
  return message;
}

async function adoptTask({ terminal, values }: VerbCall, args: readonly string[]): Promise<number> {
  const [providerId = '', taskId = ''] = args;
  const open = await openStudio(terminal);
  try {
    const provider = chooseProvider(open.providers, providerId, terminal.env);
    const out = textOf(values, 'out');
    const force = isSet(values, 'force');
    const folder = out === undefined ? newFolder(terminal.folder, `${provider} ${taskId}`) : terminal.pathOf(out);
    const job = await open.studio.adopt(provider, taskId, { delivery: { folder, force } });
    return await followJobs(open, [job], terminal, { json: isSet(values, 'json') });
  } finally {
    await open.close();
  }
}

async function pruneJobs({ terminal, values }: VerbCall): Promise<number> {
  const days = textOf(values, 'older-than');
  const olderThanMs = (days === undefined ? KEPT_DAYS : parseAmount(days, 'older-than')) * DAY_MS;
  const dryRun = isSet(values, 'dry-run');
  const open = await openStudio(terminal);
  try {
    const report = await open.studio.prune({ olderThanMs, dryRun });
    // what writers that died left behind; a day is longer than any write
    if (!dryRun) await open.host.files.sweep(DAY_MS);
    if (isSet(values, 'json')) printJson(terminal, { type: 'pruned', dryRun, ...report });
    else {
      const verb = dryRun ? 'would go' : 'removed';
      terminal.print(`${report.jobs.length} jobs and ${report.files.length} files (${report.bytes} bytes) ${verb}.`);
    }
    return EXIT.done;
  } finally {
    await open.close();
  }
}

/** The job of that id, or of the only id that begins or ends so. */
async function findJob(store: JobStore, id: string): Promise<JobState> {
  const exact = await store.get(id);
  if (exact !== null) return exact;
  const matches =
    id.length < 4 ? [] : (await store.list()).filter((state) => state.job.startsWith(id) || state.job.endsWith(id));
  const [only, second] = matches;
  if (only !== undefined && second === undefined) return only;
  throw new SdkError({
    code: 'INPUT_INVALID',
    message:
      second === undefined
        ? `There is no job "${id.slice(0, 60)}".`
        : `"${id.slice(0, 60)}" fits ${matches.length} jobs.`,
    remedy: 'See `maquette jobs list`.',
  });
}
