import { protocolSchema, type SchemaNode } from '../../packages/sdk/src/protocol/protocol-schema.ts';

const LONGEST_LINE = 120;

/** The protocol as Python: typed dictionaries for 3.10 and later, method names, version. */
export function pythonTypesText(): string {
  const { $defs, methods, version } = protocolSchema();
  const names = methods.map(({ method }) => method).filter((name, index, all) => all.indexOf(name) === index);
  const types = inOrder($defs).map((name) => renderDefinition(name, $defs[name] as SchemaNode));
  return [
    '"""Messages of the wire protocol.',
    '',
    'Written by scripts/generate-wire-types.ts from the schemas of the SDK. Do not edit.',
    '"""',
    '',
    'from __future__ import annotations',
    '',
    'from typing import Any, Dict, List, Literal, Tuple, TypedDict, Union',
    '',
    `PROTOCOL_MAJOR = ${version.major}`,
    `PROTOCOL_MINOR = ${version.minor}`,
    '',
    ...names.map((name) => `${constantName(name)} = "${name}"`),
    '',
    ...types.flatMap((text) => ['', text, '']),
  ]
    .join('\n')
    .replace(/\n{4,}/g, '\n\n\n')
    .replace(/\n*$/, '\n');
}

function constantName(method: string): string {
  return method.toUpperCase().replace(/[^A-Z]/g, '_');
}

/** Aliases name other types when the file is read, so they come after what they name. */
function inOrder($defs: Readonly<Record<string, SchemaNode>>): readonly string[] {
  const names = Object.keys($defs);
  const isAlias = (name: string): boolean => ($defs[name] as SchemaNode).type !== 'object';
  return [...names.filter((name) => isAlias(name)), ...names.filter((name) => !isAlias(name))];
}

function renderDefinition(name: string, node: SchemaNode): string {
  // a type that names itself cannot be said in Python 3.10
  if (JSON.stringify(node).includes(`"#/$defs/${name}"`)) return `${name} = Any`;
  if (node.type !== 'object' || node.properties === undefined) return `${name} = ${renderType(node)}`;
  const required = new Set(node.required ?? []);
  const members = Object.entries(node.properties);
  const always = members.filter(([member]) => required.has(member));
  const sometimes = members.filter(([member]) => !required.has(member));
  if (members.length === 0) return `class ${name}(TypedDict):\n    pass`;
  if (sometimes.length === 0) return renderClass(name, 'TypedDict', always);
  if (always.length === 0) return renderClass(name, 'TypedDict, total=False', sometimes);
  return `${renderClass(`_${name}Always`, 'TypedDict', always)}\n\n\n${renderClass(name, `_${name}Always, total=False`, sometimes)}`;
}

function renderClass(name: string, bases: string, members: readonly (readonly [string, SchemaNode])[]): string {
  const lines = members.map(([member, node]) => {
    const line = `    ${member}: ${renderType(node)}`;
    return line.length <= LONGEST_LINE ? line : `    ${member}: Dict[str, Any]`;
  });
  return [`class ${name}(${bases}):`, ...lines].join('\n');
}

function renderType(node: SchemaNode): string {
  if (node.$ref !== undefined) return node.$ref.slice(node.$ref.lastIndexOf('/') + 1);
  if (node.const !== undefined) return `Literal[${JSON.stringify(node.const)}]`;
  if (node.enum !== undefined) return `Literal[${node.enum.map((value) => JSON.stringify(value)).join(', ')}]`;
  if (node.anyOf !== undefined) return `Union[${node.anyOf.map(renderType).join(', ')}]`;
  switch (node.type) {
    case 'string':
      return 'str';
    case 'integer':
      return 'int';
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
    case 'null':
      return 'None';
    case 'array':
      return node.prefixItems === undefined
        ? `List[${renderType(node.items ?? {})}]`
        : `Tuple[${node.prefixItems.map(renderType).join(', ')}]`;
    case 'object':
      // a form inside another: its members are in the schema
      return 'Dict[str, Any]';
    default:
      return 'Any';
  }
}
