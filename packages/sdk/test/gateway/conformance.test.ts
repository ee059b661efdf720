import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const CASE_COUNT = 70;

it('has one test for each of the 70 cases of the conformance table', () => {
  const numbers = readdirSync(import.meta.dirname)
    .filter((name) => /^conformance-.*\.test\.ts$/.test(name))
    .flatMap((name) => [...readFileSync(join(import.meta.dirname, name), 'utf8').matchAll(/\bit\((['"])(\d+): /g)])
    .map((match) => Number(match[2]));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: CASE_COUNT }, (_, index) => index + 1));
});
