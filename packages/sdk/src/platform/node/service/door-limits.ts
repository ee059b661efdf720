/** What the door of the service lets through. */
export interface DoorLimits {
  /** Largest message of a client, bytes. A larger one ends its connection with 1009. */
  readonly messageBytes: number;
  /** Messages a client may send in a second, on average. A large one counts as several. */
  readonly messagesPerSecond: number;
  /** Messages a client may send at once after a quiet time. */
  readonly messageBurst: number;
  /** Connections in all. */
  readonly connections: number;
  /** Connections that have not shown yet that they may come in. One more ends the oldest of them. */
  readonly strangers: number;
  /** How often clients are pinged, milliseconds. */
  readonly heartbeatMs: number;
  /** Pings without an answer after which a connection is dead. */
  readonly missedHeartbeats: number;
  /** How long a request may take to send its headers, milliseconds. */
  readonly headersMs: number;
  /** How long a request may take to arrive as a whole, milliseconds. */
  readonly requestMs: number;
  /** How long a download may stand still, milliseconds. */
  readonly stalledMs: number;
  /** Bytes that may wait for a client that reads too slowly. */
  readonly bufferedBytes: number;
  /** How long a client has to end politely after it was told to go, milliseconds. */
  readonly goodbyeMs: number;
  /** How long a link to a file is good, milliseconds. */
  readonly assetLinkMs: number;
  /** How long a link to the panel is good, milliseconds. */
  readonly panelLinkMs: number;
}

const MEBIBYTE = 1024 * 1024;

/**
 * Editors send some ten messages in a second and stop answering for seconds while they work; everything beyond is a mistake
 * or an attack.
 */
export const DOOR_LIMITS: DoorLimits = {
  messageBytes: MEBIBYTE,
  messagesPerSecond: 500,
  messageBurst: 1000,
  connections: 256,
  strangers: 64,
  heartbeatMs: 10_000,
  missedHeartbeats: 3,
  headersMs: 5000,
  requestMs: 10_000,
  stalledMs: 30_000,
  bufferedBytes: 64 * MEBIBYTE,
  goodbyeMs: 1000,
  assetLinkMs: 10 * 60 * 1000,
  panelLinkMs: 5 * 60 * 1000,
};
