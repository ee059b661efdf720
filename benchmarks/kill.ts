// The long form of the kill test: 200 jobs at the gateway, the process killed hundreds of times in each of two modes.
// Not a measurement: it fails if a job is lost, started twice or corrupt. Arguments: kills per mode, seed.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [kills = '300', seed = `long-${Date.now()}`] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
console.log(`${kills} kills in each mode, seed ${seed}`);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'kill', '--testTimeout', '7200000', 'gateway-kill'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, MAQUETTE_KILLS: kills, MAQUETTE_KILL_SEED: seed } },
);
process.exitCode = status ?? 1;
