// How long the command line takes when everything is installed and built. Peer: Node starting and doing nothing.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pairwise, printRow } from './timing.ts';

const rounds = Number(process.argv[2] ?? 9);
const root = new URL('..', import.meta.url).pathname;
const command = join(root, 'packages/sdk/dist/cli/main.js');
const scratch = mkdtempSync(join(tmpdir(), 'maquette-benchmark-'));
const env = { ...process.env, MAQUETTE_HOME: join(scratch, 'home'), INIT_CWD: scratch };
const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: root, env, stdio: 'ignore' });

let made = 0;
const newFolder = (): string => {
  made += 1;
  return join(scratch, `sword-${made}`);
};
const cases: [string, () => unknown][] = [
  ['maquette --version', () => run(process.execPath, command, '--version')],
  ['maquette jobs list', () => run(process.execPath, command, 'jobs', 'list')],
  ['npm run -s maquette -- --version', () => run('npm', 'run', '-s', 'maquette', '--', '--version')],
  [
    'maquette generate "a sword"',
    () => run(process.execPath, command, 'generate', 'a medieval sword', '--seed', '1', '--out', newFolder()),
  ],
];
try {
  for (const [name, work] of cases) {
    const { ours, ratio } = await pairwise(rounds, work, () => run(process.execPath, '-e', '0'));
    printRow(name, ours, ratio, 'node -e 0');
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
