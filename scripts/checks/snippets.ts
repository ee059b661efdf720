/**
 * Fails if a program shown in a page is not the program of an example, to the letter.
 *
 * A page names the file in a comment before the block: `<!-- snippet: examples/first-steps/main.ts -->`. What is shown is
 * thereby compiled, linted and run.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const SNIPPET = /<!-- snippet: (\S+) -->\n+```ts\n([\s\S]*?)```/g;

const pages = execFileSync('git', ['ls-files', '--', '*.md'], { encoding: 'utf8' }).trim().split('\n');
let found = 0;
for (const page of pages) {
  for (const [, file = '', shown] of readFileSync(page, 'utf8').matchAll(SNIPPET)) {
    found += 1;
    if (readFileSync(file, 'utf8') === shown) continue;
    console.error(`The program shown in ${page} is not that of ${file}.`);
    process.exitCode = 1;
  }
}
if (found === 0) {
  console.error('No page shows a snippet: has the comment before them changed?');
  process.exitCode = 1;
}
