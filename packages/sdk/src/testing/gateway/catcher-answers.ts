import { encodeUtf8 } from '../../foundation/bytes.ts';
import { answerBytes, answerJson } from './error-answers.ts';
import type { GatewayAnswer, GatewayRequest } from './gateway-messages.ts';

/** Statuses that the framework answers by itself, with its names and sentences. @source salvo crates/core/src/http/errors/status_error.rs */
const ERRORS = {
  404: ['Not Found', 'The requested resource could not be found.'],
  405: ['Method Not Allowed', 'The request method is not supported for the requested resource.'],
  429: ['Too Many Requests', 'Too many requests have been received recently.'],
} as const;

/** Pages of the gateway itself. @source gateway-rs src/http3/responses */
const PAGES = {
  404: "Oops! The page you're looking for doesn't exist. Please check the URL and try again.",
  405: 'Oops! The method specified in the request is not allowed for the resource.',
  429: 'Sorry, you have exceeded the allowed number of requests. Please wait a moment and try again.',
} as const;

/**
 * The answer of the framework where no handler wrote one: unknown path, wrong method, too many requests in a minute. Its
 * form follows `Accept`; whoever does not say what they accept gets a page. As JSON, `error` is an object.
 */
export function answerCatcher(status: 404 | 405 | 429, request: Pick<GatewayRequest, 'headers'>): GatewayAnswer {
  const [name, brief] = ERRORS[status];
  const accepted = mediaTypesOf(request.headers.accept);
  if (accepted.includes('text/html') || accepted.includes('application/xhtml+xml')) {
    return answerBytes(status, 'text/html; charset=utf-8', encodeUtf8(page(`${status}: ${name}`, name, PAGES[status])));
  }
  const format = accepted.find((type) => SUPPORTED.includes(type)) ?? 'text/html';
  switch (format) {
    case 'application/json':
      return answerJson(status, { error: { code: status, name, brief } });
    case 'application/xml':
    case 'text/xml': {
      const text = `<error><code>${status}</code><name>${name}</name><brief>${brief}</brief></error>`;
      return answerBytes(status, `${format}; charset=utf-8`, encodeUtf8(text));
    }
    case 'text/plain': {
      const text = `code: ${status}\n\nname: ${name}\n\nbrief: ${brief}`;
      return answerBytes(status, 'text/plain; charset=utf-8', encodeUtf8(text));
    }
    default:
      return answerBytes(
        status,
        'text/html; charset=utf-8',
        encodeUtf8(page(`${status}: ${name}`, `${status}: ${name}`, brief)),
      );
  }
}

const SUPPORTED: readonly string[] = ['application/json', 'text/html', 'application/xml', 'text/xml', 'text/plain'];

function mediaTypesOf(accept: string | undefined): string[] {
  return (accept ?? '').split(',').map((item) => (item.split(';')[0] ?? '').trim().toLowerCase());
}

/** A small page, as a browser would show it. */
export function page(title: string, heading: string, text: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
    <meta charset="UTF-8">
    <title>${title}</title>
</head>
<body>
    <h1>${heading}</h1>
    <p>${text}</p>
</body>
</html>`;
}
