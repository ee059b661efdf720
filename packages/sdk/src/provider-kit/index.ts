export type { ParsedUrl } from '../foundation/url.ts';
export { isPrivateHost, parseUrl, resolveUrl } from '../foundation/url.ts';
export { assertSupported } from './assert-supported.ts';
export { codeOfStatus, httpError, retryAfterMs } from './http-errors.ts';
export { excerpt, redactSecrets } from './redact.ts';
export type { JsonExchange } from './send-json.ts';
export { sendJson } from './send-json.ts';
