export type { GenerateObject } from './generate-object.ts';
export { createLocalProvider, type LocalProviderOptions } from './provider.ts';
