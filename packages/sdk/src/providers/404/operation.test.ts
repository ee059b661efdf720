import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../foundation/json.ts';
import { TASK } from './__fixtures__/answers.ts';
import { toGateways } from './gateway-address.ts';
import { adoptTask, type Operation404, originsOf, parseOperation } from './operation.ts';

const PUBLIC = toGateways(undefined);
const OWN = toGateways('http://127.0.0.1:4404');
const STORED: Operation404 = {
  version: 1,
  task: TASK,
  origin: 'https://api-us-east.404.xyz',
  model: '404-3dgs',
  seed: 7,
  candidates: 1,
  startedAt: 1_800_000_000_000,
};

describe('a stored operation', () => {
  it('is read as it was written', () => {
    expect(parseOperation(JSON.parse(JSON.stringify(STORED)))).toEqual(STORED);
  });

  it.each<[string, JsonValue]>([
    ['null', null],
    ['a list', []],
    ['another version', { ...STORED, version: 2 }],
    ['a task that is a path', { ...STORED, task: '../get_load' }],
    ['a task with a query behind it', { ...STORED, task: `${TASK}&all=true` }],
    ['a member too many', { ...STORED, key: 'x' }],
    ['a hundred candidates', { ...STORED, candidates: 100 }],
    ['half a seed', { ...STORED, seed: 0.5 }],
  ])('that is %s is refused', (_name, operation) => {
    expect(() => parseOperation(operation)).toThrow(expect.objectContaining({ code: 'PROVIDER_PROTOCOL' }));
  });
});

describe('the gateways of an operation', () => {
  it('are the one that took the task, or all for one adopted without its region', () => {
    expect(originsOf(STORED, PUBLIC)).toEqual(['https://api-us-east.404.xyz']);
    expect(originsOf(adoptTask(TASK, PUBLIC), PUBLIC)).toEqual(PUBLIC.origins);
  });

  it.each([
    ['of a stranger', { ...STORED, origin: 'https://evil.example' }, PUBLIC],
    ['that looks alike', { ...STORED, origin: 'https://api-us-east.404.xyz.evil.example' }, PUBLIC],
    ['of another configuration', STORED, OWN],
    ['of a configuration that went away', { ...STORED, origin: 'http://127.0.0.1:4404' }, PUBLIC],
    ['of a configuration that went wrong', STORED, toGateways('nonsense')],
  ])('never hold one %s, and the job waits', (_name, operation, gateways) => {
    expect(() => originsOf(operation, gateways)).toThrow(expect.objectContaining({ code: 'CONFIG_MISSING' }));
  });
});

describe('an adopted task', () => {
  it('may say its region', () => {
    expect(adoptTask(`us-west/${TASK}`, PUBLIC)).toMatchObject({ task: TASK, origin: 'https://api-us-west.404.xyz' });
    expect(adoptTask(TASK.toUpperCase(), PUBLIC)).toMatchObject({ task: TASK, origin: null });
    expect(adoptTask(TASK, OWN)).toMatchObject({ task: TASK, origin: 'http://127.0.0.1:4404' });
  });

  it('can be stored', () => {
    const operation = adoptTask(TASK, PUBLIC);
    expect(parseOperation(JSON.parse(JSON.stringify(operation)))).toEqual(operation);
  });

  it.each([
    ['', PUBLIC],
    ['not-a-uuid', PUBLIC],
    [TASK.replaceAll('-', ''), PUBLIC],
    [`${TASK}/..`, PUBLIC],
    [`mars/${TASK}`, PUBLIC],
    [`__proto__/${TASK}`, PUBLIC],
    [`eu/us-east/${TASK}`, PUBLIC],
    [`us-west/${TASK}`, OWN],
  ])('%j is refused', (taskId, gateways) => {
    expect(() => adoptTask(taskId, gateways)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
