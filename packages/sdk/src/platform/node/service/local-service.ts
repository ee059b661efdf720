import type { Provider } from '../../../provider/provider.ts';
import type { Environment } from '../maquette-home.ts';
import type { WorkerProduce } from '../worker-produce.ts';
import type { DoorLimits } from './door-limits.ts';

/** What a service is started with. */
export interface StartServiceOptions {
  /** Absolute path of the folder that holds everything Maquette keeps. Default: what `env` says. */
  readonly home?: string;
  /** Environment for the home folder, proxies and keys. Default `process.env`. */
  readonly env?: Environment;
  readonly providers: readonly Provider[];
  /** Id of the provider that is used where none is named. */
  readonly defaultProvider: string;
  /** Version of the program that starts it. */
  readonly version: string;
  /** Port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** How long it stays after its last client left and its last job ended, milliseconds. Default 5 minutes. */
  readonly idleMs?: number;
  /** Where results are processed. Default: in this thread. */
  readonly processing?: WorkerProduce;
  /** For tests that cannot wait for a minute. */
  readonly limits?: Partial<DoorLimits>;
}

/** A service of this machine that can be used. */
export interface LocalService {
  /** `http://127.0.0.1:PORT`; the WebSocket is at `/rpc`. */
  readonly url: string;
  /** Opens it, as `Authorization: Bearer …`. A secret. */
  readonly token: string;
  /** A link that opens the panel once, within minutes. A secret until then. */
  readonly panel: string;
  /** Of the process it runs in. */
  readonly pid: number;
  /** Of the program that started it. */
  readonly version: string;
  /** False where it ran already, in another process or earlier in this one: it is somebody else's to close. */
  readonly isNew: boolean;
  /** Ends it: clients are told, jobs are left as they are for the next one. Does nothing if it is not new. */
  close(reason?: string): Promise<void>;
  /** Resolves with the reason when it has ended and let go of everything. At once if it is not new. */
  readonly ended: Promise<string>;
}
