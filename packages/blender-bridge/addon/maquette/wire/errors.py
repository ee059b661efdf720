"""The one error of the add-on."""

from __future__ import annotations


class BridgeError(Exception):
    """What went wrong, as the service or the importer says it.

    code: stable code, the same as in every other part of Maquette, e.g. "PEER_GONE".
    message: one sentence for people.
    remedy: what the person can do about it, one sentence; empty where nothing helps.
    """

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()
