// Whether Blender's window ever waits for the add-on: a job is at work, and its gateway answers after five seconds.
// npm run bench -- blender-stall [seconds]. Peer: the same window with the add-on at rest, its sidebar redrawn as often.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGatewayStandIn } from '@maquette3d/sdk/testing';
import { packAddon } from '../packages/blender-bridge/test/support/pack-addon.ts';
import { type Blender, prepareBlenders } from '../scripts/testing/blender/prepare.ts';
import { endProcessesOf, resultOf, startBlender } from '../scripts/testing/blender/run-blender.ts';
import { printRow } from './timing.ts';

const GATEWAY_ANSWERS_AFTER_MS = 5000;

/** Of a stretch of time. All in seconds. */
interface Stretch {
  readonly rounds: number;
  readonly draws: number;
  /** Between two rounds of Blender's main loop. */
  readonly gap: { readonly median: number; readonly p99: number; readonly longest: number };
  /** Longest in our code between two rounds: timer and drawing. On the clock, and of the processor. */
  readonly own: number;
  readonly ownProcessor: number;
  readonly tick: number;
  readonly draw: number;
}

interface Told {
  readonly peer: Stretch;
  readonly ours: Stretch;
  /** The operator that orders. */
  readonly order: number;
  readonly import: number;
}

const seconds = process.argv[2] ?? '15';
const script = new URL('../packages/blender-bridge/tests/blender/bench_stall.py', import.meta.url).pathname;
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'maquette-benchmark-')));
const addon = join(scratch, 'addon');
mkdirSync(addon);
const [blenders] = await Promise.all([prepareBlenders(), packAddon(addon)]);
try {
  for (const blender of blenders) {
    if (blender.missing !== null) console.log(`Blender ${blender.name}: ${blender.missing}`);
    else print(blender, await measure(blender));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

async function measure(blender: Blender): Promise<Told> {
  const person = mkdtempSync(join(scratch, 'run-'));
  const gateway = await startGatewayStandIn({
    limits: 'off',
    expectedResults: 1,
    workers: () => [{ outcome: 'silence' }],
  });
  const disarm = gateway.gateway.arm(
    'any',
    { kind: 'latency', delayMs: GATEWAY_ANSWERS_AFTER_MS },
    { times: Number.POSITIVE_INFINITY },
  );
  const call = {
    script,
    args: ['a mossy lantern', seconds],
    scratch: person,
    visible: [addon],
    window: true,
    isOnline: true,
    env: {
      MAQUETTE_TEST_ADDON: join(addon, 'maquette'),
      MAQUETTE_404_URL: gateway.url,
      MAQUETTE_404_KEY: gateway.key,
    },
  };
  try {
    const running = await startBlender(blender, call);
    await running.said('seen');
    disarm();
    for (const task of gateway.gateway.tasks) gateway.gateway.control(task.id).succeed();
    return resultOf(blender, call, await running.finished) as Told;
  } finally {
    endProcessesOf(person);
    await gateway.close();
  }
}

function print(blender: Blender, { peer, ours, order, import: landing }: Told): void {
  const ms = (value: number): string => `${(1000 * value).toFixed(1)} ms`;
  printRow(
    `Blender ${blender.name}, longest gap`,
    1000 * ours.gap.longest,
    ours.gap.longest / peer.gap.longest,
    `at rest (${ms(peer.gap.longest)})`,
  );
  const rate = ({ draws, rounds }: Stretch): string => `${draws} panels drawn in ${rounds} rounds`;
  console.log(
    [
      `  our code in one round at most ${ms(ours.own)}, of the processor ${ms(ours.ownProcessor)}; timer ${ms(ours.tick)}, one panel ${ms(ours.draw)}`,
      `  gap p99 ${ms(ours.gap.p99)}, at rest ${ms(peer.gap.p99)}; ${rate(ours)}, at rest ${rate(peer)}`,
      `  ordering ${ms(order)}; import, announced, ${ms(landing)}`,
    ].join('\n'),
  );
}
