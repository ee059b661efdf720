"""What this Blender asked for in this session, from the click to the object in the scene."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..wire.errors import BridgeError
from .placement import Place


@dataclass
class Order:
    """One order. It ends as `objects`, or as `error`.

    file: number of the .blend that was open, see Session.file_number. is_waited_for: an operator blocks until it ends.
    job: empty until the service has stored it. state: `ordered` while it is under way, then `landed` or `failed`.
    objects: what the import made.
    """

    place: Place
    file: int
    is_waited_for: bool = False
    job: str = ""
    state: str = "ordered"
    objects: list[str] = field(default_factory=list)
    error: BridgeError | None = None

    def fail(self, error: BridgeError) -> None:
        self.state, self.error = "failed", error

    def land(self, objects: list[str]) -> None:
        self.state, self.objects = "landed", objects
