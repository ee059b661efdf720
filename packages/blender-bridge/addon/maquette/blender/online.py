"""Blender's own switch for the internet, in 4.2 and later. The service on this machine is not the internet."""

from __future__ import annotations

import bpy

from ..wire.errors import BridgeError
from . import choices, session


def is_allowed() -> bool:
    """Whether add-ons may reach the internet. Always in versions that have no such switch."""
    return getattr(bpy.app, "online_access", True)


def refuses(provider: str) -> bool:
    """Whether that provider cannot be asked while Blender is kept offline. Unknown ones are let through: see demand."""
    view = choices.provider(provider)
    return not is_allowed() and view is not None and not view["offline"]


def demand(provider: str, *, wait: bool) -> None:
    """Makes sure that asking a provider is allowed.

    provider: its id, empty for the default. wait: ask the service for its providers first where they are not known.
    raises: BridgeError("UNSUPPORTED_ON_HOST") with where to allow it.
    """
    if is_allowed():
        return
    current = session.current()
    if not current.providers and wait:
        current.connect()
        current.wait_until(lambda: bool(current.providers) or current.state in ("failed", "closed"), 60.0)
    if refuses(provider):
        view = choices.provider(provider)
        raise BridgeError(
            "UNSUPPORTED_ON_HOST",
            f"Blender is set to stay offline, and {view['name'] if view else provider} is on the internet.",
            "Allow Online Access in Preferences › System, or choose a provider that works offline.",
        )
