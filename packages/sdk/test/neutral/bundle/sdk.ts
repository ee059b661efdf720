/** What the script side of an editor needs of the SDK; the bundle of this file is evaluated after the prelude. */
export { createScriptCodecs } from '../../../src/platform/puerts/codecs.ts';
