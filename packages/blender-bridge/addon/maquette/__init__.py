"""Maquette: a prompt becomes an object in the scene. Registering and drawing start nothing; the first act does."""

from __future__ import annotations

import sys
from typing import Any

bl_info = {
    "name": "Maquette",
    "author": "The Maquette authors",
    "description": "From a prompt to a finished object in the scene: real size, levels of detail, licence and cost",
    "version": (0, 0, 0),
    "blender": (3, 4, 0),
    "location": "3D Viewport › Sidebar › Maquette",
    "category": "Add Mesh",
}

# The same as above, for ourselves: Blender takes bl_info away from an add-on that is installed as an extension.
VERSION = "0.0.0"

# Blender's "Reload Scripts" executes this file again, after unregister(), but keeps the modules below it. Without them
# in the table of modules, register() reads what is on disk now.
for _name in [name for name in sys.modules if name.startswith(f"{__package__}.")]:
    del sys.modules[_name]


def register() -> None:
    """Called by Blender when the add-on is enabled. Opens no socket and starts no process."""
    from . import blender

    blender.register()


def unregister() -> None:
    """Called by Blender when the add-on is disabled. Lets go of the service; jobs go on there."""
    from . import blender

    blender.unregister()


def __getattr__(name: str) -> Any:
    """Blender's glTF importer looks for a class of this name in every enabled add-on."""
    if name == "glTF2ImportUserExtension":
        from .blender.importing.import_hook import ImportHook

        return ImportHook
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
