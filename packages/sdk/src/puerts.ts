export { createScriptCodecs } from './platform/puerts/codecs.ts';
export { installPrelude } from './platform/puerts/prelude.ts';
