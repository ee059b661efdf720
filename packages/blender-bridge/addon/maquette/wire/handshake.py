"""The opening of a WebSocket (RFC 6455 section 4): one HTTP request, one strictly checked answer."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import time

from .errors import BridgeError
from .loopback import LoopbackAddress

_ACCEPT_SUFFIX = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_MAX_HEAD_BYTES = 16 * 1024
_MAX_BODY_BYTES = 4 * 1024


def open_handshake(
    connection: socket.socket, address: LoopbackAddress, token: str, subprotocol: str, deadline: float
) -> bytes:
    """Ask for a WebSocket and check that one was given.

    token: per-launch secret of the local service, sent in the Authorization header and nowhere else.
    deadline: time.monotonic() by which the answer must be complete.
    returns: bytes that arrived behind the answer; they belong to the first frames.
    raises: BridgeError AUTH_REJECTED (wrong token), PROTOCOL_MISMATCH (not our service), PEER_GONE, TIMED_OUT.
    """
    if not token.isascii() or any(not "!" <= character <= "~" for character in token):
        raise BridgeError("INPUT_INVALID", "The token of the local service is malformed.")
    key = base64.b64encode(os.urandom(16))
    lines = [
        f"GET {address.target} HTTP/1.1",
        f"Host: {address.authority}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key.decode()}",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Protocol: {subprotocol}",
        f"Authorization: Bearer {token}",
    ]
    connection.settimeout(_remaining(deadline))
    connection.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    received = bytearray()
    while (end := received.find(b"\r\n\r\n")) < 0:
        if len(received) > _MAX_HEAD_BYTES:
            raise _not_ours("its answer has no end")
        received += _receive(connection, deadline)
    status, headers = _parse_head(bytes(received[:end]))
    rest = bytes(received[end + 4 :])
    if status != 101:
        raise _refusal(status, _read_body(connection, headers, rest, deadline))
    accept = base64.b64encode(hashlib.sha1(key + _ACCEPT_SUFFIX).digest()).decode()
    connection_words = [word.strip().lower() for word in headers.get("connection", "").split(",")]
    if headers.get("upgrade", "").lower() != "websocket" or "upgrade" not in connection_words:
        raise _not_ours("it did not open a WebSocket")
    if headers.get("sec-websocket-accept") != accept:
        raise _not_ours("it answered another request than ours")
    if headers.get("sec-websocket-extensions"):
        raise _not_ours("it turned on an extension that was not offered")
    if headers.get("sec-websocket-protocol") != subprotocol:
        raise _not_ours(f"it does not speak {subprotocol}")
    return rest


def _parse_head(head: bytes) -> tuple[int, dict[str, str]]:
    """Status and headers, names in lower case; repeated headers are joined by commas, as HTTP says."""
    lines = head.decode("latin-1").split("\r\n")
    version, _, rest = lines[0].partition(" ")
    if version != "HTTP/1.1" or not rest[:3].isdigit() or rest[3:4] not in ("", " "):
        raise _not_ours("it does not answer in HTTP")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise _not_ours("a header of its answer is malformed")
        name, value = name.lower(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return int(rest[:3]), headers


def _read_body(connection: socket.socket, headers: dict[str, str], start: bytes, deadline: float) -> bytes:
    """Body of a refusal, as far as it arrives in time. It only makes the message better."""
    announced = headers.get("content-length", "")
    wanted = min(int(announced), _MAX_BODY_BYTES) if announced.isdigit() and len(announced) < 9 else _MAX_BODY_BYTES
    body = bytearray(start)
    try:
        while len(body) < wanted:
            body += _receive(connection, deadline)
    except (BridgeError, OSError):
        pass  # Closed or slow: what came so far has to do.
    return bytes(body[:wanted])


def _refusal(status: int, body: bytes) -> BridgeError:
    """The sentence that the service sent with its refusal, under the code that the status means."""
    sentence = body.decode("utf-8", "replace").strip()
    if not 0 < len(sentence) <= 300 or not sentence.isprintable():
        sentence = f"The local service refused the connection (status {status})."
    if status in (401, 403):
        return BridgeError("AUTH_REJECTED", sentence, "Connect again.")
    if status in (429, 503):
        return BridgeError("PEER_GONE", sentence, "Close editors and panels that are not needed, then try again.")
    return _not_ours(f"it answered with status {status}")


def _receive(connection: socket.socket, deadline: float) -> bytes:
    connection.settimeout(_remaining(deadline))
    block = connection.recv(4096)
    if not block:
        raise BridgeError("PEER_GONE", "The local service closed the connection at once.", "Connect again.")
    return block


def _remaining(deadline: float) -> float:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining


def _not_ours(what: str) -> BridgeError:
    return BridgeError(
        "PROTOCOL_MISMATCH",
        f"What answers is not the local service of Maquette: {what}.",
        "Update the add-on and Maquette to the same version.",
    )
