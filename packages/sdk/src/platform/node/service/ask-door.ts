import { type IncomingMessage, type RequestOptions, request } from 'node:http';

const LARGEST_ANSWER_BYTES = 1024;
const PATIENCE_MS = 2000;

/**
 * Asks the door of a service on this machine, past every proxy and without keeping the connection.
 *
 * @returns The JSON of its answer, or null where there is none, for whatever reason.
 */
export async function askDoor(url: string, options: Pick<RequestOptions, 'method' | 'headers'>): Promise<unknown> {
  const text = await new Promise<string>((resolve) => {
    const asking = request(url, { ...options, agent: false, signal: AbortSignal.timeout(PATIENCE_MS) });
    asking.on('response', (response: IncomingMessage) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > LARGEST_ANSWER_BYTES) asking.destroy();
      });
      response.on('close', () => resolve(response.statusCode === 200 ? body : ''));
    });
    asking.on('error', () => resolve(''));
    asking.end();
  });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
