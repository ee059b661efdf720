"""The jobs as the service tells them."""

from __future__ import annotations

from collections.abc import Iterable

from ..wire.protocol import JobView


class JobTable:
    """Newest view of every job that is watched. What a job may do and how it is called is said in its view."""

    def __init__(self) -> None:
        self._views: dict[str, JobView] = {}

    def update(self, view: JobView) -> bool:
        """Takes a view unless a newer one is there. Returns whether it was taken."""
        known = self._views.get(view["job"])
        if known is not None and known["seq"] > view["seq"]:
            return False
        self._views[view["job"]] = view
        return known != view

    def replace(self, views: Iterable[JobView]) -> None:
        """Takes the list of a new connection; jobs that are not in it are forgotten."""
        self._views = {view["job"]: view for view in views}

    def find(self, job: str) -> JobView | None:
        return self._views.get(job)

    def ordered(self, instance: str) -> list[JobView]:
        """Those this Blender ordered, then the others; the newest first in both."""
        return sorted(
            self._views.values(), key=lambda view: (is_own(view, instance), view["createdAt"]), reverse=True
        )

    def open(self) -> list[JobView]:
        """Those that have not ended."""
        return [view for view in self._views.values() if "endedAt" not in view]

    def moving(self) -> bool:
        """Whether a job is being worked on: it has not ended, and nobody has to take it up."""
        return any("resume" not in view["actions"] for view in self.open())


def is_own(view: JobView, instance: str) -> bool:
    """Whether this Blender ordered it."""
    requester = view.get("requester")
    return requester is not None and requester["instance"] == instance


def can_land(view: JobView) -> bool:
    """Whether there is something to import."""
    return "import" in view["actions"] and "folder" in view
