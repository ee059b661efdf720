import type { Host } from '../host/host.ts';
import type { JobStore } from '../jobs/job-store.ts';
import type { Transport } from '../protocol/transport.ts';
import type { Provider } from '../provider/provider.ts';
import type { Studio } from '../studio/create-studio.ts';

/** Where the key of a provider comes from. */
export type KeySource = 'missing' | 'environment' | 'key-store';

/** One result of the doctor. A `note` is worth knowing and no fault. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'note' | 'fault';
  readonly message: string;
}

/** A file of an asset as it lies on this machine. */
export interface AssetFile {
  readonly name: string;
  readonly bytes: number;
  readonly mediaType: string;
  /** SHA-256, hexadecimal; absent for the manifest. */
  readonly digest?: string;
}

/** What the service asks of the machine beyond the Host. */
export interface ServicePlatform {
  /**
   * Absolute path of a new folder for an asset called `name`. No two calls give the same.
   *
   * @param parent - Folder to make it in. Default: the one for assets in the home of Maquette.
   */
  newAssetFolder(name: string, parent?: string): string;
  /** Takes back a folder of {@link newAssetFolder} that nothing will be put into: its name is free again. */
  freeAssetFolder(folder: string): void;
  /** Reads an image a client on this machine names by its absolute path. At most 64 MiB. */
  readImage(path: string): Promise<Uint8Array>;
  /** The files the manifest in a folder names, and the manifest. `ASSET_UNREADABLE` where there is none. */
  listAssetFiles(folder: string): Promise<readonly AssetFile[]>;
  /** A link for one download. */
  linkFile(folder: string, file: AssetFile): { readonly url: string; readonly expiresAt: number };
  /** A link that opens the panel once. */
  linkPanel(): string;
  keySource(provider: string): Promise<KeySource>;
  setKey(provider: string, value: string): Promise<void>;
  /** True if there was one. */
  removeKey(provider: string): Promise<boolean>;
  runDoctor(): Promise<readonly Finding[]>;
}

/** What a service is made from. */
export interface ServiceOptions {
  readonly host: Host;
  readonly studio: Studio;
  /** The studio's own: tells of new events. */
  readonly store: JobStore;
  readonly providers: readonly Provider[];
  /** Id of the provider that is used where none is named. */
  readonly defaultProvider: string;
  readonly platform: ServicePlatform;
  /** For `peer/hello`. */
  readonly facts: {
    readonly version: string;
    readonly pid: number;
    readonly home: string;
    readonly messageBytes: number;
    readonly messagesPerSecond: number;
    readonly heartbeatMs: number;
  };
}

/** The application layer behind every door: sessions of clients, jobs as views, events to those who follow them. */
export interface Service {
  /** Takes a client that the door has let in. Its messages are answered until the transport ends. */
  attach(transport: Transport): void;
  /** Clients that have said hello. */
  readonly clientCount: number;
  /** True while a job has not ended and is being worked on. */
  hasOpenJobs(): Promise<boolean>;
  /** Takes up the jobs that have not ended. */
  resume(): Promise<void>;
  /** Tells the clients and lets go of them. The studio is the caller's to close. */
  close(reason: string): Promise<void>;
}
