export type { BrowserHostOptions } from './platform/browser/browser-host.ts';
export { createBrowserHost } from './platform/browser/browser-host.ts';
export { createBrowserCodecs } from './platform/browser/codecs.ts';
export type { ClientOrigin, Provider404Options } from './providers/404/provider.ts';
export { create404Provider } from './providers/404/provider.ts';
export { createLocalProvider } from './providers/local/provider.ts';
