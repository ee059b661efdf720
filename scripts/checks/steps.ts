/** One step of `npm run check`: a program under Node that fails with a status other than 0. */
export interface CheckStep {
  readonly name: string;
  readonly args: readonly string[];
  /** Step that must have ended well before. */
  readonly after?: string;
  /** Looks at the output of a step that ended with status 0. Returns what is wrong, or an empty string. */
  refuse?(output: string): string;
}

const TSC = ['node_modules/typescript/bin/tsc', '--pretty', 'false'];

/** Steps that take long come first, so that short ones fill the gaps. */
export const STEPS: readonly CheckStep[] = [
  { name: 'build', args: ['scripts/build.ts', '--types'] },
  { name: 'types of the core', args: [...TSC, '-p', 'packages/sdk', '--listFiles'], refuse: refusePlatformTypes },
  { name: 'types on Node', args: [...TSC, '-p', 'packages/sdk/tsconfig.node.json'] },
  { name: 'types in browsers', args: [...TSC, '-p', 'packages/sdk/tsconfig.browser.json'] },
  { name: 'types in script engines', args: [...TSC, '-p', 'packages/sdk/tsconfig.puerts.json'] },
  { name: 'types of scripts and examples', args: [...TSC, '-p', '.'] },
  { name: 'format and lint', args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  { name: 'import table', args: ['scripts/generate-import-rules.ts', '--check'] },
  { name: 'generated files', args: ['scripts/checks/generated-files.ts'] },
  { name: 'snippets', args: ['scripts/checks/snippets.ts'] },
  { name: 'unused code', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  { name: 'versions', args: ['scripts/sync-versions.ts', '--check'] },
  { name: 'changeset', args: ['scripts/checks/changeset-exists.ts'] },
  {
    name: 'package shape',
    after: 'build',
    args: ['node_modules/publint/src/cli.js', 'run', 'packages/sdk', '--strict', '--pack', 'false'],
  },
  { name: 'built output', after: 'build', args: ['scripts/checks/built-output.ts'] },
  { name: 'API report', after: 'build', args: ['scripts/checks/api-reports.ts'] },
  { name: 'size', after: 'build', args: ['scripts/checks/size.ts'] },
];

/** A library's declarations can pull in a whole platform, and the guard of the core would be gone without a word. */
function refusePlatformTypes(output: string): string {
  const files = output.split('\n').filter((line) => /@types\/node\/|\/lib\.dom\.|\/lib\.webworker\./.test(line));
  if (files.length === 0) return '';
  return `The core is compiled with platform types:\n${files.slice(0, 5).join('\n')}`;
}
