import { installPrelude } from '../../../src/platform/puerts/prelude.ts';

installPrelude(globalThis);
