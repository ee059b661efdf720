/**
 * Makes docs/images/blender-<version>.png: the panel with a job at work, in each Blender.
 *
 * Runs the window test, which clicks its way there, and cuts the panel out of its screenshots. People look at them before
 * they are committed; a screenshot is never the same twice.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, runNode } from '../run-process.ts';
import { BLENDER_RELEASES } from './releases.ts';

/** Width, height and place of the placeholder and the panel in a screenshot, pixels. */
const PANEL = '640x500+340+50';

const folder = mkdtempSync(join(tmpdir(), 'maquette-pictures-'));
try {
  const { exitCode } = await runNode(
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      ...['run', '--project', 'blender', 'packages/blender-bridge/test/window.test.ts'],
    ],
    { show: true, env: { MAQUETTE_TEST_PICTURES: folder } },
  );
  for (const { name } of BLENDER_RELEASES) {
    const screenshot = join(folder, `${name}-at-work.png`);
    if (!existsSync(screenshot)) continue;
    const picture = join(ROOT, `docs/images/blender-${name}.png`);
    execFileSync('convert', [screenshot, '-crop', PANEL, '+repage', '-strip', '-colors', '128', picture]);
    console.log(picture);
  }
  process.exitCode = exitCode;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
