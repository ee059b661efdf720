import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodePng } from '../../src/image/encode-png.ts';
import { type RunningGateway, startGatewayStandIn } from '../../src/testing/index.ts';
import { createSandbox, parseLines, type Sandbox } from './sandbox.ts';

let server: RunningGateway;
let sandbox: Sandbox;

beforeAll(async () => {
  server = await startGatewayStandIn();
});
afterAll(() => server.close());
beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox.remove());

const UNKNOWN_KEY = '11111111-2222-4333-8444-555555555555';
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const PICTURE = encodePng({ width: 8, height: 6, data: new Uint8Array(8 * 6 * 4).fill(90) });

interface BadOrder {
  readonly title: string;
  readonly args: readonly string[];
  /** Written as `picture.png` before. */
  readonly image?: Uint8Array;
  /** Instead of the stand-in's address and key; an empty text is a setting that is not there. */
  readonly env?: Readonly<Record<string, string>>;
  readonly code: string;
  /** What the sentence names. */
  readonly names: RegExp;
  /** What the remedy says to do. */
  readonly remedy: RegExp;
  /** Orders that reach the gateway, which refuses them. Default 0. */
  readonly received?: number;
}

const IMAGE = ['--image', 'picture.png'];

const CASES: readonly BadOrder[] = [
  {
    title: 'a mesh from a text',
    args: ['a sword', '--output', 'mesh'],
    code: 'UNSUPPORTED_BY_PROVIDER',
    names: /404-GEN cannot make a mesh from a text/,
    remedy: /splat/,
  },
  {
    title: 'a mesh model for a text',
    args: ['a sword', '--model', '404-mesh'],
    code: 'UNSUPPORTED_BY_PROVIDER',
    names: /404-mesh .*image/,
    remedy: /nothing was spent/,
  },
  {
    title: 'double quotes in the prompt',
    args: ['a "big" sword'],
    code: 'INPUT_INVALID',
    names: /double quote \("\)/,
    remedy: /letters/,
  },
  {
    title: 'accents in the prompt',
    args: ['a café table à la mode'],
    code: 'INPUT_INVALID',
    names: /"é" and "à"/,
    remedy: /letters/,
  },
  { title: 'another script', args: ['剣'], code: 'INPUT_INVALID', names: /"剣"/, remedy: /letters/ },
  { title: 'two characters', args: ['ab'], code: 'INPUT_INVALID', names: /"ab" is too short.*3/, remedy: /words/ },
  {
    title: '400 characters',
    args: ['sword '.repeat(80).slice(0, 400)],
    code: 'INPUT_INVALID',
    names: /384/,
    remedy: /Shorten/,
  },
  { title: 'a GIF', args: IMAGE, image: GIF, code: 'INPUT_INVALID', names: /GIF/, remedy: /PNG|JPEG|WebP/ },
  {
    title: 'a text in place of an image',
    args: IMAGE,
    image: Buffer.from('not a picture'),
    code: 'INPUT_INVALID',
    names: /image/,
    remedy: /PNG|JPEG|WebP/,
  },
  {
    title: 'an image of 50 MB',
    args: IMAGE,
    image: Buffer.concat([PICTURE, Buffer.alloc(50_000_000)]),
    code: 'ASSET_TOO_LARGE',
    names: /picture\.png has 50 MB/,
    remedy: /smaller/i,
  },
  {
    title: 'a key that nobody has',
    args: ['a sword'],
    env: { MAQUETTE_404_KEY: UNKNOWN_KEY },
    code: 'AUTH_REJECTED',
    names: /does not know the key/,
    remedy: /maquette key set 404/,
    received: 1,
  },
  {
    title: 'a malformed key',
    args: ['a sword'],
    env: { MAQUETTE_404_KEY: 'sk-live-1234567890' },
    code: 'AUTH_REJECTED',
    names: /malformed/,
    remedy: /maquette key set 404/,
    received: 1,
  },
  {
    title: 'no key',
    args: ['a sword'],
    env: { MAQUETTE_404_KEY: '' },
    code: 'CONFIG_MISSING',
    names: /key/,
    remedy: /maquette key set 404/,
  },
  {
    title: 'a model that does not exist',
    args: ['a sword', '--model', 'dall-e'],
    code: 'UNSUPPORTED_BY_PROVIDER',
    names: /"?dall-e"?/,
    remedy: /404-3dgs/,
  },
  {
    title: 'an option that does not exist',
    args: ['a sword', '--option', 'style=baroque'],
    code: 'INPUT_INVALID',
    names: /"style"/,
    remedy: /candidates, region/,
  },
  {
    title: 'more candidates than there are workers',
    args: ['a sword', '--option', 'candidates=9'],
    code: 'INPUT_INVALID',
    names: /no such value for the option "candidates"/,
    remedy: /from 1 to 3/,
  },
  {
    title: 'an option of another model',
    args: ['a sword', '--option', 'face_count=50000'],
    code: 'INPUT_INVALID',
    names: /"face_count"/,
    remedy: /404-mesh-v2/,
  },
  {
    title: 'a region where the gateway is named',
    args: ['a sword', '--option', 'region=eu'],
    code: 'INPUT_INVALID',
    names: /region.*MAQUETTE_404_URL/,
    remedy: /Leave one/,
  },
  {
    title: 'a gateway that is not encrypted',
    args: ['a sword'],
    env: { MAQUETTE_404_URL: 'http://gateway.example.com' },
    code: 'CONFIG_MISSING',
    names: /MAQUETTE_404_URL.*not encrypted/,
    remedy: /https:/,
  },
  {
    title: 'a gateway that is no address',
    args: ['a sword'],
    env: { MAQUETTE_404_URL: 'gateway' },
    code: 'CONFIG_MISSING',
    names: /MAQUETTE_404_URL/,
    remedy: /https:/,
  },
  {
    title: 'a limit below the price',
    args: ['a sword', '--max-cost', '0.1'],
    code: 'SPEND_LIMIT',
    names: /0\.15 USD.*0\.1/,
    remedy: /limit/i,
  },
  {
    title: 'a splat to be printed',
    args: ['a sword', '--profile', 'print'],
    code: 'INPUT_INVALID',
    names: /splat has no surface/,
    remedy: /mesh/,
  },
];

describe('an order that 404-GEN cannot fill', () => {
  it.each(CASES)('$title: one sentence with $code and a remedy, nothing is spent', async (bad) => {
    const before = server.gateway.submissions;
    if (bad.image !== undefined) await writeFile(join(sandbox.folder, 'picture.png'), bad.image);
    const settings = { MAQUETTE_404_URL: server.url, MAQUETTE_404_KEY: server.key, ...bad.env };
    const env = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''));
    const args = ['generate', ...bad.args, '--provider', '404', '--out', 'made', '--json'];
    const { status, stdout, stderr } = await sandbox.run(args, { env });
    const complaints = stderr.split('\n').filter((line) => line.startsWith('maquette:'));
    expect({ status, complaints: complaints.length, stderr }).toMatchObject({ status: 1, complaints: 1 });
    const [, sentence = '', code, remedy = ''] =
      /^maquette: ([^\n]+\.) \[([A-Z_]+)\]\n {2}([^\n]+\.)\n/m.exec(stderr) ?? [];
    expect(code, stderr).toBe(bad.code);
    expect(sentence).toMatch(bad.names);
    expect(remedy).toMatch(bad.remedy);
    expect(sentence.length).toBeLessThan(250);
    expect(stdout + stderr).not.toMatch(/\n {4}at |node:internal/);
    expect(parseLines(stdout).at(-1)).toMatchObject({ type: 'result', state: 'failed', code });
    expect(sandbox.names()).toEqual(bad.image === undefined ? [] : ['picture.png']);

    const { received, accepted } = server.gateway.submissions;
    expect({ received, accepted }).toEqual({
      received: before.received + (bad.received ?? 0),
      accepted: before.accepted,
    });
  });

  it('is refused by a dry run too, as far as nobody needs to be asked', async () => {
    const env = { MAQUETTE_404_URL: server.url, MAQUETTE_404_KEY: server.key };
    const args = ['generate', 'a "big" sword', '--provider', '404', '--dry-run'];
    const { status, stderr } = await sandbox.run(args, { env });
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('[INPUT_INVALID]') });
  });
});
