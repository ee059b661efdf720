"""All levels of a splat are shown alike: what is changed of one display is carried over to the others.

An artist sees one level and its sliders; another one may render.
"""

from __future__ import annotations

from typing import Any

import bpy
from bpy.app.handlers import persistent

from .importing import splat_display

# Not the shares: they say how many of a level's gaussians are shown, and a coarser level has fewer.
_ALIKE = ("Mode", "Opacity Threshold", "Scale", "Crop", "Crop Min", "Crop Max", "Crop Object", "Material")


@persistent
def follow(_scene: bpy.types.Scene, graph: bpy.types.Depsgraph) -> None:
    """Blender evaluated something. Cheap where it was no splat: this is called for every change of anything."""
    if graph.mode == "RENDER":
        return
    changed = [
        update.id.original
        for update in graph.updates
        if update.is_updated_geometry and isinstance(update.id, bpy.types.Object)
    ]
    # the finest wins where several changed at once, as when a file is opened
    for level in sorted(filter(_is_level, changed), key=lambda entry: entry["maquette_level"]):
        _carry_over(level)


def _is_level(entry: bpy.types.Object) -> bool:
    is_own = entry.library is None and entry.parent is not None
    return is_own and entry.get("maquette_kind") == "splat" and "maquette_level" in entry


def _carry_over(level: bpy.types.Object) -> None:
    display = splat_display.find_splat_display(level)
    if display is None:
        return
    for other in level.parent.children:
        if other == level or not _is_level(other) or other["maquette_manifest"] != level["maquette_manifest"]:
            continue
        target = splat_display.find_splat_display(other)
        if target is None or target.node_group != display.node_group:
            continue
        inputs = splat_display.splat_display_inputs(display)
        for name in _ALIKE:
            if name not in inputs:
                continue
            value = splat_display.splat_display_value(display, name)
            if _plain(splat_display.splat_display_value(target, name)) != _plain(value):
                splat_display.set_splat_display(target, name, value)


def _plain(value: Any) -> Any:
    """A value that can be compared: vectors are views of their numbers."""
    return tuple(value) if hasattr(value, "__len__") else value
