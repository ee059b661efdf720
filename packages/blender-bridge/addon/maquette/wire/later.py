"""An answer to the service that takes longer than the handler that promised it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .errors import BridgeError

Send = Callable[[Any, "BridgeError | None"], None]


class Later:
    """What a handler returns to answer later. For the main thread only; the first settling counts."""

    def __init__(self) -> None:
        self._send: Send | None = None
        self._answer: tuple[Any, BridgeError | None] | None = None

    def settle(self, result: Any, error: BridgeError | None = None) -> None:
        """Give the answer, or the error in its place."""
        if self._answer is None:
            self._answer = (result, error)
            if self._send is not None:
                self._send(result, error)

    def send_by(self, send: Send) -> None:
        """How the answer travels. Called by the link, before or after the answer is there."""
        self._send = send
        if self._answer is not None:
            send(*self._answer)
