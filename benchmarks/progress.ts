// From a change at the provider to the property the panel of Blender draws, while a crowd of clients follows the same job.
// npm run bench -- progress [changes] [clients]. Peer: at the same time and
// at the same beat, a message of the same size over a bare socket between two processes.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJob } from '@maquette3d/sdk/protocol';
import { startLocalService } from '@maquette3d/sdk/service';
import { packAddon } from '../packages/blender-bridge/test/support/pack-addon.ts';
import { type Blender, prepareBlenders } from '../scripts/testing/blender/prepare.ts';
import { endProcessesOf, resultOf, startBlender } from '../scripts/testing/blender/run-blender.ts';
import { createMetronomeProvider } from './metronome-provider.ts';
import { openClient } from './service-client.ts';

const changes = Number(process.argv[2] ?? 400);
const clients = Number(process.argv[3] ?? 100);
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'maquette-benchmark-')));
const script = new URL('../packages/blender-bridge/tests/blender/bench_progress.py', import.meta.url).pathname;

const addon = join(scratch, 'addon');
mkdirSync(addon);
const [blenders] = await Promise.all([prepareBlenders(), packAddon(addon)]);
try {
  for (const blender of blenders) {
    if (blender.missing !== null) console.log(`Blender ${blender.name}: ${blender.missing}`);
    else for (const window of [false, true]) await measure(blender, window);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

async function measure(blender: Blender, window: boolean): Promise<void> {
  const person = mkdtempSync(join(scratch, 'run-'));
  const home = join(person, 'maquette-home');
  const service = await startLocalService({ version: '0.0.0', home, providers: [createMetronomeProvider()] });
  const client = await openClient(service.url, service.token);
  const { job } = (await client.request(createJob, { prompt: 'a beat' })).job;
  const crowd = openCrowd(service.url, service.token, job, clients - 1);
  await crowd.subscribed;
  const peer = openPeer();
  const call = {
    script,
    args: [job, String(changes)],
    scratch: person,
    visible: [addon],
    window,
    env: { MAQUETTE_TEST_ADDON: join(addon, 'maquette'), MAQUETTE_HOME: home },
  };
  try {
    const end = await (await startBlender(blender, call)).finished;
    const latencies = resultOf(blender, call, end) as number[];
    const { events, isComplete } = await crowd.end();
    const ours = describe(latencies);
    const theirs = describe((await peer.end()).map((nanoseconds) => nanoseconds / 1e6));
    console.log(
      `Blender ${blender.name} ${window ? 'window' : 'background'}   ${ours.text}   ${(ours.p99 / theirs.p99).toFixed(2)} × p99 of a bare socket` +
        `\n  bare socket   ${theirs.text}` +
        `\n  crowd of ${clients - 1}: ${events} events, ${isComplete ? 'each once and in order' : 'INCOMPLETE'}`,
    );
  } finally {
    peer.kill();
    client.close();
    await service.close();
    endProcessesOf(person);
  }
}

/** @param latencies - Milliseconds, in any order. */
function describe(latencies: readonly number[]): { readonly text: string; readonly p99: number } {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  const parts = [0.5, 0.95, 0.99].map((share) => `p${100 * share} ${at(share).toFixed(1)}`);
  return { text: `${parts.join('  ')}  max ${at(1).toFixed(1)} ms`, p99: at(0.99) };
}

function openPeer(): { end(): Promise<readonly number[]>; kill(): void } {
  const program = new URL('./progress-peer.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (text) => {
    output += String(text);
  });
  return {
    end: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve(JSON.parse(output)));
        child.stdin.end();
      }),
    kill: () => void child.kill(),
  };
}

interface Crowd {
  readonly subscribed: Promise<void>;
  end(): Promise<{ readonly events: number; readonly isComplete: boolean }>;
}

function openCrowd(url: string, token: string, job: string, count: number): Crowd {
  const program = new URL('./progress-crowd.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--conditions=source', program, url, token, job, String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  let noteSubscribed: () => void = () => undefined;
  const subscribed = new Promise<void>((resolve, reject) => {
    noteSubscribed = resolve;
    child.once('close', () => reject(new Error('The crowd could not subscribe.')));
  });
  child.stdout.on('data', (text) => {
    output += String(text);
    if (output.startsWith('subscribed\n')) noteSubscribed();
  });
  return {
    subscribed,
    end: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve(JSON.parse(output.slice('subscribed\n'.length))));
        child.stdin.end();
      }),
  };
}
