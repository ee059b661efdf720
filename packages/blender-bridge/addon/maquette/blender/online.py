"""Blender's own switch for the internet, in 4.2 and later. The service on this machine is not the internet."""

from __future__ import annotations

import bpy

from ..wire.errors import BridgeError
from . import choices


def is_allowed() -> bool:
    """Whether add-ons may reach the internet. Always in versions that have no such switch."""
    return getattr(bpy.app, "online_access", True)


def refuses(provider: str) -> bool:
    """Whether that provider cannot be asked while Blender is kept offline. Not while it is not known."""
    view = choices.provider(provider)
    return not is_allowed() and view is not None and not view["offline"]


def demand(provider: str) -> None:
    """Makes sure that asking a provider is allowed. The providers must be known, see Session.once_providers_known.

    provider: its id, empty for the default.
    raises: BridgeError("UNSUPPORTED_ON_HOST") with where to allow it.
    """
    view = choices.provider(provider)
    if view is not None and refuses(provider):
        raise BridgeError(
            "UNSUPPORTED_ON_HOST",
            f"Blender is set to stay offline, and {view['name']} is on the internet.",
            "Allow Online Access in Preferences › System, or choose a provider that works offline.",
        )
