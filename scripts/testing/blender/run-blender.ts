import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../run-process.ts';
import { type Display, openDisplay } from './display.ts';
import type { Blender } from './prepare.ts';

const TIMEOUT_MS = 120_000;
/** What a script that raises ends with. */
const PYTHON_EXIT_CODE = 7;
const LOG_TAIL = 6000;
/** Pixels. Every one is drawn by the processor: a larger window is a slower test. */
const WINDOW_SIZE = [1200, 800] as const;
/** Marks every process that a run started, in its environment. */
const MARK = 'MAQUETTE_TEST_SCRATCH';

/** Makes the folders appear inside the system at the same paths, seen by nobody else, and changes root into it. */
const ENTER = `set -e
root=$1; shift
while [ "$1" != -- ]; do mkdir -p "$root$1"; mount --rbind "$1" "$root$1"; shift; done
shift
exec chroot "$root" "$@"`;

/** What to run. */
export interface BlenderCall {
  /** Python script that Blender runs, absolute path. */
  readonly script: string;
  /** Arguments the script finds after `--` in `sys.argv`. */
  readonly args?: readonly string[];
  /**
   * Folder that holds everything the run writes: home, preferences, temporary files, `MAQUETTE_HOME`. A second run with the
   * same folder is the next start of the same person's Blender.
   */
  readonly scratch: string;
  /** Further folders it sees, at their own paths. The checkout is always there. */
  readonly visible?: readonly string[];
  /** Open a window, on a screen of its own. Default: run in the background. */
  readonly window?: boolean;
  /** Take clicks and keys from Python alone (`Window.event_simulate`). Default: true with a window. */
  readonly simulateEvents?: boolean;
  /** Start as a person's Blender does, with preferences and enabled add-ons. Default: factory settings. */
  readonly usePreferences?: boolean;
  /** Allow add-ons to reach the internet, which Blender asks its user since 4.2. Default: not allowed. */
  readonly isOnline?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: two minutes. */
  readonly timeoutMs?: number;
}

/** How a run ended. */
export interface BlenderEnd {
  /** Exit status, null if a signal ended it. */
  readonly status: number | null;
  readonly isTimedOut: boolean;
  /** Both output streams as they came. */
  readonly output: string;
  /** What the script wrote as its result; undefined if it did not come so far. */
  readonly result: unknown;
}

/** A Blender that may still run. */
export interface RunningBlender {
  readonly pid: number;
  readonly finished: Promise<BlenderEnd>;
  /** What the script said under this word (`harness.say`), as soon as it did. Rejects if the run ends without. */
  said(word: string): Promise<unknown>;
  output(): string;
  /** Ends this Blender at once, as a crash would. What it started goes on. */
  kill(): void;
}

/** Starts a Blender. Whoever starts one ends with {@link endProcessesOf}, once for each scratch folder. */
export async function startBlender(blender: Blender, call: BlenderCall): Promise<RunningBlender> {
  const display = call.window === true ? await openDisplay(...WINDOW_SIZE) : undefined;
  const resultFile = join(call.scratch, `result-${randomUUID()}.json`);
  const child = enter(blender, [call.scratch, ...(call.visible ?? [])], blenderCommand(blender, call), {
    ...environmentOf(blender, call.scratch),
    MAQUETTE_TEST_RESULT: resultFile,
    ...(display === undefined ? {} : { DISPLAY: display.name }),
    ...call.env,
  });
  return follow(child, call, resultFile, display);
}

/**
 * Runs a Blender to its end.
 *
 * @returns What the script wrote as its result.
 * @throws Error with the end of the log, if it ran out of time, ended with another status than 0 or wrote no result.
 */
export async function runBlender(blender: Blender, call: BlenderCall): Promise<unknown> {
  const running = await startBlender(blender, call);
  return resultOf(blender, call, await running.finished);
}

/**
 * The result of a run that has to have ended well; throws as {@link runBlender} does.
 *
 * Blender goes on after an exception in a timer or while it draws, so one in the log is a failure as well.
 */
export function resultOf(blender: Blender, call: Pick<BlenderCall, 'scratch'>, end: BlenderEnd): unknown {
  const hasRaised = end.output.includes('Traceback (most recent call last)');
  if (end.status === 0 && end.result !== undefined && !end.isTimedOut && !hasRaised) return end.result;
  const log = join(call.scratch, 'blender.log');
  writeFileSync(log, end.output);
  const how = end.isTimedOut ? 'ran out of time' : `ended with ${end.status ?? 'a signal'}`;
  const remark = end.result === undefined ? ' without a result' : hasRaised ? ' after an exception' : '';
  throw new Error(`Blender ${blender.name} ${how}${remark}:\n${end.output.slice(-LOG_TAIL)}`);
}

/** Runs any program of the Blender's system to its end, for instance `blender --command …`. */
export async function runInside(
  blender: Blender,
  scratch: string,
  command: readonly string[],
  visible: readonly string[] = [],
): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = enter(blender, [scratch, ...visible], command, environmentOf(blender, scratch));
  const { finished } = follow(child, { script: '', scratch }, '', undefined);
  const { status, output } = await finished;
  return { status, output };
}

/**
 * Ends every process that runs with this scratch folder have started and that still lives, a helper that outlived its
 * Blender included.
 *
 * @returns Command lines of what was ended.
 */
export function endProcessesOf(scratch: string): readonly string[] {
  const ended: string[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${MARK}=${scratch}`)) continue;
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (command === '') continue; // dead, only not yet buried
      process.kill(pid, 'SIGKILL');
      ended.push(command);
    } catch {
      // gone in this moment
    }
  }
  return ended;
}

function blenderCommand(
  blender: Blender,
  { script, args = [], window = false, ...call }: BlenderCall,
): readonly string[] {
  return [
    'blender',
    ...(window ? ['--window-geometry', '0', '0', ...WINDOW_SIZE.map(String)] : ['--background']),
    ...(window && call.simulateEvents !== false ? ['--enable-event-simulate'] : []),
    ...(call.usePreferences === true ? [] : ['--factory-startup']),
    ...['--python-exit-code', String(PYTHON_EXIT_CODE)],
    ...(call.isOnline === true && blender.name !== '3.4' ? ['--online-mode'] : []),
    ...['--python', script, '--', ...args],
  ];
}

/** Nothing of the person's environment but what marks the test run. */
function environmentOf(blender: Blender, scratch: string): Record<string, string> {
  const folderFor = (name: string): string => {
    mkdirSync(join(scratch, name), { recursive: true, mode: 0o700 });
    return join(scratch, name);
  };
  const testRun = process.env.MAQUETTE_TEST_RUN;
  return {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin:/usr/sbin`,
    LANG: 'C.UTF-8',
    HOME: folderFor('home'),
    TMPDIR: folderFor('temporary'),
    XDG_RUNTIME_DIR: folderFor('runtime'),
    XDG_CACHE_HOME: blender.shaders,
    BLENDER_USER_RESOURCES: folderFor('resources'),
    MAQUETTE_HOME: join(scratch, 'maquette-home'),
    LIBGL_ALWAYS_SOFTWARE: '1',
    [MARK]: scratch,
    ...(testRun === undefined ? {} : { MAQUETTE_TEST_RUN: testRun }),
  };
}

function enter(
  blender: Blender,
  folders: readonly string[],
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const node = dirname(process.execPath);
  const visible = ['/proc', '/dev', ROOT, ...folders, ...(node.startsWith(`${ROOT}/`) ? [] : [node])];
  return spawn('unshare', ['--mount', 'sh', '-c', ENTER, 'sh', blender.root, ...visible, '--', ...command], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

function follow(
  child: ChildProcess,
  call: BlenderCall,
  resultFile: string,
  display: Display | undefined,
): RunningBlender {
  let output = '';
  let isTimedOut = false;
  const watchers = new Set<() => void>();
  const shown = new Set<string>();
  const onText = (text: string): void => {
    output += text;
    for (const path of sayings(output, 'screenshot').map(String)) {
      if (shown.has(path)) continue;
      shown.add(path);
      takeScreenshot(display, path).catch((error: Error) => {
        output += `\nNo screenshot: ${error.message}\n`;
      });
    }
    for (const watch of watchers) watch();
  };
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onText);
  const kill = (): void => {
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch {
      // it ended in this moment
    }
  };
  const timer = setTimeout(() => {
    isTimedOut = true;
    kill();
  }, call.timeoutMs ?? TIMEOUT_MS);
  const finished = new Promise<BlenderEnd>((resolve, reject) => {
    child.once('error', reject);
    // not 'close': a helper that outlives Blender may hold its output open
    child.once('exit', async (status) => {
      clearTimeout(timer);
      await display?.close();
      await new Promise((resume) => setTimeout(resume, 20));
      resolve({ status, isTimedOut, output, result: readResult(resultFile) });
    });
  });
  const said = (word: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const [first] = sayings(output, word);
        if (first === undefined) return;
        watchers.delete(watch);
        resolve(first);
      };
      watchers.add(watch);
      watch();
      void finished.then(() =>
        reject(new Error(`Blender ended and never said "${word}":\n${output.slice(-LOG_TAIL)}`)),
      );
    });
  return { pid: child.pid as number, finished, said, output: () => output, kill };
}

/** Values of the complete lines `@<word> <JSON>`. */
function sayings(output: string, word: string): readonly unknown[] {
  return output
    .slice(0, output.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line.startsWith(`@${word} `))
    .map((line) => JSON.parse(line.slice(word.length + 2)) as unknown);
}

/** The script waits for the file, so it appears whole. */
async function takeScreenshot(display: Display | undefined, path: string): Promise<void> {
  if (display === undefined) return;
  const unfinished = join(dirname(path), `.unfinished-${randomUUID()}.png`);
  await display.screenshot(unfinished);
  renameSync(unfinished, path);
}

function readResult(path: string): unknown {
  return path !== '' && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
