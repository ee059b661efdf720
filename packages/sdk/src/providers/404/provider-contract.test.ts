import { describe, it } from 'vitest';
import { SdkError } from '../../foundation/errors.ts';
import type { GenerationRequest } from '../../provider/request.ts';
import { createScriptedHttp, type ScriptedAnswer, type ScriptedExchange } from '../../testing/memory-host.ts';
import { providerContract } from '../../testing/provider-contract.ts';
import type { RecordedAnswers } from '../../testing/provider-contract-bench.ts';
import {
  ACCEPTED,
  fileAnswer,
  IMAGE_BYTES,
  jsonAnswer,
  MESH_BYTES,
  SPLAT_BYTES,
  STATUSES,
  TASK,
  textAnswer,
} from './__fixtures__/answers.ts';
import { create404Provider } from './provider.ts';

const GATEWAY = 'https://api-eu.404.xyz';

const start = (answer: ScriptedAnswer | SdkError): ScriptedExchange => ({
  method: 'POST',
  url: `${GATEWAY}/add_task`,
  answer,
  times: 99,
});
const status = (value: unknown): ScriptedExchange => ({
  method: 'GET',
  url: `${GATEWAY}/get_status?id=${TASK}`,
  answer: jsonAnswer(200, value),
  times: 99,
});

const RECORDED: RecordedAnswers = {
  start: start(ACCEPTED),
  statuses: [
    { name: 'NoResult', exchange: status(STATUSES.queued), state: 'pending' },
    { name: 'InProgress', exchange: status(STATUSES.taken), state: 'pending' },
    { name: 'PartialResult(0)', exchange: status(STATUSES.firstFailed), state: 'pending' },
    { name: 'PartialResult(1)', exchange: status(STATUSES.firstSucceeded), state: 'completed' },
    { name: 'PartialResult(2)', exchange: status(STATUSES.secondSucceeded), state: 'completed' },
    { name: 'Success', exchange: status(STATUSES.done), state: 'completed' },
    { name: 'Failure', exchange: status(STATUSES.failed), state: 'failed' },
    { name: 'Failure without a reason', exchange: status(STATUSES.failedWithoutReason), state: 'failed' },
    { name: 'Failure by the deadline', exchange: status(STATUSES.timedOut), state: 'failed' },
  ],
  unknownStatus: { exchange: status({ status: 'Paused' }), word: 'Paused' },
  failures: [
    {
      name: 'a malformed key',
      at: 'start',
      exchange: start(textAnswer(400, 'Bad request: Invalid API key format')),
      code: 'AUTH_REJECTED',
    },
    {
      name: 'too many tasks at once',
      at: 'start',
      exchange: start(jsonAnswer(429, { error: 'concurrent_limit', message: 'User concurrent task limit exceeded.' })),
      code: 'QUEUE_FULL',
    },
    {
      name: 'an id that is none',
      at: 'start',
      exchange: start(jsonAnswer(200, { id: '../../get_load' })),
      code: 'OUTCOME_UNKNOWN',
    },
    {
      name: 'silence after the order was sent',
      at: 'start',
      exchange: start(new SdkError({ code: 'TIMED_OUT', message: 'No answer.' })),
      code: 'OUTCOME_UNKNOWN',
    },
  ],
};

const IMAGE_ORDER: GenerationRequest = {
  prompt: { text: 'a lantern', images: [{ key: 'in/a.png', mediaType: 'image/png', sizeBytes: 12, digest: 'ab' }] },
  output: 'mesh',
  seed: 7,
  providerOptions: {},
};

describe('provider contract: 404-GEN from a text', () => {
  const suite = providerContract({
    createProvider: create404Provider,
    text: 'a mossy stone lantern',
    ignored: [{ request: IMAGE_ORDER, warning: 'PROMPT_IGNORED' }],
    http: () =>
      createScriptedHttp([
        start(ACCEPTED),
        status(STATUSES.done),
        { method: 'GET', url: `${GATEWAY}/get_result?id=${TASK}`, answer: fileAnswer(SPLAT_BYTES), times: 99 },
      ]),
    recorded: RECORDED,
  });
  for (const { name, run } of suite) it(name, run);
});

describe('provider contract: 404-GEN from an image', () => {
  const suite = providerContract({
    createProvider: create404Provider,
    request: {
      ...IMAGE_ORDER,
      model: '404-mesh-v2',
      providerOptions: { '404': { face_count: '50000', region: 'eu' } },
    },
    inputs: { 'in/a.png': IMAGE_BYTES },
    http: () =>
      createScriptedHttp([
        start(ACCEPTED),
        status(STATUSES.firstSucceeded),
        { method: 'GET', url: `${GATEWAY}/get_result?id=${TASK}`, answer: fileAnswer(MESH_BYTES), times: 99 },
      ]),
    recorded: RECORDED,
  });
  for (const { name, run } of suite) it(name, run);
});
