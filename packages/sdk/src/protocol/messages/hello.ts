import * as z from 'zod/mini';
import { request } from '../method.ts';

/** Longest name or label, UTF-16 code units. */
const name = z.string().check(z.minLength(1), z.maxLength(200));

/** A client as it presents itself. */
export const clientSchema = z.object({
  /** Program, for instance `maquette-blender`. */
  name,
  version: name,
  /** `engine` for an editor that takes assets, `panel` for the web panel, `tool` for everything else. */
  kind: z.enum(['engine', 'panel', 'tool']),
  /** Distinguishes clients: made at random by each, kept over reconnects. Another connection of the same instance ends the older one. */
  instance: z.string().check(z.regex(/^[A-Za-z0-9._-]{8,80}$/)),
  /** For people who choose between several: `Blender 4.3.2, kitchen.blend`. */
  label: name,
  /** Requests this client answers, for instance `engine/import`. A newer client may answer some that the service does not know. */
  capabilities: z.array(name).check(z.maxLength(100)),
});

const versionSchema = z.object({ major: z.int().check(z.nonnegative()), minor: z.int().check(z.nonnegative()) });

/** First message on every connection. */
export const hello = request({
  method: 'peer/hello',
  direction: 'to-service',
  since: 0,
  summary: 'Presents a client. Must be the first message; another major version is refused with PROTOCOL_MISMATCH.',
  params: z.object({ protocol: versionSchema, client: clientSchema }),
  result: z.object({
    protocol: versionSchema,
    service: z.object({
      version: z.string(),
      /** Process id, for people who look for it. */
      pid: z.int(),
      /** The folder that holds everything Maquette keeps, `MAQUETTE_HOME`. */
      home: z.string(),
      /** Milliseconds since the epoch. */
      startedAt: z.number(),
    }),
    /** Methods of this service. */
    capabilities: z.array(z.string()),
    limits: z.object({
      /** Largest message the service takes, bytes. */
      messageBytes: z.int(),
      /** Messages a client may send in a second, on average. */
      messagesPerSecond: z.int(),
    }),
    /** The service pings this often, milliseconds; silence of three times that is a dead connection. */
    heartbeatMs: z.int(),
  }),
});

/** A client changes how it is called, for instance because another file was opened. */
export const rename = request({
  method: 'peer/rename',
  direction: 'to-service',
  since: 0,
  summary: 'Changes the label of the client.',
  params: z.object({ label: name }),
  result: z.object({}),
});
