"""What this Blender follows, so that a new connection goes on where the old one ended."""

from __future__ import annotations

import threading
from typing import Any

from .reply import OnError


class Subscriptions:
    """Jobs that are followed, each with the number of the last event that arrived. For several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_seq: dict[str, int] = {}
        self._on_refused: dict[str, OnError | None] = {}

    def add(self, job: str, after_seq: int, on_refused: OnError | None) -> None:
        """Follow a job from the event after `after_seq`; 0 means all of them."""
        with self._lock:
            self._last_seq[job] = after_seq
            self._on_refused[job] = on_refused

    def remove(self, job: str) -> OnError | None:
        """Follow it no longer. Returns whom to tell if that is because the service refused."""
        with self._lock:
            self._last_seq.pop(job, None)
            return self._on_refused.pop(job, None)

    def accept(self, params: dict[str, Any]) -> bool:
        """Whether these params of job/event are the first of their number. Remembers them then."""
        job, seq = params.get("job"), params.get("seq")
        if type(job) is not str or type(seq) is not int:
            return False
        with self._lock:
            if seq <= self._last_seq.get(job, seq):
                return False
            self._last_seq[job] = seq
            return True

    def to_resume(self) -> list[dict[str, Any]]:
        """Params of the job/subscribe requests that continue all of them."""
        with self._lock:
            return [{"job": job, "afterSeq": seq} for job, seq in self._last_seq.items()]
