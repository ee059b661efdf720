/**
 * Writes the protocol for other languages, from the schemas of the SDK: `node scripts/generate-wire-types.ts`.
 *
 * What it writes lies in git, so that a change of the protocol is seen in review in every language.
 */
import { writeFileSync } from 'node:fs';
import { WIRE_TYPE_FILES } from './wire-types/files.ts';

for (const { path, render } of WIRE_TYPE_FILES) writeFileSync(path, render());
