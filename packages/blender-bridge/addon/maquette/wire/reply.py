"""The answer to a request, before and after it came."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from .errors import BridgeError

OnDone = Callable[[Any], None]
OnError = Callable[[BridgeError], None]


class Reply:
    """An answer that may not be there yet.

    With a window the callbacks are used: they run on the main thread, when it drains the inbox. Without one, `wait`
    can be used instead. Either gets the answer, both is possible.
    """

    def __init__(self, method: str, on_done: OnDone | None = None, on_error: OnError | None = None) -> None:
        self.method = method
        self._on_done = on_done
        self._on_error = on_error
        self._arrived = threading.Event()
        self._settling = threading.Lock()
        self._result: Any = None
        self._error: BridgeError | None = None

    @property
    def arrived(self) -> bool:
        """Whether the answer, or the reason why there will be none, is known."""
        return self._arrived.is_set()

    def wait(self, seconds: float) -> Any:
        """The result. Blocks up to `seconds`: for background mode and for threads of our own.

        raises: BridgeError as the service answered it; PEER_GONE when the connection ended first; TIMED_OUT.
        """
        if not self._arrived.wait(seconds):
            self.settle(None, timed_out(self.method))
        if self._error is not None:
            raise self._error
        return self._result

    def settle(self, result: Any, error: BridgeError | None = None) -> bool:
        """Store the answer. The first one counts. Returns whether this was it."""
        with self._settling:
            if self._arrived.is_set():
                return False
            self._result, self._error = result, error
            self._arrived.set()
            return True

    def run_callback(self) -> None:
        """Tell whoever asked. For the main thread, once."""
        if self._error is None and self._on_done is not None:
            self._on_done(self._result)
        elif self._error is not None and self._on_error is not None:
            self._on_error(self._error)


def timed_out(method: str) -> BridgeError:
    """A request got no answer in its time. What it asked for may have happened nevertheless."""
    return BridgeError("TIMED_OUT", f"The local service did not answer in time ({method}).", "Try again.")
