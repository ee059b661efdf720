import { describe, expect, it } from 'vitest';
import { METHODS } from './methods.ts';
import { protocolSchema, type SchemaNode } from './protocol-schema.ts';

const schema = protocolSchema();

describe('methods', () => {
  it('are called noun/verb and appear once per direction', () => {
    const keys = METHODS.map(({ method, direction }) => `${direction} ${method}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { method } of METHODS) expect(method).toMatch(/^[a-z]+\/[a-z]+$/);
  });

  it('say in one sentence what they do', () => {
    for (const { summary } of METHODS) expect(summary).toMatch(/^[A-Z].*\.$/);
  });

  it('take and give objects, so that members can be added', () => {
    for (const { params, result } of schema.methods) {
      expect(resolve(params).type).toBe('object');
      if (result !== undefined) expect(resolve(result).type).toBe('object');
    }
  });
});

describe('the schema of the protocol', () => {
  it('names everything it refers to', () => {
    const names = [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]*)"/g)].map(
      ([, reference]) => reference as string,
    );
    expect(names.length).toBeGreaterThan(METHODS.length);
    for (const name of names) expect(resolve({ $ref: name })).toBeDefined();
  });

  it('calls what several messages share by its own name', () => {
    const { params, result } = schema.methods.find(
      ({ method }) => method === 'job/create',
    ) as (typeof schema.methods)[0];
    expect(params.$ref).toBe('#/$defs/JobOrder');
    expect(resolve(result as SchemaNode).properties?.job?.$ref).toBe('#/$defs/JobView');
  });

  it('refuses no member it does not know: a newer peer may send more', () => {
    expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
  });
});

function resolve({ $ref }: SchemaNode): SchemaNode {
  expect($ref).toMatch(/^#\/\$defs\/[A-Za-z]+$/);
  return schema.$defs[($ref as string).slice('#/$defs/'.length)] as SchemaNode;
}
