// The add-on's helper: from starting the process to the line that says where it listens, and the memory it keeps when nothing
// is to be done, before and after jobs. npm run bench -- helper [rounds]. Peer: Node starting and doing nothing.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createJob, getJob } from '../packages/sdk/src/protocol/messages/job.ts';
import type { Peer } from '../packages/sdk/src/protocol/peer.ts';
import { connectClient } from '../packages/sdk/test/service/service-bench.ts';
import { bundleHelper } from '../scripts/package/bundle-helper.ts';
import { makeExecutable } from '../scripts/package/single-executable.ts';
import { TARGETS } from '../scripts/package/targets.ts';
import { median, printRow } from './timing.ts';

const IDLE_MS = 5000;
const MEMORY_ROUNDS = 3;
const PROMPTS = ['a wooden chair', 'a house', 'a medieval sword'];
/** Workers end after half a minute without an order. */
const WORKERS_ENDED_MS = 35_000;
/** What the add-on sets as well, see wire/helper_process.py. */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '32768', MALLOC_TRIM_THRESHOLD_: '131072' };

interface Helper {
  readonly process: ChildProcess;
  readonly url: string;
  readonly token: string;
}

const rounds = Number(process.argv[2] ?? 15);
const scratch = mkdtempSync(join(tmpdir(), 'maquette-benchmark-'));
try {
  for (const [name, command] of await makeHelpers()) await measure(name, command);
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

/** Both forms that people get, made as the packages make them: the bundle for a Node that is there, and the executable. */
async function makeHelpers(): Promise<readonly (readonly [string, readonly string[]])[]> {
  const module = join(scratch, 'helper.mjs');
  writeFileSync(module, (await bundleHelper('module')).code);
  const target = TARGETS.find(({ node }) => node.platform === `${process.platform}-${process.arch}`);
  if (target === undefined) return [['helper.mjs', [process.execPath, module]]];
  const program = join(scratch, 'maquette-helper');
  writeFileSync(program, makeExecutable((await bundleHelper('script')).code, target), { mode: 0o755 });
  // as on the day after its installation: of a file just written, the system keeps far more in memory than is used
  const forget = ['oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none'];
  spawnSync('dd', [`of=${program}`, ...forget], { stdio: 'ignore' });
  return [
    ['helper.mjs', [process.execPath, module]],
    ['maquette-helper', [program]],
  ];
}

async function measure(name: string, command: readonly string[]): Promise<void> {
  const home = join(scratch, `home-${name}`);
  mkdirSync(home);
  const times: number[] = [];
  const peers: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const startedAt = performance.now();
    const helper = await startHelper(command, home);
    const time = performance.now() - startedAt;
    await end(helper);
    const peerStartedAt = performance.now();
    execFileSync(process.execPath, ['-e', '0'], { stdio: 'ignore' });
    const peer = performance.now() - peerStartedAt;
    if (round === 0) continue; // makes the home, and brings the files into memory
    times.push(time);
    peers.push(peer);
  }
  const ratio = median(times.map((time, index) => time / (peers[index] as number)));
  printRow(`${name} listens`, median(times), ratio, `node -e 0 (slowest ${Math.max(...times).toFixed(0)} ms)`);

  const fresh: number[] = [];
  const after: number[] = [];
  for (let round = 0; round < MEMORY_ROUNDS; round += 1) {
    const helper = await startHelper(command, home);
    await wait(IDLE_MS);
    fresh.push(residentOf(helper.process));
    const client = await connectClient(helper);
    for (const [index, prompt] of PROMPTS.entries()) await doJob(client, prompt, PROMPTS.length * round + index);
    await wait(WORKERS_ENDED_MS);
    after.push(residentOf(helper.process));
    client.close();
    await end(helper);
  }
  const print = (state: string, megabytes: readonly number[]): void =>
    console.log(`${`${name}, ${state}`.padEnd(34)} ${median(megabytes).toFixed(1).padStart(9)} MB resident`);
  print('idle for 5 s', fresh);
  print('idle after three jobs', after);
}

/** Megabytes of a process in memory. */
function residentOf({ pid }: ChildProcess): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1.024e-3;
}

/** Has something made by the embedded generator, levels and pictures and all. */
async function doJob(client: Peer, prompt: string, seed: number): Promise<void> {
  const { job } = await client.request(createJob, { prompt, seed });
  let state: string = job.state;
  while (state === 'queued' || state === 'running') {
    await wait(50);
    state = (await client.request(getJob, { job: job.job })).job.state;
  }
  if (state !== 'succeeded') throw new Error(`The job for “${prompt}” ended as ${state}.`);
}

/** Starts it as the add-on does. Resolves with the first line, which has to be that it listens. */
async function startHelper(command: readonly string[], home: string): Promise<Helper> {
  const [program = '', ...args] = command;
  const child = spawn(program, [...args, 'serve', '--json'], {
    env: { PATH: process.env.PATH, HOME: home, MAQUETTE_HOME: home, ...ALLOCATOR },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('\n')) resolve(text);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The helper ended with ${code} before it listened.`)));
  });
  const { type, url, token } = JSON.parse(line);
  if (type !== 'listening') throw new Error(`The helper said: ${line}`);
  return { process: child, url, token };
}

async function end({ process: child }: Helper): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
}
