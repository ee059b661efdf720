import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { createNodeCodecs, createNodeHost } from '@maquette3d/sdk/node';

// Uses everything that brings WebAssembly or native files, and prints what came of it. Bundled as the helper is.
async function main(): Promise<void> {
  const [, , webp = '', glb = ''] = argv;
  const codecs = await createNodeCodecs();
  const modules = await codecs.draco?.load();
  const host = createNodeHost();
  const picture = await host.images?.decode(readFileSync(webp), 'image/webp');
  const report = await codecs.validator?.validate(readFileSync(glb));
  process.stdout.write(
    JSON.stringify({
      draco: [typeOf(modules?.encoder, 'Encoder'), typeOf(modules?.decoder, 'Decoder')],
      picture: [picture?.width, picture?.height],
      errors: report?.errors,
      simplifier: codecs.simplifier !== undefined,
    }),
  );
  await host.close();
}

function typeOf(module: unknown, name: string): string {
  return typeof (module as Readonly<Record<string, unknown>> | undefined)?.[name];
}

void main();
