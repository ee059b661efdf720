/**
 * Version of the wire protocol. A peer of another major version is refused; a minor one only adds: unknown members are
 * ignored and unknown methods answered properly.
 */
export const PROTOCOL_VERSION = { major: 1, minor: 0 } as const;

/** WebSocket subprotocol of this major version. A browser sends it beside `token.<token>`. */
export const PROTOCOL_NAME = 'maquette.v1';
