import { describe, expect, it } from 'vitest';
import type { JobEvent, JobEventBody } from '../jobs/job-events.ts';
import { createProgressView } from './progress-view.ts';
import type { Terminal } from './terminal.ts';

const BODIES: readonly JobEventBody[] = [
  {
    type: 'job-queued',
    provider: 'local',
    request: { prompt: { text: 'x' }, output: 'mesh', seed: 1, providerOptions: {} },
    processing: {},
    delivery: {},
    credit: '',
    licence: '',
  },
  { type: 'start-requested', idempotencyKey: 'k' },
  { type: 'operation-started', operation: 'o' },
  { type: 'progress-reported', progress: 0.5, stage: 'sculpting\u001b[2J' },
  { type: 'warning-raised', warning: { code: 'X', message: 'Something to know.' } },
  { type: 'job-succeeded', result: { location: '/', manifestDigest: '', summary: {} } },
];
const EVENTS = BODIES.map((body, index): JobEvent => ({ ...body, job: 'j', seq: index + 1, at: index }));

function show(look: Partial<Terminal>, label?: string): string {
  let written = '';
  const terminal = {
    canRedraw: false,
    hasColor: false,
    columns: 80,
    note: (text: string) => {
      written += text;
    },
    ...look,
  };
  const view = createProgressView(terminal as Terminal, null, label);
  for (const event of EVENTS) view.show(event);
  view.clear();
  return written;
}

describe('createProgressView', () => {
  it('writes plain lines where nothing can be drawn over', () => {
    const written = show({});
    expect(written).toMatch(/^ {2}0% {2}waiting\n/);
    expect(written).toMatch(/generating \(sculpting \[2J\)\n/);
    expect(written).toContain('Note: Something to know.\n');
    expect(written).toMatch(/100% {2}done\n$/);
    expect(written).not.toContain('\u001b');
    expect(written).not.toContain('\r');
  });

  it('draws a bar over itself, in colour only where it is wanted, and takes it away', () => {
    const plain = show({ canRedraw: true });
    expect(plain).toContain('█');
    expect(plain).not.toContain('\u001b[36m');
    expect(plain.endsWith('\r\u001b[K')).toBe(true);
    expect(plain).toContain('\r\u001b[KNote: Something to know.\n');
    expect(show({ canRedraw: true, hasColor: true })).toContain('\u001b[36m');
  });

  it('never draws wider than the terminal', () => {
    for (const frame of show({ canRedraw: true, columns: 40 }).split('\r\u001b[K'))
      expect(frame.length).toBeLessThan(40);
  });

  it('says which job a line is about where there are several', () => {
    const lines = show({ canRedraw: true }, 'abc').trimEnd().split('\n');
    expect(lines.every((line) => line.startsWith('abc  '))).toBe(true);
  });
});
