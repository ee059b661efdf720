import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProcessTerminal } from './terminal.ts';

function processWith(env: Record<string, string>, isTty: boolean, input = ''): NodeJS.Process {
  const stream = () => Object.assign(new EventEmitter(), { isTTY: isTty, columns: 100, write: () => true });
  return {
    env,
    cwd: () => '/working',
    stdout: stream(),
    stderr: stream(),
    stdin: Readable.from([Buffer.from(input)]),
  } as unknown as NodeJS.Process;
}

describe('createProcessTerminal', () => {
  it('draws and paints on a terminal only, and minds NO_COLOR', () => {
    expect(createProcessTerminal(processWith({}, true))).toMatchObject({
      canRedraw: true,
      hasColor: true,
      columns: 100,
    });
    expect(createProcessTerminal(processWith({ NO_COLOR: '1' }, true))).toMatchObject({
      canRedraw: true,
      hasColor: false,
    });
    expect(createProcessTerminal(processWith({ NO_COLOR: '' }, true))).toMatchObject({ hasColor: true });
    expect(createProcessTerminal(processWith({ TERM: 'dumb' }, true))).toMatchObject({
      canRedraw: false,
      hasColor: false,
    });
    expect(createProcessTerminal(processWith({}, false))).toMatchObject({ canRedraw: false, hasColor: false });
  });

  it('takes relative paths from where npm was called', () => {
    const terminal = createProcessTerminal(processWith({ INIT_CWD: '/called' }, false));
    expect(terminal.pathOf('a/b')).toBe('/called/a/b');
    expect(terminal.pathOf('/a')).toBe('/a');
    expect(createProcessTerminal(processWith({}, false)).pathOf('a')).toBe('/working/a');
  });

  it('reads no more input than it was told', async () => {
    expect(await createProcessTerminal(processWith({}, false, 'grüße')).readInput(7)).toBe('grüße');
    await expect(createProcessTerminal(processWith({}, false, 'grüße')).readInput(6)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('goes on when nobody reads its output any more', () => {
    const process = processWith({}, false);
    createProcessTerminal(process);
    const gone = Object.assign(new Error('gone'), { code: 'EPIPE' });
    expect(() => process.stdout.emit('error', gone)).not.toThrow();
    expect(() => process.stderr.emit('error', new Error('other'))).toThrow('other');
  });
});
