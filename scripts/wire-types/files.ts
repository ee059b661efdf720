import { join } from 'node:path';
import { protocolSchemaText } from '../../packages/sdk/src/protocol/protocol-schema.ts';
import { pythonTypesText } from './python-types.ts';

const PACKAGES = join(import.meta.dirname, '../../packages');

/** The generated forms of the protocol and where they lie. */
export const WIRE_TYPE_FILES: readonly { readonly path: string; readonly render: () => string }[] = [
  { path: join(PACKAGES, 'sdk/schema/protocol.schema.json'), render: protocolSchemaText },
  { path: join(PACKAGES, 'blender-bridge/addon/maquette/wire/protocol.py'), render: pythonTypesText },
];
