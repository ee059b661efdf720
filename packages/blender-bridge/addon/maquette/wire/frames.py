"""WebSocket frames (RFC 6455 section 5), as a client writes and reads them. No sockets here."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA

# A big message is masked and sent in pieces of this size. Masking holds the interpreter's lock (0.2 to 0.35 ms
# a piece, CPU time in Python 3.11 to 3.14), and Blender's window waits for that lock.
_PIECE_BYTES = 1 << 17


class FrameError(Exception):
    """The server broke the protocol. close_code: what to tell it (RFC 6455 section 7.4)."""

    def __init__(self, close_code: int, reason: str) -> None:
        super().__init__(reason)
        self.close_code = close_code


class Frame(NamedTuple):
    """One frame. final: last of its message. payload: unmasked bytes."""

    final: bool
    opcode: int
    payload: bytes | bytearray


def apply_mask(payload: bytes, key: bytes) -> bytes:
    """XOR `payload` with the 4-byte `key`, repeated. One big number instead of a loop over bytes."""
    length = len(payload)
    repeated = (key * (length // 4 + 1))[:length]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(repeated, "little")).to_bytes(length, "little")


def encode_frame(opcode: int, payload: bytes) -> Iterator[bytes]:
    """A whole message as one masked frame, in pieces to be sent one after the other.

    The first piece holds the header, so a short message is one piece (and one packet).
    """
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
    elif length < 1 << 16:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, length)
    key = os.urandom(4)
    view = memoryview(payload)
    yield head + key + apply_mask(bytes(view[:_PIECE_BYTES]), key)
    # The size of a piece is a multiple of 4, so that each begins with the first byte of the key.
    for start in range(_PIECE_BYTES, length, _PIECE_BYTES):
        yield apply_mask(bytes(view[start : start + _PIECE_BYTES]), key)


def read_frame(read: Callable[[int], bytes | bytearray], max_payload_bytes: int) -> Frame:
    """Read one frame of a server.

    read: gives exactly as many bytes as asked for, or raises.
    max_payload_bytes: a data frame that announces more is refused before anything is allocated.
    raises: FrameError for whatever a client must not accept: reserved bits, unknown opcodes, masked frames, lengths
    not in their shortest form, control frames that are split or longer than 125 bytes.
    """
    first, second = read(2)
    opcode, final = first & 0x0F, bool(first & 0x80)
    if first & 0x70:
        raise FrameError(1002, "reserved bits are set")
    if opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
        raise FrameError(1002, "unknown opcode")
    if second & 0x80:
        raise FrameError(1002, "a server must not mask")
    length = second & 0x7F
    if opcode >= CLOSE and (not final or length > 125):
        raise FrameError(1002, "a control frame is split or too long")
    if length == 126:
        (length,) = struct.unpack("!H", read(2))
        if length < 126:
            raise FrameError(1002, "a length is not in its shortest form")
    elif length == 127:
        (length,) = struct.unpack("!Q", read(8))
        if length < 1 << 16 or length >> 63:
            raise FrameError(1002, "a length is not in its shortest form")
    if opcode < CLOSE and length > max_payload_bytes:
        raise FrameError(1009, "the message is too large")
    return Frame(final, opcode, read(length) if length else b"")


class MessageAssembler:
    """Puts the data frames of one message together."""

    def __init__(self, max_message_bytes: int) -> None:
        self._max_message_bytes = max_message_bytes
        self._parts: list[bytes | bytearray] = []
        self._size = 0
        self._open = False

    @property
    def room(self) -> int:
        """Bytes that may still be added to the current message."""
        return self._max_message_bytes - self._size

    def add(self, frame: Frame) -> str | None:
        """Add a data frame. Returns the text once it is complete.

        raises: FrameError for frames out of order, for binary messages (nothing in our protocol is binary) and for
        text that is not UTF-8.
        """
        if frame.opcode == BINARY:
            raise FrameError(1003, "only text messages are understood")
        if (frame.opcode == CONTINUATION) != self._open:
            raise FrameError(1002, "a message begins inside another or goes on without a beginning")
        self._open = not frame.final
        if frame.payload:
            self._parts.append(frame.payload)
            self._size += len(frame.payload)
        if not frame.final:
            return None
        whole = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts, self._size = [], 0
        try:
            return str(whole, "utf-8")
        except UnicodeDecodeError:
            raise FrameError(1007, "a text message is not UTF-8") from None


def parse_close(payload: bytes | bytearray) -> tuple[int, str]:
    """Code and reason of a close frame; (1005, "") where it says nothing.

    raises: FrameError for a malformed payload or a code that may not travel (RFC 6455 section 7.4).
    """
    if not payload:
        return 1005, ""
    if len(payload) == 1:
        raise FrameError(1002, "a close frame is malformed")
    (code,) = struct.unpack("!H", payload[:2])
    if not (1000 <= code <= 1014 and code not in (1004, 1005, 1006) or 3000 <= code <= 4999):
        raise FrameError(1002, "a close code is out of range")
    try:
        return code, str(payload[2:], "utf-8")
    except UnicodeDecodeError:
        raise FrameError(1007, "a close reason is not UTF-8") from None


def close_payload(code: int, reason: str) -> bytes:
    """Payload of a close frame: at most 125 bytes, the reason cut between characters."""
    text = reason.encode("utf-8", "replace")[:123].decode("utf-8", "ignore")
    return struct.pack("!H", code) + text.encode("utf-8")
