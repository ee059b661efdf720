import { expect, it } from 'vitest';
import type { ServiceOutcome } from './bundle/run-service.ts';
import { buildNeutralBundles, buildServiceBundle } from './support/bundles.ts';
import type { ScriptEngine } from './support/engine.ts';
import { createQuickJsEngine } from './support/quickjs-engine.ts';
import { createVmEngine } from './support/vm-engine.ts';

const bundles = await buildNeutralBundles();
const service = await buildServiceBundle();
const ENGINES: readonly (readonly [name: string, create: () => Promise<ScriptEngine>])[] = [
  ['an empty context', async () => createVmEngine()],
  ['QuickJS', () => createQuickJsEngine()],
];

it.each(ENGINES)(
  'the service serves a client in %s',
  async (_name, createEngine) => {
    const engine = await createEngine();
    engine.evaluate(bundles.prelude, 'prelude.js');
    engine.evaluate(bundles.sdk, 'sdk.js');
    engine.evaluate(service, 'service.js');
    const { events, stages, clients } = (await engine.call('serveJob', null)).value as ServiceOutcome;
    engine.dispose();
    expect(clients).toBe(1);
    expect(events.map((event) => Number.parseInt(event, 10))).toEqual(events.map((_event, index) => index + 1));
    expect(events[0]).toBe('1 job-queued');
    expect(events.at(-1)).toMatch(/ job-succeeded$/);
    expect(stages).toEqual(expect.arrayContaining(['Echoing', 'Done']));
  },
  300_000,
);
