// Stands in for helper.mjs where a test needs faults that the real one does not have. Started in the same way, with the
// same line on its output. It knows one job, `growing`, which has one more event every 4 ms since the home folder was
// first used, whoever serves it. Ends by itself a second after its last client left.
//
// STAND_IN_FAULT: silent | crash | tells | garbage | long | elsewhere. What happens goes to stand-in.log in MAQUETTE_HOME.
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { WebSocketServer } = createRequire(new URL('../../../sdk/package.json', import.meta.url))('ws');
const home = process.env.MAQUETTE_HOME;
const place = join(home, 'stand-in.json');
const birth = join(home, 'stand-in.birth');
const refusal = join(home, 'refuse-hello');
const note = (entry) =>
  appendFileSync(join(home, 'stand-in.log'), `${JSON.stringify({ pid: process.pid, ...entry })}\n`);
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const faults = {
  silent: () => setTimeout(() => undefined, 60_000),
  crash: () => {
    throw new Error('on purpose');
  },
  tells: () => {
    print({ type: 'error', code: 'STORE_VERSION', message: 'The store is newer.', remedy: 'Update.' });
    process.exitCode = 1;
  },
  garbage: () => console.log('Hello!'),
  long: () => process.stdout.write('x'.repeat(200_000)),
  elsewhere: () => print({ type: 'listening', url: 'http://example.org:80', token: 'secret', panel: '' }),
};

const fault = faults[process.env.STAND_IN_FAULT];
const allocator = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('MALLOC_')));
note({ started: process.argv.slice(2), cwd: process.cwd(), isSessionLeader: isSessionLeader(), allocator });
if (fault !== undefined) fault();
else if (isRunning()) process.stdout.write(readFileSync(place));
else serve();

function isSessionLeader() {
  if (process.platform !== 'linux') return true;
  return Number(readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')[3]) === process.pid;
}

function isRunning() {
  if (!existsSync(place)) return false;
  try {
    process.kill(JSON.parse(readFileSync(place)).pid, 0);
    return true;
  } catch {
    return false;
  }
}

function serve() {
  if (!existsSync(birth)) writeFileSync(birth, String(Date.now()));
  const bornAt = Number(readFileSync(birth));
  const newestSeq = () => Math.floor((Date.now() - bornAt) / 4);
  const token = randomBytes(16).toString('hex');
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer();
  let leaving;
  const leave = () => {
    if (sockets.clients.size === 0) leaving = setTimeout(() => process.exit(0), 1000);
  };

  server.on('upgrade', (request, socket, head) => {
    if (request.headers.authorization !== `Bearer ${token}` || request.url !== '/rpc') {
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      clearTimeout(leaving);
      client.on('close', leave);
      attend(client);
    });
  });

  const attend = (client) => {
    const send = (message) => client.send(JSON.stringify({ jsonrpc: '2.0', ...message }));
    const following = new Map();
    const asked = new Map();
    const event = (seq) =>
      send({ method: 'job/event', params: { job: 'growing', seq, at: 0, type: 'grown', event: {} } });
    const follow = (job) => {
      const [last, timer] = following.get(job);
      const newest = newestSeq();
      // the last two once more: whoever counts is not confused by it
      for (let seq = Math.max(1, last - 1); seq <= newest; seq += 1) event(seq);
      following.set(job, [newest, timer]);
    };
    const methods = {
      'peer/hello': ({ client: presented, protocol }, id) => {
        note({ hello: presented, protocol });
        if (existsSync(refusal)) {
          rmSync(refusal);
          const data = { code: 'PROTOCOL_MISMATCH', message: 'Another version.', remedy: 'Update.', retry: 'never' };
          send({ id, error: { code: -32000, message: data.message, data } });
          return undefined;
        }
        return { service: { pid: process.pid }, limits: { messageBytes: 100_000 }, heartbeatMs: 10_000 };
      },
      'job/watch': () => ({ jobs: [{ job: 'growing', seq: newestSeq() }] }),
      'job/subscribe': ({ job, afterSeq = 0 }, id) => {
        if (job !== 'growing') {
          const data = { code: 'INPUT_INVALID', message: 'There is no such job.', retry: 'never' };
          send({ id, error: { code: -32000, message: data.message, data } });
          return undefined;
        }
        clearInterval(following.get(job)?.[1]);
        following.set(job, [afterSeq, setInterval(() => follow(job), 10)]);
        follow(job);
        return { job: { job } };
      },
      'job/unsubscribe': ({ job }) => {
        clearInterval(following.get(job)?.[1]);
        return {};
      },
      'test/crash': () => process.kill(process.pid, 'SIGKILL'),
      'test/close': ({ code, reason }) => client.close(code, reason),
      'test/changed': ({ count }) => {
        for (let seq = 1; seq <= count; seq += 1) {
          send({ method: 'job/changed', params: { job: { job: `job-${seq % 3}`, seq } } });
        }
        return {};
      },
      'test/ask': ({ method, params }, id) => {
        asked.set(`service-${id}`, id);
        send({ id: `service-${id}`, method, params });
      },
    };
    client.on('close', () => {
      for (const [, timer] of following.values()) clearInterval(timer);
    });
    client.on('message', (data) => {
      const { id, method, params, ...answer } = JSON.parse(data);
      if (method === undefined) {
        send({ id: asked.get(id), result: answer });
        return;
      }
      note({ method, params });
      const result = methods[method] === undefined ? params : methods[method](params, id);
      if (result !== undefined && id !== undefined) send({ id, result });
    });
  };

  server.listen(0, '127.0.0.1', () => {
    const line = { type: 'listening', url: `http://127.0.0.1:${server.address().port}`, token, panel: '' };
    writeFileSync(place, `${JSON.stringify({ ...line, pid: process.pid })}\n`);
    print(line);
    leave();
  });
}
