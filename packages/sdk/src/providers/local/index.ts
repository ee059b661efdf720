export { createLocalProvider } from './provider.ts';
