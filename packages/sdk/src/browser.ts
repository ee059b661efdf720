export type { BrowserHostOptions } from './platform/browser/browser-host.ts';
export { createBrowserHost } from './platform/browser/browser-host.ts';
export { createBrowserCodecs } from './platform/browser/codecs.ts';
export { createLocalProvider } from './providers/local/provider.ts';
