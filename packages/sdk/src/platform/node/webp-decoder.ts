import type { ImageCodec, RasterImage } from '../../host/host.ts';
import { readWebpBinary } from './webp-binary.ts';

/** What the decoder makes its results with; browsers have it, Node does not. */
class DecodedPixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}

/** The part of the decoder that is used. Its own types need those of a browser. */
interface DecoderModule {
  decode(bytes: Uint8Array): DecodedPixels | null;
}

/** The part of WebAssembly that is used. Its types, too, come with those of a browser. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

type MakeModule = () => Promise<DecoderModule>;

/**
 * Decoder for WebP: libwebp as WebAssembly, loaded when the first picture comes.
 *
 * Every picture gets an instance of its own, so that what a hostile one does to the decoder's memory ends with it, and so
 * that the memory of a large one is given back. Undefined on a Node without WebAssembly (`--jitless`).
 */
export function createWebpDecoder(): ImageCodec | undefined {
  const { WebAssembly: webAssembly } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyApi };
  if (webAssembly === undefined) return undefined;
  let loading: Promise<MakeModule> | undefined;
  return {
    mediaTypes: ['image/webp'],
    async decode(bytes): Promise<RasterImage> {
      loading ??= loadDecoder(webAssembly);
      const decoder = await (await loading)();
      // between here and the result nothing else runs
      const decoded = withPixelType(() => decoder.decode(bytes));
      if (decoded === null) throw new Error('the decoder gave up');
      const { width, height, data } = decoded;
      return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
    },
  };
}

async function loadDecoder(webAssembly: WebAssemblyApi): Promise<MakeModule> {
  const [compiled, { default: createModule }] = await Promise.all([
    readWebpBinary().then((bytes) => webAssembly.compile(bytes)),
    import('@jsquash/webp/codec/dec/webp_dec.js'),
  ]);
  const instantiateWasm = (imports: object, receive: (instance: object) => void): object => {
    const instance = new webAssembly.Instance(compiled, imports);
    receive(instance);
    return instance.exports;
  };
  return () => withPixelType(() => createModule({ noInitialRun: true, instantiateWasm }));
}

/** The decoder looks for a global `ImageData` and leaves one behind, by which other libraries would take Node for a browser. */
function withPixelType<T>(work: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'ImageData');
  Object.defineProperty(globalThis, 'ImageData', { value: DecodedPixels, configurable: true, writable: true });
  try {
    return work();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'ImageData');
    else Object.defineProperty(globalThis, 'ImageData', before);
  }
}
