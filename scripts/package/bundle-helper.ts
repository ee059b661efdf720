import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { WITHOUT_NATIVE_PICTURES } from '../build-bundles.ts';
import { SDK_FOLDER } from '../entries.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const BRIDGE = join(ROOT, 'packages', 'blender-bridge');
const MAIN = join(BRIDGE, 'src', 'main.ts');

/** What the helper is bundled as: an ES module for a Node that is there, or a script for a Node of its own. */
export type HelperForm = 'module' | 'script';

/** The helper in one file. */
export interface HelperBundle {
  readonly code: string;
  /** Absolute paths of every file that is in it. */
  readonly inputs: readonly string[];
}

/** Names that CommonJS files among the dependencies expect, and where the code lies. */
const BANNERS: Readonly<Record<HelperForm, string>> = {
  module: [
    "import { createRequire as __createRequire } from 'node:module';",
    'const __helperUrl = import.meta.url;',
    'const require = __createRequire(__helperUrl);',
    'const __filename = import.meta.filename;',
    'const __dirname = import.meta.dirname;',
  ].join('\n'),
  script: "const __helperUrl = require('node:url').pathToFileURL(__filename).href;",
};

/**
 * Bundles the Blender helper into one file that needs nothing beside it but, for the key store, a native library.
 *
 * Everything loaded on demand in the sources is in the file, and still runs only on demand: a module's code begins with its
 * first `import()`. WebAssembly lies in it as base64.
 *
 * @param entry - Absolute path of the file to begin with. Default: the helper's main file.
 */
export async function bundleHelper(form: HelperForm, entry = MAIN): Promise<HelperBundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    absWorkingDir: ROOT,
    platform: 'node',
    target: 'node22.13',
    format: form === 'module' ? 'esm' : 'cjs',
    conditions: ['source'],
    // names stay, for stacks in bug reports; and with ASCII alone the engine keeps the text in half the memory
    charset: 'ascii',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none', // they are in the file of third parties
    logLevel: 'warning',
    alias: { '@napi-rs/keyring': join(BRIDGE, 'src/keyring.ts') },
    define: {
      'import.meta.url': '__helperUrl',
      // optional native parts of the WebSocket library: not here
      'process.env.WS_NO_BUFFER_UTIL': '"1"',
      'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
    },
    banner: { js: BANNERS[form] },
    plugins: [WITHOUT_NATIVE_PICTURES, EMBEDDED_WEBP, EMBEDDED_DRACO],
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('The helper was bundled into nothing.');
  return { code: file.text, inputs: Object.keys(metafile.inputs).map((path) => resolve(ROOT, path)) };
}

const fromSdk = createRequire(join(SDK_FOLDER, 'package.json'));

function base64Of(path: string): string {
  return JSON.stringify(readFileSync(path).toString('base64'));
}

/** The SDK's module that reads the WebP decoder from its package gives way to one that holds it. */
const EMBEDDED_WEBP: Plugin = {
  name: 'embedded-webp',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]platform[\\/]node[\\/]webp-binary\.ts$/ }, () => ({
      contents: `const binary = ${base64Of(fromSdk.resolve('@jsquash/webp/codec/dec/webp_dec.wasm'))};
        export const readWebpBinary = async () => Buffer.from(binary, 'base64');`,
    }));
  },
};

/** Draco looks for its WebAssembly beside its scripts, unless it is handed over. */
const EMBEDDED_DRACO: Plugin = {
  name: 'embedded-draco',
  setup(bundler) {
    bundler.onResolve({ filter: /^draco3dgltf$/ }, () => ({ path: 'draco3dgltf', namespace: 'embedded' }));
    bundler.onLoad({ filter: /^draco3dgltf$/, namespace: 'embedded' }, () => {
      const encoder = fromSdk.resolve('draco3dgltf/draco_encoder_gltf_nodejs.js');
      const decoder = fromSdk.resolve('draco3dgltf/draco_decoder_gltf_nodejs.js');
      return {
        resolveDir: SDK_FOLDER,
        contents: `import createEncoder from ${JSON.stringify(encoder)};
          import createDecoder from ${JSON.stringify(decoder)};
          const encoder = ${base64Of(fromSdk.resolve('draco3dgltf/draco_encoder.wasm'))};
          const decoder = ${base64Of(fromSdk.resolve('draco3dgltf/draco_decoder_gltf.wasm'))};
          export default {
            createEncoderModule: () => createEncoder({ wasmBinary: Buffer.from(encoder, 'base64') }),
            createDecoderModule: () => createDecoder({ wasmBinary: Buffer.from(decoder, 'base64') }),
          };`,
      };
    });
  },
};
