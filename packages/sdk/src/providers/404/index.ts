export type { ClientOrigin, Provider404Options } from './provider.ts';
export { create404Provider } from './provider.ts';
