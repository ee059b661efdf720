"""Where people look for an import: File ▸ Import."""

from __future__ import annotations

from contextlib import suppress

import bpy

from .operators.import_asset import MAQUETTE_OT_import_asset


def _draw_import(menu: bpy.types.Menu, _context: bpy.types.Context) -> None:
    menu.layout.operator(MAQUETTE_OT_import_asset.bl_idname, text="Maquette Asset (folder)")


def register() -> None:
    bpy.types.TOPBAR_MT_file_import.append(_draw_import)


def unregister() -> None:
    with suppress(ValueError):  # somebody took it away
        bpy.types.TOPBAR_MT_file_import.remove(_draw_import)
