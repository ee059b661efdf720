"""A WebSocket client (RFC 6455) on Python's standard library, for this machine only."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

from .errors import BridgeError
from .frames import (
    CLOSE,
    PING,
    PONG,
    TEXT,
    FrameError,
    MessageAssembler,
    close_payload,
    encode_frame,
    parse_close,
    read_frame,
)
from .handshake import open_handshake
from .loopback import connect_loopback, parse_loopback_url

SUBPROTOCOL = "maquette.v1"
MAX_MESSAGE_BYTES = 8 * 1024 * 1024
# The service pings every 10 s. After this long without a byte we ping, after as long again it is gone.
SILENCE_SECONDS = 15.0
_CONNECT_SECONDS = 5.0
_READ_BYTES = 1 << 16


class WebSocket:
    """One connection. One thread receives; any thread sends and closes."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        connect_seconds: float = _CONNECT_SECONDS,
        silence_seconds: float = SILENCE_SECONDS,
        max_message_bytes: int = MAX_MESSAGE_BYTES,
        subprotocol: str = SUBPROTOCOL,
    ) -> None:
        """Connect. Blocks until the connection is usable: not for the main thread.

        url: "ws://127.0.0.1:PORT/rpc"; other hosts are refused.
        token: secret of the service's launch.
        connect_seconds: for connection and handshake together.
        silence_seconds: see SILENCE_SECONDS; also the longest time that one message may take to be sent.
        max_message_bytes: a longer message ends the connection.
        raises: BridgeError URL_NOT_TRUSTED, PEER_GONE (nothing listens), TIMED_OUT, AUTH_REJECTED, PROTOCOL_MISMATCH.
        """
        self.close_code = 1006
        self.close_reason = ""
        self._assembler = MessageAssembler(max_message_bytes)
        self._sending = threading.Lock()
        self._close_sent = False
        self._silence_asked = False
        address = parse_loopback_url(url, "ws")
        deadline = time.monotonic() + connect_seconds
        try:
            self._socket = connect_loopback(address, connect_seconds)
        except TimeoutError:
            raise _timed_out() from None
        except OSError as cause:
            raise BridgeError("PEER_GONE", "The local service does not answer.", "Connect again.") from cause
        try:
            self._buffer = bytearray(open_handshake(self._socket, address, token, subprotocol, deadline))
            self._socket.settimeout(silence_seconds)
        except TimeoutError:
            self._socket.close()
            raise _timed_out() from None
        except OSError as cause:
            self._socket.close()
            raise BridgeError("PEER_GONE", "The local service closed the connection.", "Connect again.") from cause
        except BaseException:
            self._socket.close()
            raise

    def send(self, message: bytes) -> None:
        """Send one text message, already encoded as UTF-8. Blocks while the service does not read.

        raises: BridgeError("PEER_GONE") when the connection is closed or closing.
        """
        self._send_frame(TEXT, message)

    def receive(self) -> str | None:
        """The next message; None once the connection was closed in order (see close_code, close_reason).

        Answers pings meanwhile. For one thread at a time; blocks until there is something, so not for the main thread.
        raises: BridgeError PEER_GONE when the connection is lost or silent, PROTOCOL_MISMATCH when the service breaks
        the protocol. The connection is closed then.
        """
        try:
            while True:
                frame = read_frame(self._read, self._assembler.room)
                if frame.opcode == PING:
                    # After our close frame nothing may be sent, but what the service still says is read.
                    if not self._close_sent:
                        self._send_frame(PONG, bytes(frame.payload))
                elif frame.opcode == CLOSE:
                    self.close_code, self.close_reason = parse_close(frame.payload)
                    self.close(1000 if self.close_code == 1005 else self.close_code)
                    return None
                elif frame.opcode != PONG and (message := self._assembler.add(frame)) is not None:
                    return message
        except FrameError as violation:
            self.close_code, self.close_reason = violation.close_code, str(violation)
            self.close(violation.close_code, str(violation))
            text = f"The local service sent what cannot be understood: {violation}."
            raise BridgeError("PROTOCOL_MISMATCH", text, "Update the add-on and Maquette.") from violation
        except OSError as cause:
            self.abort()
            raise _lost() from cause
        finally:
            if self._close_sent:
                # Under the lock: a number of a closed socket may be given to another file while a thread still sends.
                with self._sending:
                    self._socket.close()

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Say good-bye and let go. receive() in another thread returns or raises at once. May be called again."""
        if not self._close_sent:
            with contextlib.suppress(BridgeError):
                self._send_frame(CLOSE, close_payload(code, reason))
        self.abort()

    def abort(self) -> None:
        """Let go without a word. Never blocks; whoever receives or sends in another thread is woken."""
        self._close_sent = True
        # Only shutdown() wakes a thread that waits in recv(); close() would leave it there.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _send_frame(self, opcode: int, payload: bytes) -> None:
        with self._sending:
            if self._close_sent:
                raise _lost()
            self._close_sent = opcode == CLOSE
            try:
                for piece in encode_frame(opcode, payload):
                    self._socket.sendall(piece)
            except OSError as cause:
                # Half a frame may have gone out: nothing sensible can follow it.
                self.abort()
                raise _lost() from cause

    def _read(self, size: int) -> bytearray:
        """Exactly `size` bytes. What does not fit was refused before; memory grows only with what really arrives."""
        while len(self._buffer) < size:
            self._buffer += self._receive_block()
        taken = self._buffer[:size]
        del self._buffer[:size]
        return taken

    def _receive_block(self) -> bytes:
        while True:
            try:
                block = self._socket.recv(_READ_BYTES)
            except TimeoutError:
                if self._silence_asked or self._close_sent:
                    raise
                self._silence_asked = True
                self._send_frame(PING, b"")
                continue
            if not block:
                raise ConnectionError("end of stream")
            self._silence_asked = False
            return block


def _lost() -> BridgeError:
    return BridgeError("PEER_GONE", "The connection to the local service is lost.", "Connect again.")


def _timed_out() -> BridgeError:
    return BridgeError("TIMED_OUT", "The local service took too long to answer.", "Connect again.")
