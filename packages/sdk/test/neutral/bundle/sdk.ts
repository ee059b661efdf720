/** What the script side of an editor needs of the SDK; the bundle of this file is evaluated after the prelude. */
export { isSdkError, SdkError } from '../../../src/foundation/errors.ts';
export { createScriptCodecs } from '../../../src/platform/puerts/codecs.ts';
export { create404Provider } from '../../../src/providers/404/provider.ts';
export { createLocalProvider } from '../../../src/providers/local/provider.ts';
export { createStudio } from '../../../src/studio/create-studio.ts';
