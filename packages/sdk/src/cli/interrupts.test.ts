import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const MODULE = new URL('./interrupts.ts', import.meta.url).href;

/** A program that says which signal it was told to end with, and then takes for ever to do so. */
const SLOW_TO_END = `import { watchEndings } from ${JSON.stringify(MODULE)};
  const { ended } = watchEndings();
  setInterval(() => undefined, 1000);
  process.stdout.write('ready');
  process.stdout.write(await ended);`;

it('tells a program once that it is to end, and leaves the second signal to the system', async () => {
  const program = spawn(process.execPath, ['--input-type=module', '--eval', SLOW_TO_END], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(program, 'exit');
  expect(String((await once(program.stdout, 'data'))[0])).toBe('ready');
  program.kill('SIGINT');
  expect(String((await once(program.stdout, 'data'))[0])).toBe('SIGINT');
  program.kill('SIGTERM');
  expect(await exit).toEqual([null, 'SIGTERM']);
});
