import { decodeUtf8, encodeUtf8 } from '../../foundation/bytes.ts';
import { answerCatcher, page } from './catcher-answers.ts';
import { answerBytes, answerJson, answerText } from './error-answers.ts';
import type { GatewayAnswer, GatewayRequest } from './gateway-messages.ts';

/** A fault that can be armed. Each spoils one request and its answer. */
export type GatewayFault =
  /** The answer is right and late, by real milliseconds. */
  | { readonly kind: 'latency'; readonly delayMs: number }
  /** The connection is cut before anything was done: the task of an `add_task` does not exist. */
  | { readonly kind: 'drop-before' }
  /** The request is carried out and the connection cut before the answer: the task of an `add_task` exists and nobody knows its id. */
  | { readonly kind: 'drop-after' }
  /** The request is carried out and nothing is ever sent; the connection stays open. */
  | { readonly kind: 'silence' }
  /** 429 of the limit per minute and IP address; nothing was done. */
  | { readonly kind: 'rate-limited' }
  /** 429 with a JSON body: `concurrent_limit` or `daily_limit`; nothing was done. */
  | { readonly kind: 'over-limit'; readonly error: 'concurrent_limit' | 'daily_limit' }
  /** 503 with a text of the handlers; nothing was done. */
  | { readonly kind: 'unavailable' }
  /** 500 with a text of the handlers; nothing was done. */
  | { readonly kind: 'internal-error' }
  /** The length of the whole body is announced, a part of it is sent, and the connection is cut. */
  | { readonly kind: 'truncated-body'; readonly bytes: number }
  /** A part of the body is sent as if it were all of it. */
  | { readonly kind: 'shortened-body'; readonly bytes: number }
  /** The body is right and its content type is not. */
  | { readonly kind: 'wrong-content-type'; readonly contentType: string }
  /** A page of something in front of the gateway instead of its answer; nothing was done. */
  | { readonly kind: 'html-page'; readonly status: number }
  /** The body is right and trickles, with pauses of real milliseconds. */
  | { readonly kind: 'slow-body'; readonly bytes: number; readonly pauseMs: number }
  /** Head and a part of the body, then silence; the connection stays open. */
  | { readonly kind: 'stalled-body'; readonly bytes: number }
  /** `get_result`: the results of the task are lost at this moment. */
  | { readonly kind: 'result-expired' }
  /** `get_status`: a word that no client knows. */
  | { readonly kind: 'unknown-status'; readonly status: string }
  /** The answer is these bytes with status 200, whatever was asked; the request is carried out. */
  | { readonly kind: 'other-body'; readonly contentType: string; readonly body: Uint8Array };

/** Routes faults can be armed on. */
export type FaultRoute = 'add_task' | 'get_status' | 'get_result' | 'any';

/** When an armed fault strikes. */
export interface FaultOptions {
  /** How often. Default 1; `Infinity` for as long as it is armed. */
  readonly times?: number;
  /** Only requests this is true for. Default all of the route. */
  readonly when?: (request: GatewayRequest) => boolean;
}

/** The faults of a stand-in. */
export interface FaultBox {
  /** Arms a fault and gives back what disarms it. Of several that fit, the one armed first strikes, one per request. */
  arm(route: FaultRoute, fault: GatewayFault, options?: FaultOptions): () => void;
  /** Takes the fault that strikes a request, or null. */
  take(request: GatewayRequest): GatewayFault | null;
}

interface ArmedFault {
  readonly route: FaultRoute;
  readonly fault: GatewayFault;
  readonly when: (request: GatewayRequest) => boolean;
  left: number;
}

/** Makes a {@link FaultBox}. */
export function createFaultBox(): FaultBox {
  let armed: ArmedFault[] = [];
  return {
    arm(route, fault, options = {}) {
      const entry: ArmedFault = { route, fault, left: options.times ?? 1, when: options.when ?? (() => true) };
      armed.push(entry);
      return () => {
        armed = armed.filter((other) => other !== entry);
      };
    },
    take(request) {
      const entry = armed.find(
        ({ route, when, left }) => left > 0 && (route === 'any' || request.path === `/${route}`) && when(request),
      );
      if (entry === undefined) return null;
      entry.left -= 1;
      return entry.fault;
    },
  };
}

/**
 * Answers a request under a fault.
 *
 * @param carryOut - Does what the request asks for; not called where the fault comes first.
 */
export async function answerWithFault(
  fault: GatewayFault,
  request: GatewayRequest,
  carryOut: () => Promise<GatewayAnswer>,
): Promise<GatewayAnswer> {
  switch (fault.kind) {
    case 'drop-before':
      return { ...answerText(500, ''), isDropped: true };
    case 'rate-limited':
      return answerCatcher(429, request);
    case 'over-limit': {
      const limit = fault.error === 'concurrent_limit' ? 'concurrent' : 'daily';
      return answerJson(429, { error: fault.error, message: `User ${limit} task limit exceeded.` });
    }
    case 'unavailable':
      return answerText(503, 'Service unavailable: Task limiter is unavailable');
    case 'internal-error':
      return answerText(500, 'Internal Server Error');
    case 'html-page': {
      const heading = `${fault.status} error`;
      const text = 'The web server reported an error.';
      return answerBytes(fault.status, 'text/html; charset=utf-8', encodeUtf8(page(heading, heading, text)));
    }
    default:
      return spoil(fault, await carryOut());
  }
}

type LateFault = Exclude<
  GatewayFault,
  { readonly kind: 'drop-before' | 'rate-limited' | 'over-limit' | 'unavailable' | 'internal-error' | 'html-page' }
>;

function spoil(fault: LateFault, answer: GatewayAnswer): GatewayAnswer {
  switch (fault.kind) {
    case 'latency':
      return { ...answer, delayMs: fault.delayMs };
    case 'drop-after':
      return { ...answer, isDropped: true };
    case 'silence':
      return { ...answer, isSilent: true };
    case 'truncated-body':
      return { ...answer, cutAfterBytes: fault.bytes };
    case 'shortened-body': {
      if (!(answer.body instanceof Uint8Array)) return { ...answer, cutAfterBytes: fault.bytes };
      const body = answer.body.subarray(0, fault.bytes);
      return { ...answer, body, headers: { ...answer.headers, 'content-length': String(body.length) } };
    }
    case 'wrong-content-type':
      return { ...answer, headers: { ...answer.headers, 'content-type': fault.contentType } };
    case 'slow-body':
      return { ...answer, trickle: { bytes: fault.bytes, pauseMs: fault.pauseMs } };
    case 'stalled-body':
      return { ...answer, stallAfterBytes: fault.bytes };
    case 'unknown-status':
      return withStatusWord(answer, fault.status);
    case 'other-body':
      return answerBytes(200, fault.contentType, fault.body);
    case 'result-expired':
      return answer; // whoever carried it out has lost the results before
  }
}

function withStatusWord(answer: GatewayAnswer, status: string): GatewayAnswer {
  if (answer.status !== 200 || !(answer.body instanceof Uint8Array)) return answer;
  const told = JSON.parse(decodeUtf8(answer.body)) as { readonly status?: string };
  return answerJson(200, { ...told, status });
}
