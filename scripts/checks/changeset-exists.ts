/**
 * Fails if what users get has changed since the last release and no changeset tells them, or if one cannot be read.
 *
 * The last release is the last commit that touched the changelog. Outside a git checkout there is nothing to compare.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What users get. Tests and fixtures beside the code are not it. */
const SHIPPED = [
  'packages/*/src',
  'packages/*/upm',
  'packages/*/addon',
  ':!*.test.ts',
  ':!*.test-kit.ts',
  ':!*__fixtures__*',
];

/** What the release tool reads at the top of a changeset. */
const FRONT_MATTER = /^---\n(?:(['"])@maquette3d\/[a-z-]+\1: (?:major|minor|patch)\n)+---\n\n\S/;

const pending = readdirSync('.changeset').filter((name) => name.endsWith('.md') && name !== 'README.md');
if (pending.length === 0 && existsSync('.git') && hasShippedChanges()) {
  console.error('Shipped code has changed since the last release: describe it for users with `npx changeset`.');
  process.exitCode = 1;
}

for (const name of pending) {
  if (!FRONT_MATTER.test(readFileSync(`.changeset/${name}`, 'utf8'))) {
    console.error(`.changeset/${name} does not begin with the packages it is about, as \`npx changeset\` writes them.`);
    process.exitCode = 1;
  }
}

function hasShippedChanges(): boolean {
  const release = git('log', '-1', '--format=%H', '--', 'packages/sdk/CHANGELOG.md');
  const range = release === '' ? 'HEAD' : `${release}..HEAD`;
  return git('log', '-1', '--format=%H', range, '--', ...SHIPPED) !== '';
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}
