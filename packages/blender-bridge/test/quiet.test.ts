/** Nothing on the network and no process before the artist acts: what Python's audit hook and the kernel saw. */
import { expect, it } from 'vitest';
import { describeBlenders } from './support/blenders.ts';
import { helpersOf } from './support/helper.ts';
import { runScenario } from './support/scenario.ts';

interface Watched {
  /** Attempts: sockets, processes, threads. */
  readonly seen: readonly string[];
  /** Sockets that are open in this process. */
  readonly sockets: number;
  readonly children: readonly string[];
  readonly threads: readonly string[];
}

interface Told {
  readonly start: Watched;
  readonly quiet: Watched;
  readonly acted: Watched;
  readonly state: string;
  readonly draws?: number;
}

function expectQuiet({ start, quiet, acted, state }: Told): void {
  expect(quiet).toEqual({ ...start, seen: [] });
  // and the watch is no blind one: the first act is all over it
  expect(state).toBe('open');
  expect(acted.seen.some((event) => event.startsWith('subprocess.Popen'))).toBe(true);
  expect(acted.seen.some((event) => event.startsWith('socket.connect'))).toBe(true);
  expect(acted.sockets).toBeGreaterThan(start.sockets);
}

describeBlenders('Before the artist acts', (blender, scratch) => {
  it('nothing happens in background, new files and old ones opened', async () => {
    const person = scratch();
    expectQuiet(await runScenario<Told>(blender, 'quiet', [], { scratch: person }));
    expect(helpersOf(person)).toHaveLength(1);
  });

  it('nothing happens in a window that shows the panel', async () => {
    const told = await runScenario<Told>(blender, 'quiet', [], { scratch: scratch(), window: true });
    expect(told.draws).toBeGreaterThan(0);
    expectQuiet(told);
  });
});
