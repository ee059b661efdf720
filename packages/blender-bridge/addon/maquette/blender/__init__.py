"""Everything that touches bpy. Runs on Blender's main thread only."""

from __future__ import annotations

from types import ModuleType


def _modules() -> tuple[ModuleType, ...]:
    """In the order of registration: what is named by others comes before them."""
    from . import (
        asset_panel,
        bars,
        file_handlers,
        menus,
        operators,
        panels,
        preferences,
        previews,
        properties,
        queue_panel,
        session,
        splat_panel,
    )

    return (
        previews,
        bars,
        properties,
        preferences,
        operators,
        panels,
        queue_panel,
        asset_panel,
        splat_panel,
        menus,
        file_handlers,
        session,
    )


def register() -> None:
    """Registers every class, property and handler, or none of them."""
    done: list[ModuleType] = []
    try:
        for module in _modules():
            module.register()
            done.append(module)
    except Exception:
        for module in reversed(done):
            module.unregister()
        raise


def unregister() -> None:
    """Takes back what register() did, in reverse."""
    for module in reversed(_modules()):
        module.unregister()
