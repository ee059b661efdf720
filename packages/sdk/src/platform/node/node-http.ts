import type { HttpSend } from '../../foundation/http.ts';
import type { Environment } from './maquette-home.ts';
import type { NodeCredentials } from './node-credentials.ts';

/** Addresses of proxies, as `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name them. An empty text means none. */
export interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/** Http on Node. */
export interface NodeHttp {
  readonly send: HttpSend;
  /** Closes idle connections. Requests under way end first. */
  close(): Promise<void>;
}

// A proxy cannot reach this machine's own loopback: requests to it never go there. Go's http client has the same rule.
const LOOPBACK_NAMES = 'localhost,.localhost,127.0.0.1,::1';
const CONNECT_TIMEOUT_MS = 30_000;

/** Proxy settings of an environment; lower-case names win, as in curl. */
export function proxySettingsOf(env: Environment): ProxySettings {
  const httpProxy = env.http_proxy ?? env.HTTP_PROXY ?? '';
  return {
    httpProxy,
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
  };
}

/**
 * Requests through ky and undici: proxies of the environment are used, and certificate authorities of
 * `NODE_EXTRA_CA_CERTS` are trusted, which Node itself reads when it starts.
 *
 * Both libraries are loaded by the first request, because most commands send none.
 */
export function createNodeHttp(options: {
  readonly credentials: NodeCredentials;
  readonly proxy: ProxySettings;
}): NodeHttp {
  const load = async () => {
    const [fetching, undici] = await Promise.all([import('../web/send-with-fetch.ts'), import('undici')]);
    const noProxy = options.proxy.noProxy === '' ? LOOPBACK_NAMES : `${options.proxy.noProxy},${LOOPBACK_NAMES}`;
    const dispatcher = new undici.EnvHttpProxyAgent({
      httpProxy: options.proxy.httpProxy,
      httpsProxy: options.proxy.httpsProxy,
      noProxy,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      // time budgets belong to the job engine, which cancels
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return { ...fetching, undici, dispatcher };
  };
  let loading: ReturnType<typeof load> | undefined;

  return {
    async send(request, signal) {
      loading ??= load();
      const { sendWithFetch, parseRequestUrl, undici, dispatcher } = await loading;
      const url = parseRequestUrl(request.url);
      const headers: Record<string, string> = { 'user-agent': 'maquette', ...request.headers };
      if (request.credential !== undefined) {
        const [name, value] = await options.credentials.headerFor(request.credential, url.origin);
        headers[name] = value;
      }
      const fetchOnce = async (
        address: string,
        init: {
          method: string;
          headers: Readonly<Record<string, string>>;
          body: Uint8Array<ArrayBuffer> | undefined;
          signal: AbortSignal;
        },
      ): Promise<Response> => {
        const response = await undici.fetch(address, {
          method: init.method,
          headers: { ...init.headers },
          ...(init.body === undefined ? {} : { body: init.body }),
          signal: init.signal,
          redirect: 'manual',
          dispatcher,
        });
        // the same class in two copies of one library: Node's own and the one from npm
        return response as unknown as Response;
      };
      return sendWithFetch(fetchOnce, request, url, headers, signal);
    },
    async close() {
      await (await loading)?.dispatcher.close();
    },
  };
}
