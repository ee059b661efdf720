"""Addresses on this machine, and connections to them. The add-on talks to nothing else."""

from __future__ import annotations

import socket
import sys
from typing import NamedTuple
from urllib.parse import urlsplit

from .errors import BridgeError

# "localhost" is not looked up: a resolver or a hosts file could send it elsewhere.
_HOSTS = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1"}


class LoopbackAddress(NamedTuple):
    """host: "127.0.0.1" or "::1". port: 1 to 65535. target: path and query, starts with "/"."""

    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """host:port as a Host header wants it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_loopback_url(url: str, scheme: str) -> LoopbackAddress:
    """Take a URL apart, accepting this machine only.

    url: e.g. "ws://127.0.0.1:4123/rpc"; needs a port, must not hold a user name.
    scheme: the only accepted scheme, e.g. "ws".
    raises: BridgeError("URL_NOT_TRUSTED") for another scheme or host, or a malformed address.
    """
    refusal = BridgeError("URL_NOT_TRUSTED", "The local service gave an address that is not on this computer.")
    # Only visible ASCII: urlsplit() removes tabs and line ends silently, and what is left must go into a header.
    if not url.isascii() or any(not "!" <= character <= "~" for character in url):
        raise refusal
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refusal from None
    host = _HOSTS.get((parts.hostname or "").lower())
    if parts.scheme != scheme or host is None or not port or "@" in parts.netloc:
        raise refusal
    return LoopbackAddress(host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


class LoopbackSocket(socket.socket):
    """A socket whose sending fails as an exception and never as the signal SIGPIPE.

    Unlike Python's own program, not every Blender ignores that signal (4.3.2 does not, 3.4.1 and 5.2.2 do): writing to
    a service that has just gone would end Blender.
    """

    def sendall(self, data: bytes, flags: int = 0) -> None:  # type: ignore[override]
        super().sendall(data, flags | getattr(socket, "MSG_NOSIGNAL", 0))


def connect_loopback(address: LoopbackAddress, seconds: float) -> LoopbackSocket:
    """Connect within `seconds`, which is also the socket's time-out afterwards. Blocks.

    raises: OSError, TimeoutError.
    """
    plain = socket.create_connection((address.host, address.port), seconds)
    connection = LoopbackSocket(plain.family, plain.type, plain.proto, plain.detach())
    try:
        connection.settimeout(seconds)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if sys.platform == "darwin":  # which has no MSG_NOSIGNAL
            connection.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_NOSIGPIPE", 0x1022), 1)
    except BaseException:
        connection.close()
        raise
    return connection
