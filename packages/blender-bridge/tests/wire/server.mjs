// A server for the tests of the wire: each path is one behaviour, good or hostile. Ends when its standard input does.
// Usage: node server.mjs TOKEN. Prints one line {"port":…}.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { WebSocketServer } = createRequire(new URL('../../../sdk/package.json', import.meta.url))('ws');
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const token = process.argv[2];

const websockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 });
/** Everything a behaviour wants a test to know, in order. */
const notes = [];

const digestOf = (data) => ({ bytes: data.length, digest: createHash('sha256').update(data).digest('hex') });

/** What is done with an open WebSocket. */
const behaviours = {
  '/echo': (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  '/digest': (socket) => socket.on('message', (data) => socket.send(JSON.stringify(digestOf(data)))),
  '/headers': (socket, _query, request) => socket.send(JSON.stringify(request.headers)),
  '/fragments': (socket) =>
    socket.on('message', (data) => {
      const half = Math.floor(data.length / 2);
      socket.send(data.subarray(0, half), { binary: false, fin: false });
      socket.ping('between');
      socket.send(data.subarray(half, half), { binary: false, fin: false });
      socket.send(data.subarray(half), { binary: false, fin: true });
      socket.once('pong', (payload) => socket.send(`pong ${payload}`));
    }),
  '/text': (socket, query) => socket.send('ä'.repeat(Number(query.get('count')))),
  '/binary': (socket) => socket.send(Buffer.from([1, 2, 3])),
  '/close': (socket, query) => socket.close(Number(query.get('code')), query.get('reason') ?? ''),
  '/drop': (socket) => socket.on('message', () => socket.terminate()),
  '/raw': (socket, query) => socket._socket.write(Buffer.from(query.get('hex'), 'hex')),
  // sends one message in every 50 ms, without a word in between
  '/slow': (socket) => {
    let count = 0;
    const timer = setInterval(() => socket.send(String(++count)), 50);
    socket.on('close', () => clearInterval(timer));
  },
  '/quiet': () => undefined,
  '/rpc': (socket) => serveRpc(socket),
};

/** What is done with a request to upgrade instead of completing it. */
const rawBehaviours = {
  // connected, and dead: nothing is read, nothing is said
  '/half-open': (socket, _query, accept) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: maquette.v1\r\n\r\n`,
    );
    socket.pause();
  },
  '/silent': () => undefined,
  '/hang-up': (socket) => socket.destroy(),
  '/answer': (socket, query, accept) => socket.write(query.get('text').replaceAll('{accept}', accept)),
  '/drip': (socket) => {
    const timer = setInterval(() => socket.write('X-Drop: 1\r\n'), 20);
    socket.write('HTTP/1.1 101 Switching Protocols\r\n');
    socket.on('close', () => clearInterval(timer));
  },
};

const server = createServer((request, response) => {
  if (request.url === '/notes') response.end(JSON.stringify(notes));
  else if (request.url?.startsWith('/files/')) serveFile(request, response);
  else response.writeHead(404).end();
});

server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => undefined);
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const accept = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + ACCEPT_SUFFIX)
    .digest('base64');
  if (rawBehaviours[pathname] !== undefined) {
    rawBehaviours[pathname](socket, searchParams, accept);
  } else if (request.headers.authorization !== `Bearer ${token}`) {
    const body = 'This is not the token of this launch.\n';
    socket.end(
      `HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  } else {
    websockets.handleUpgrade(request, socket, head, (websocket) => {
      websocket.on('error', (error) => notes.push({ path: pathname, error: error.message }));
      websocket.on('close', (code, reason) => notes.push({ path: pathname, code, reason: String(reason) }));
      behaviours[pathname](websocket, searchParams, request);
    });
  }
});

function serveRpc(socket) {
  let lastId = 0;
  const asked = new Map();
  const send = (message) => socket.send(JSON.stringify({ jsonrpc: '2.0', ...message }));
  const methods = {
    'test/echo': (id, params) => send({ id, result: params }),
    'test/null': (id) => send({ id, result: null }),
    'test/fail': (id, params) => send({ id, error: { code: -32000, message: 'Failed.', data: params } }),
    'test/never': () => undefined,
    'test/later': (id, { ms }) => setTimeout(() => send({ id, result: {} }), ms),
    'test/raw': (_id, { text }) => socket.send(text),
    'test/drop': () => socket.terminate(),
    'test/close': (_id, { code, reason }) => socket.close(code, reason),
    'test/stop-reading': (id) => {
      send({ id, result: {} });
      socket._socket.pause();
    },
    'test/tell': (id, { method, params, count = 1 }) => {
      for (let number = 1; number <= count; number += 1) send({ method, params: { ...params, number } });
      send({ id, result: {} });
    },
    // asks the client, and answers with what the client answered
    'test/ask': (id, { method, params }) => {
      lastId += 1;
      asked.set(`s-${lastId}`, id);
      send({ id: `s-${lastId}`, method, params });
    },
  };
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    if (message.method === undefined) {
      send({ id: asked.get(message.id), result: message });
    } else if (message.id === undefined) {
      notes.push({ notification: message.method, params: message.params });
    } else {
      methods[message.method](message.id, message.params);
    }
  });
}

/** /files/NAME?fault=…: as many bytes as NAME says, with ranges; a fault hits the first request for a name. */
const requested = new Set();
function serveFile(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const size = Number(pathname.split('/')[2]);
  const whole = Buffer.from(Array.from({ length: size }, (_, index) => (index * 7) % 251));
  const fault = requested.has(request.url) ? 'none' : searchParams.get('fault');
  requested.add(request.url);
  notes.push({ file: request.url, range: request.headers.range ?? null });
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (searchParams.get('always') === 'gone') {
    response.writeHead(410, { 'Content-Type': 'text/plain' }).end('This link is used up.\n');
    return;
  }
  if (searchParams.get('always') === 'elsewhere') {
    response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end();
    return;
  }
  const ignoresRange = searchParams.get('always') === 'no-ranges';
  const from = ignoresRange ? 0 : start;
  const body = whole.subarray(from);
  const more = searchParams.get('always') === 'more' ? 10 : 0;
  response.writeHead(from > 0 ? 206 : 200, {
    'Content-Length': body.length + more,
    ...(from > 0 ? { 'Content-Range': `bytes ${from}-${size - 1}/${size}` } : {}),
  });
  if (fault === 'cut') {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => setTimeout(() => response.destroy(), 20));
  } else if (searchParams.get('always') === 'stall') {
    response.write(body.subarray(0, 10));
  } else {
    response.end(Buffer.concat([body, Buffer.alloc(more)]));
  }
}

process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
