// How long a stranger waits: fresh clone, empty home folder, one command. Peer: the bare installation of the same lockfile.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pairwise, printRow } from './timing.ts';

const rounds = Number(process.argv[2] ?? 3);
const root = new URL('..', import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), 'maquette-benchmark-'));
// the Node and npm a stranger has, not the pinned one this script runs under
const path = (process.env.PATH ?? '')
  .split(':')
  .filter((folder) => !folder.includes('node_modules') && folder !== dirname(process.execPath))
  .join(':');

let clones = 0;
function freshClone(): { folder: string; env: NodeJS.ProcessEnv } {
  clones += 1;
  const folder = join(scratch, `clone-${clones}`);
  const home = join(scratch, `home-${clones}`);
  mkdirSync(home);
  execFileSync('git', ['clone', '--quiet', root, folder]);
  const env: NodeJS.ProcessEnv = { PATH: path, HOME: home };
  for (const name of ['NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy']) {
    if (process.env[name] !== undefined) env[name] = process.env[name];
  }
  return { folder, env };
}

try {
  const { ours, ratio } = await pairwise(
    rounds,
    () => {
      const { folder, env } = freshClone();
      execFileSync('npm', ['run', 'generate', '--', 'a medieval sword', '--out', 'sword'], {
        cwd: folder,
        env,
        stdio: 'ignore',
      });
      rmSync(folder, { recursive: true });
    },
    () => {
      const { folder, env } = freshClone();
      execFileSync('npx', ['--yes', 'pnpm@12.21.0', 'install', '--frozen-lockfile'], {
        cwd: folder,
        env,
        stdio: 'ignore',
      });
      rmSync(folder, { recursive: true });
    },
  );
  printRow('clone, npm run generate', ours, ratio, 'clone, pnpm install');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
