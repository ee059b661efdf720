import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createEchoModel } from '../../packages/sdk/src/testing/echo-model.ts';
import { bundleHelper } from './bundle-helper.ts';

const folder = mkdtempSync(join(tmpdir(), 'maquette-bundle-'));
const root = join(import.meta.dirname, '..', '..');
const entry = join(root, 'packages/blender-bridge/src/codecs.test-kit.ts');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One grey pixel, lossless. @source RFC 9649 §3 */
const WEBP = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');

describe.each([
  ['module', 'helper.mjs'],
  ['script', 'helper.cjs'],
] as const)('the helper as a %s', (form, name) => {
  it('finds its WebAssembly in itself', async () => {
    const [program, webp, glb] = [join(folder, name), join(folder, 'a.webp'), join(folder, 'a.glb')];
    writeFileSync(program, (await bundleHelper(form, entry)).code);
    writeFileSync(webp, WEBP);
    writeFileSync(glb, createEchoModel('a lantern', 5));
    const output = execFileSync(process.execPath, [program, webp, glb], { cwd: folder, encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual({
      draco: ['function', 'function'],
      picture: [1, 1],
      errors: 0,
      simplifier: true,
    });
  });

  it('names nothing of the machine it was made on', async () => {
    const { code } = await bundleHelper(form);
    expect(code).not.toContain(root);
  });
});
