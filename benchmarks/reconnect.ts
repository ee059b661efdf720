// Clients of a busy job lose their connection for ten seconds: whether each missed event comes exactly once, and how long
// catching up takes. npm run bench -- reconnect [clients]. Peer: connecting alone, by clients that follow nothing.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJob } from '@maquette3d/sdk/protocol';
import { startLocalService } from '@maquette3d/sdk/service';
import { packAddon } from '../packages/blender-bridge/test/support/pack-addon.ts';
import { type Blender, prepareBlenders } from '../scripts/testing/blender/prepare.ts';
import { endProcessesOf, runBlender } from '../scripts/testing/blender/run-blender.ts';
import { Follower } from './follower.ts';
import { createMetronomeProvider } from './metronome-provider.ts';
import { openClient } from './service-client.ts';
import { median, printRow } from './timing.ts';

const OFFLINE_MS = 10_000;
/** Follows the job before and after, so that there is an order to disturb. */
const ONLINE_MS = 2000;
const PEER = 'connecting alone';

const crowdSize = Number(process.argv[2] ?? 100);
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'maquette-benchmark-')));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const home = join(scratch, 'maquette-home');
const service = await startLocalService({ version: '0.0.0', home, providers: [createMetronomeProvider()] });
try {
  const owner = await openClient(service.url, service.token);
  const { job } = (await owner.request(createJob, { prompt: 'a beat' })).job;
  await measureClients(job, 1);
  await measureClients(job, crowdSize);
  const addon = join(scratch, 'addon');
  mkdirSync(addon);
  const [blenders] = await Promise.all([prepareBlenders(), packAddon(addon)]);
  for (const blender of blenders) {
    if (blender.missing !== null) console.log(`Blender ${blender.name}: ${blender.missing}`);
    else await measureBlender(blender, job, addon);
  }
  owner.close();
} finally {
  await service.close();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

/** All of them in this process, beside the service: their work counts, too. */
async function measureClients(job: string, count: number): Promise<void> {
  const followers = Array.from({ length: count }, () => new Follower(service, job));
  await Promise.all(followers.map((follower) => follower.connect()));
  await pause(ONLINE_MS);
  for (const follower of followers) follower.cut();
  const seenBefore = followers.map(({ seen }) => seen);
  await pause(OFFLINE_MS);
  const peerTimes = await Promise.all(Array.from({ length: count }, () => connectAlone()));
  const times = await Promise.all(followers.map((follower) => follower.connect()));
  const missed = median(followers.map(({ caughtUpAt }, index) => caughtUpAt - (seenBefore[index] ?? 0)));
  await pause(ONLINE_MS);
  for (const follower of followers) follower.cut();
  const faults = followers.reduce((sum, follower) => sum + follower.faults, 0);
  const name = `${count} ${count === 1 ? 'client' : 'clients'}, ${missed} missed events`;
  printRow(name, median(times), median(times) / median(peerTimes), PEER);
  console.log(`${''.padEnd(34)} slowest ${Math.max(...times).toFixed(1)} ms; ${judge(faults)}`);
}

async function connectAlone(): Promise<number> {
  const startedAt = performance.now();
  const peer = await openClient(service.url, service.token);
  const time = performance.now() - startedAt;
  peer.close();
  return time;
}

async function measureBlender(blender: Blender, job: string, addon: string): Promise<void> {
  const person = mkdtempSync(join(scratch, 'run-'));
  const script = new URL('../packages/blender-bridge/tests/blender/bench_reconnect.py', import.meta.url).pathname;
  try {
    const told = (await runBlender(blender, {
      script,
      args: [job, String(OFFLINE_MS / 1000)],
      scratch: person,
      visible: [addon, home],
      env: { MAQUETTE_TEST_ADDON: join(addon, 'maquette'), MAQUETTE_HOME: home },
    })) as { missed: number; openSeconds: number; caughtUpSeconds: number; faults: number };
    const [open, caughtUp] = [told.openSeconds * 1000, told.caughtUpSeconds * 1000];
    printRow(`Blender ${blender.name}, ${told.missed} missed events`, caughtUp, caughtUp / open, PEER);
    console.log(`${''.padEnd(34)} ${judge(told.faults)}`);
  } finally {
    endProcessesOf(person);
  }
}

function judge(faults: number): string {
  return faults === 0 ? 'each event once and in order' : `${faults} EVENTS LOST, TWICE OR OUT OF ORDER`;
}
