import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { encodePng } from '../../src/image/encode-png.ts';
import {
  type GatewayTask,
  type RunningGateway,
  type StartGatewayOptions,
  startGatewayStandIn,
} from '../../src/testing/index.ts';

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly json: unknown;
}

/** How a request is sent. Headers given as undefined are left out. */
export interface WireRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array;
}

/** A running stand-in with a clock that only the test moves. */
export interface Bench extends RunningGateway {
  /** Lets time pass, milliseconds. */
  advance(ms: number): void;
  /** Sends exactly the headers given, and `accept: application/json`. */
  send(path: string, request?: WireRequest, node?: number): Promise<WireAnswer>;
  /** `POST /add_task` with JSON and the personal key. */
  post(body: unknown, headers?: WireRequest['headers']): Promise<WireAnswer>;
  /** `POST /add_task` with a form and the personal key. */
  postForm(fields: readonly FormPart[], headers?: WireRequest['headers']): Promise<WireAnswer>;
  /** An accepted task that no worker takes, by its id. */
  submit(body?: unknown, headers?: WireRequest['headers']): Promise<string>;
  /** An accepted image task that no worker takes, by its id. */
  submitImage(model: string): Promise<string>;
  status(id: string): Promise<unknown>;
  result(id: string, query?: string, headers?: WireRequest['headers']): Promise<WireAnswer>;
  lastTask(): GatewayTask;
}

/** Name and content of a form field. */
export type FormPart = readonly [name: string, content: string | Uint8Array];

/** Half an hour into an hour into a day: no window of the tests ends by chance. */
const START_MS = Date.UTC(2026, 0, 15, 10, 30);

/** Starts a stand-in for a test. Workers do nothing unless the options say so. */
export async function createBench(options: StartGatewayOptions = {}): Promise<Bench> {
  let nowMs = START_MS;
  const running = await startGatewayStandIn({ clock: { now: () => nowMs }, workers: () => [], ...options });
  const { key, gateway } = running;
  const bench: Bench = {
    ...running,
    advance(ms) {
      nowMs += ms;
    },
    send: (path, request = {}, node = 1) => send(`${running.urls[node - 1]}${path}`, request),
    post: (body, headers) =>
      bench.send('/add_task', {
        method: 'POST',
        headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    postForm: (fields, headers) =>
      bench.send('/add_task', {
        method: 'POST',
        headers: { 'x-api-key': key, 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, ...headers },
        body: formBody(fields),
      }),
    async submit(body = { prompt: 'robot' }, headers) {
      return idOf(await bench.post(body, headers));
    },
    async submitImage(model) {
      return idOf(
        await bench.postForm([
          ['image', PICTURE],
          ['model', model],
        ]),
      );
    },
    status: async (id) => (await bench.send(`/get_status?id=${id}`)).json,
    result: (id, query = '', headers = {}) =>
      bench.send(`/get_result?id=${id}${query}`, { headers: { 'x-api-key': key, ...headers } }),
    lastTask: () => gateway.tasks.at(-1) as GatewayTask,
  };
  return bench;
}

function idOf(answer: WireAnswer): string {
  if (answer.status !== 200) throw new Error(`Not accepted: ${answer.status} ${answer.text}`);
  return (answer.json as { id: string }).id;
}

/** Boundary of every form of the tests. */
export const BOUNDARY = 'bench-7MA4YWxk';

/** Body of a form. */
export function formBody(fields: readonly FormPart[], boundary = BOUNDARY): Uint8Array {
  const parts = fields.flatMap(([name, content]) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${name === 'image' ? '; filename="a.bin"\r\nContent-Type: application/octet-stream' : ''}\r\n\r\n`,
    ),
    Buffer.from(content as Uint8Array),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
}

/** A PNG of that size, one colour. */
export function png(width: number, height: number): Uint8Array {
  return encodePng({ width, height, data: new Uint8Array(width * height * 4).fill(200) });
}

/** A picture that is accepted. */
export const PICTURE = png(8, 6);

/** Sends one request and reads the answer to its end; rejects where the connection breaks. */
export function send(url: string, { method = 'GET', headers = {}, body }: WireRequest): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const sent: OutgoingHttpHeaders = { accept: 'application/json' };
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) delete sent[name];
      else sent[name] = value;
    }
    if (body !== undefined) sent['content-length'] = Buffer.byteLength(body);
    const request = httpRequest(url, { method, headers: sent, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (!response.complete) return reject(new Error('The body is cut.'));
        const bytes = new Uint8Array(Buffer.concat(chunks));
        const text = Buffer.from(bytes).toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as WireAnswer['headers'],
          bytes,
          text,
          get json() {
            return JSON.parse(text) as unknown;
          },
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
