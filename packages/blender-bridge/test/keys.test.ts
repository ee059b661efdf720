/** A key goes through Blender to the key store of the operating system, and stays nowhere else. */
import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeBlenders } from './support/blenders.ts';
import { helpersOf } from './support/helper.ts';
import { keepPicture } from './support/pictures.ts';
import { startScenario } from './support/scenario.ts';
import { startSecretService } from './support/secret-service.ts';
import { runMaquette } from './support/test-assets.ts';

/** Files below a folder that hold a text, in UTF-8 or as Windows writes it. */
function filesWith(folder: string, text: string): readonly string[] {
  const forms = [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(Buffer.from(text).toString('base64'))];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    if (!lstatSync(join(folder, name)).isFile()) return false;
    const bytes = readFileSync(join(folder, name));
    return forms.some((form) => bytes.includes(form));
  });
}

describeBlenders(
  'A key',
  (blender, scratch) => {
    it('is in the key store and nowhere else', async () => {
      const person = scratch();
      const key = `mq-key-${randomBytes(12).toString('hex')}`;
      const typed = join(person, 'typed');
      writeFileSync(typed, key);
      expect(filesWith(person, key)).toEqual(['typed']); // it would be found
      const secrets = await startSecretService(person);
      try {
        const running = await startScenario<Record<string, string>>(blender, 'key', [typed], {
          scratch: person,
          window: true,
          env: { ...secrets.env, MAQUETTE_TEST_FAILURE_PICTURE: join(person, 'failed.png') },
          timeoutMs: 240_000,
        });
        const told = await running.result.finally(() => keepPicture(blender, join(person, 'failed.png'), 'key'));
        expect(told.before).toBe('missing');
        expect(told.after, told.notice).toBe('key-store');
        expect(told.shown).toMatch(/^•+$/);
        expect(told.shownAfter).toBe('');
        expect(told.log, 'the info log was read').toContain('bpy.ops.');
        expect(JSON.stringify(told)).not.toContain(key);
        expect(running.output()).not.toContain(key);
        const [helper] = helpersOf(person);
        for (const file of ['environ', 'cmdline']) {
          expect(readFileSync(`/proc/${helper?.pid}/${file}`, 'utf8')).not.toContain(key);
        }
        expect(filesWith(person, key)).toEqual([]);
        // somebody else finds it where it should be
        const { stdout } = await runMaquette(['key', 'list', '--json'], {
          ...secrets.env,
          MAQUETTE_HOME: join(person, 'other-home'),
        });
        expect(stdout).toMatch(/"provider":"404".*"key-store"/);
      } finally {
        await secrets.close();
      }
    });
  },
  { isConcurrent: true },
);
