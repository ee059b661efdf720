import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertMeshoptimizer } from '../../../../../scripts/wasm-to-js.ts';

/** The scripts an engine evaluates, in this order. */
export interface NeutralBundles {
  readonly prelude: string;
  readonly sdk: string;
  readonly driver: string;
  /** Files that ended up in the SDK's bundle, relative to the repository, with the bytes they take there. */
  readonly sdkInputs: ReadonlyMap<string, number>;
}

const REPOSITORY = fileURLToPath(new URL('../../../../../', import.meta.url));
const FOLDER = fileURLToPath(new URL('../bundle', import.meta.url));

/** Bundles the scripts as an editor would ship them: minified, one file each, nothing of any platform. */
export async function buildNeutralBundles(): Promise<NeutralBundles> {
  await convertMeshoptimizer();
  const [prelude, sdk, driver] = await Promise.all([
    bundle('prelude.ts'),
    bundle('sdk.ts', 'maquette'),
    bundle('driver.ts', 'driver'),
  ]);
  return { prelude: prelude.code, sdk: sdk.code, driver: driver.code, sdkInputs: sdk.inputs };
}

/** The script that runs a service inside an engine, to be evaluated in place of the driver. */
export async function buildServiceBundle(): Promise<string> {
  return (await bundle('run-service.ts', 'driver')).code;
}

async function bundle(
  entry: string,
  globalName?: string,
): Promise<{ code: string; inputs: ReadonlyMap<string, number> }> {
  const result = await build({
    entryPoints: [join(FOLDER, entry)],
    bundle: true,
    write: false,
    metafile: true,
    absWorkingDir: REPOSITORY,
    platform: 'neutral',
    target: 'es2022',
    format: 'iife',
    ...(globalName === undefined ? {} : { globalName }),
    mainFields: ['browser', 'module', 'main'],
    conditions: ['source', 'browser', 'module'],
    // glTF-Transform's class for Node asks for Node's modules when it is made; it must not end up in the bundle, and
    // bundles.test.ts looks.
    external: ['node:*'],
    minify: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  const [output] = Object.values(result.metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {});
  return {
    code: result.outputFiles[0]?.text ?? '',
    inputs: new Map(inputs.map(([path, { bytesInOutput }]) => [path, bytesInOutput])),
  };
}
