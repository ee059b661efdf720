"""Where the reader thread leaves what arrived, until Blender's main thread takes it."""

from __future__ import annotations

import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

# Far above what a busy queue of jobs sends while Blender renders or imports for a minute.
_LIMIT = 10_000


class Inbox:
    """Actions in order, each to be run once on the main thread.

    The newest state of a thing replaces the waiting one of the same key, so a long pause of the main thread costs
    neither memory nor time afterwards. When it is full nevertheless, `put` waits; the service then feels that we
    read slowly.
    """

    def __init__(self, limit: int = _LIMIT) -> None:
        self._limit = limit
        self._actions: OrderedDict[Hashable, Callable[[], Any]] = OrderedDict()
        self._changed = threading.Condition()
        self._count = 0
        self._closed = False

    def put(self, action: Callable[[], Any], key: Hashable | None = None) -> None:
        """Leave an action. From any thread but the main one, because it may wait.

        key: an action waiting under the same key is dropped. It does not keep its place: the newest state must not be
        seen before what arrived earlier.
        """
        with self._changed:
            if key is not None:
                self._actions.pop(key, None)
            while len(self._actions) >= self._limit and not self._closed:
                self._changed.wait()
            self._add(action, key)

    def put_now(self, action: Callable[[], Any], key: Hashable | None = None) -> None:
        """As `put`, from any thread and without ever waiting: for what does not come in numbers."""
        with self._changed:
            self._actions.pop(key, None)
            self._add(action, key)

    def wait(self, seconds: float) -> bool:
        """Wait until something is there, at most so long. Returns whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._actions), seconds)

    def drain(self, limit: int, seconds: float) -> int:
        """Run waiting actions on this thread: at most `limit`, beginning none after `seconds`. Returns how many ran.

        An action that raises is a fault of ours: it is printed, and the others run nevertheless.
        """
        deadline = time.monotonic() + seconds
        done = 0
        while done < limit and (done == 0 or time.monotonic() < deadline):
            with self._changed:
                if not self._actions:
                    break
                _, action = self._actions.popitem(last=False)
                self._changed.notify_all()
            done += 1
            try:
                action()
            except Exception:
                # An exception that left Blender's timer would end the timer, and with it everything that follows.
                traceback.print_exc()
        return done

    def close(self) -> None:
        """Drop everything and let nobody wait any more."""
        with self._changed:
            self._closed = True
            self._actions.clear()
            self._changed.notify_all()

    def __len__(self) -> int:
        return len(self._actions)

    def _add(self, action: Callable[[], Any], key: Hashable | None) -> None:
        if self._closed:
            return
        self._count += 1
        self._actions[("", self._count) if key is None else key] = action
        self._changed.notify_all()
