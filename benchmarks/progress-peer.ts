// What the machine itself takes: two processes and a bare socket between them. The one sends the time at every beat, the other
// prints how long it took, nanoseconds as JSON, when the standard input of the first one ends.
import { fork } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';
import { BEAT_MS } from './metronome-provider.ts';

const [port] = process.argv.slice(2);
/** About what a view of a job takes. */
const MESSAGE_BYTES = 700;

if (port === undefined) send();
else receive(Number(port));

function send(): void {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    const beat = (): void => void socket.write(`${process.hrtime.bigint()}`.padEnd(MESSAGE_BYTES - 1).concat('\n'));
    const timer = setInterval(beat, BEAT_MS);
    process.stdin.resume().once('end', () => {
      clearInterval(timer);
      socket.end();
      server.close();
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('A server without a port.');
    fork(new URL(import.meta.url), [String(address.port)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }).unref();
  });
}

function receive(from: number): void {
  const latencies: number[] = [];
  const socket: Socket = connect(from, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const now = process.hrtime.bigint();
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) latencies.push(Number(now - BigInt(line.trim())));
  });
  socket.on('end', () => process.stdout.write(JSON.stringify(latencies)));
}
