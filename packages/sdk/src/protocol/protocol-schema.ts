import * as z from 'zod/mini';
import type { Method } from './method.ts';
import { METHODS } from './methods.ts';
import { PROTOCOL_VERSION } from './protocol-version.ts';
import { SHARED_SCHEMAS } from './schemas.ts';

/** The part of JSON Schema that the protocol uses. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  readonly const?: string | number | boolean;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly prefixItems?: readonly SchemaNode[];
  readonly additionalProperties?: SchemaNode | boolean;
}

/** One method as the schema lists it. */
export interface MethodEntry {
  readonly method: string;
  readonly kind: 'request' | 'notification';
  readonly direction: string;
  readonly since: number;
  readonly summary: string;
  readonly params: { readonly $ref: string };
  readonly result?: { readonly $ref: string };
}

/** The whole protocol: named types, and the methods that use them. */
export interface ProtocolSchema {
  readonly $schema: string;
  readonly $id: string;
  readonly title: string;
  readonly description: string;
  readonly version: typeof PROTOCOL_VERSION;
  readonly methods: readonly MethodEntry[];
  readonly $defs: Readonly<Record<string, SchemaNode>>;
}

/** The protocol as JSON Schema, made from the schemas that read the messages. */
export function protocolSchema(): ProtocolSchema {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SHARED_SCHEMAS)) registry.add(schema, { id });
  for (const method of METHODS) {
    for (const [part, schema] of partsOf(method)) {
      if (!registry.has(schema)) registry.add(schema, { id: typeName(method, part) });
    }
  }
  const nameOf = (schema: z.ZodMiniType): string => registry.get(schema)?.id as string;
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/$defs/${id}`, io: 'input' }) as unknown as {
    schemas: Record<string, SchemaNode & { $schema?: string; $id?: string }>;
  };
  const names = Object.keys(schemas).sort();
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:maquette:protocol:1',
    title: 'Maquette wire protocol',
    description: 'JSON-RPC 2.0 over WebSocket at /rpc. Receivers ignore members they do not know.',
    version: PROTOCOL_VERSION,
    methods: METHODS.map((method) => ({
      method: method.method,
      kind: method.kind,
      direction: method.direction,
      since: method.since,
      summary: method.summary,
      params: { $ref: `#/$defs/${nameOf(method.params)}` },
      ...(method.kind === 'request' ? { result: { $ref: `#/$defs/${nameOf(method.result)}` } } : {}),
    })),
    $defs: Object.fromEntries(names.map((name) => [name, withoutMarks(schemas[name] as SchemaNode)])),
  };
}

/** Text of the schema as it lies in git. */
export function protocolSchemaText(): string {
  return `${JSON.stringify(protocolSchema(), null, 2)}\n`;
}

function partsOf(method: Method): readonly (readonly [part: 'Params' | 'Result', schema: z.ZodMiniType])[] {
  if (method.kind === 'notification') return [['Params', method.params]];
  return [
    ['Params', method.params],
    ['Result', method.result],
  ];
}

/** `JobCreateParams` for the params of `job/create`; requests of the service have a name of their own. */
function typeName(method: Method, part: string): string {
  const words = method.method.split(/[/-]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const isAlsoAsked = METHODS.some((other) => other !== method && other.method === method.method);
  return `${words.join('')}${isAlsoAsked && method.direction === 'to-client' ? 'Query' : ''}${part}`;
}

/** Without the members zod adds to every schema of a registry. */
function withoutMarks({
  $schema,
  $id,
  ...schema
}: SchemaNode & { readonly $schema?: string; readonly $id?: string }): SchemaNode {
  return schema;
}
