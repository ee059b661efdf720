import { join } from 'node:path';
import { manifestSchemaText } from '../../packages/sdk/src/pipeline/manifest-schema.ts';
import { ERROR_PAGE, renderErrorPage } from '../generate-error-page.ts';
import { renderFamilyRegistry } from '../generate-families.ts';
import { WIRE_TYPE_FILES } from '../wire-types/files.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A file in git that a script writes. */
export interface GeneratedFile {
  readonly path: string;
  readonly generator: string;
  /** What the file should hold. */
  render(): string | Promise<string>;
}

/** Every generated file but the import rules, which have a check of their own. */
export const GENERATED_FILES: readonly GeneratedFile[] = [
  { path: ERROR_PAGE, generator: 'scripts/generate-error-page.ts', render: renderErrorPage },
  {
    path: join(ROOT, 'packages/sdk/src/generator/families.generated.ts'),
    generator: 'scripts/generate-families.ts',
    render: () => renderFamilyRegistry(),
  },
  {
    path: join(ROOT, 'packages/sdk/schema/asset-manifest.schema.json'),
    generator: 'scripts/generate-schemas.ts',
    render: manifestSchemaText,
  },
  ...WIRE_TYPE_FILES.map((file) => ({ ...file, generator: 'scripts/generate-wire-types.ts' })),
];
