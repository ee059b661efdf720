// Runs one benchmark by name: npm run bench -- families [rounds]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BENCHMARKS = [
  ...['start-up', 'families', 'cold-install', 'splats', 'kill'],
  ...['progress', 'reconnect', 'helper', 'blender-import', 'blender-stall'],
];

const [name = '', ...rest] = process.argv.slice(2);
if (!BENCHMARKS.includes(name)) {
  console.error(`There is no benchmark "${name}"; there are ${BENCHMARKS.join(', ')}.`);
  process.exitCode = 2;
} else {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, ['--conditions=source', script, ...rest], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
