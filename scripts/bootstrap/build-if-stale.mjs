import { isBuildFresh } from '../build-stamp.mjs';
import { SentenceError } from './common.mjs';

/** Builds the bundles if a source changed, one process at a time. */
export async function buildIfStale() {
  if (isBuildFresh()) return;
  const { withLock } = await import('./lock.mjs');
  await withLock('build', async () => {
    if (isBuildFresh()) return; // somebody else built it while we waited
    const { buildBundles } = await import('../build-bundles.ts');
    try {
      await buildBundles();
    } catch (error) {
      throw new SentenceError(`The build failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}
