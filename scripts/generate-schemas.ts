/**
 * Writes the JSON Schemas that lie in git: `node scripts/generate-schemas.ts`.
 *
 * Programs in other languages read assets by them. A test fails while a schema in git is older than its source.
 */
import { writeFileSync } from 'node:fs';
import { manifestSchemaText } from '../packages/sdk/src/pipeline/manifest-schema.ts';

writeFileSync(new URL('../packages/sdk/schema/asset-manifest.schema.json', import.meta.url), manifestSchemaText());
