/** Fails if a generated file in git is not what its generator writes now. */
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { GENERATED_FILES } from './generated-file-list.ts';

for (const { path, generator, render } of GENERATED_FILES) {
  if (existsSync(path) && readFileSync(path, 'utf8') === (await render())) continue;
  console.error(`${relative(process.cwd(), path)} is stale; run \`node ${generator}\`.`);
  process.exitCode = 1;
}
