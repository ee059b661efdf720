import * as z from 'zod/mini';
import { assetManifestSchema, MANIFEST_SCHEMA_ID } from './manifest.ts';

/** What a reader in another language has to know, by the path of the member. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  '': 'Beside the levels of an asset made by Maquette. Readers ignore members they do not know.',
  schema: 'By this a manifest is recognised, whatever its file is called.',
  version: 'Grows when a reader of the old form would misunderstand the new one.',
  frame: 'The frame of every file of the asset.',
  pivot: 'Where the origin of the object lies: the centre of its base.',
  bounds: 'Box around level 0 in metres, of a splat around what can be seen of it; radius is half the diagonal.',
  levels: 'Finest first.',
  'levels.file': 'Name of a file in the same folder.',
  'levels.error': 'Deviation from level 0 that 99 % of what is seen stays below, fraction of the bounding radius.',
  'levels.shDegree': 'Order of the spherical harmonics.',
  'levels.maxError': 'Largest deviation found, fraction of the bounding radius.',
  'levels.screenHeight':
    "Share of the screen's height the object fills, above which the level is used; falls strictly, 0 for the last.",
  raw: 'The bytes exactly as they were received.',
  candidates: 'Other results of the same order, as they were received.',
  provenance: 'Where the asset comes from; members that are not known are absent.',
  'provenance.task': 'Id of the task at the provider.',
  'provenance.copyright': 'Copyright notice the raw file carried.',
  licence: 'SPDX expression or short name; absent where nobody said.',
  credit: 'To be shown with the asset.',
  spend: 'What it cost. Amounts are in units of the currency.',
  warnings: 'What the person should know although the work went on.',
  steps: 'What every step changed. Holds no timings: equal inputs give equal manifests.',
};

interface SchemaNode {
  description?: string;
  oneOf?: SchemaNode[];
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
}

/** Text of the manifest's JSON Schema, as it lies in git. */
export function manifestSchemaText(): string {
  const generated = z.toJSONSchema(assetManifestSchema, { target: 'draft-2020-12' }) as SchemaNode & {
    $schema?: string;
  };
  describe(generated, '');
  const { $schema, ...rest } = generated;
  return `${JSON.stringify({ $schema, $id: MANIFEST_SCHEMA_ID, title: 'Maquette asset manifest', ...rest }, null, 2)}\n`;
}

function describe(node: SchemaNode, path: string): void {
  const description = DESCRIPTIONS[path];
  if (description !== undefined) node.description = description;
  for (const kind of node.oneOf ?? []) describe(kind, path);
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    describe(child, path === '' ? name : `${path}.${name}`);
  }
  if (node.items !== undefined && path !== '')
    for (const child of Object.entries(node.items.properties ?? {})) {
      describe(child[1], `${path}.${child[0]}`);
    }
}
