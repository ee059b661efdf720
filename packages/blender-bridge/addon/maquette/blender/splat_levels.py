"""All levels of a splat stand together and are shown alike: what is changed of one is carried over to the others.

An artist sees one level, moves it by a click on it, and sees its sliders; another one may render.
"""

from __future__ import annotations

from typing import Any

import bpy
from bpy.app.handlers import persistent

from .importing import splat_display
from .importing.old_asset import find_old_splat
from .importing.placeholder import CHANNELS

# Not the shares: they say how many of a level's gaussians are shown, and a coarser level has fewer.
_ALIKE = ("Mode", "Opacity Threshold", "Scale", "Crop", "Crop Min", "Crop Max", "Crop Object", "Material")


@persistent
def follow(_scene: bpy.types.Scene, graph: bpy.types.Depsgraph) -> None:
    """Blender evaluated something. Cheap where it was no splat: this is called for every change of anything."""
    if graph.mode == "RENDER":
        return
    updates = [update for update in graph.updates if isinstance(update.id, bpy.types.Object)]
    changed = [update.id.original for update in updates if update.is_updated_geometry]
    moved = [update.id.original for update in updates if update.is_updated_transform]
    # the finest wins where several changed at once, as when a file is opened
    for level in sorted(filter(_is_level, moved), key=_number):
        for other in _siblings(level):
            _carry_over_place(level, other)
    for level in sorted(filter(_is_level, changed), key=_number):
        _carry_over_display(level)


def _is_level(entry: bpy.types.Object) -> bool:
    is_own = entry.library is None and entry.parent is not None
    return is_own and entry.get("maquette_kind") == "splat" and "maquette_level" in entry


def _number(level: bpy.types.Object) -> int:
    return level["maquette_level"]


def _siblings(level: bpy.types.Object) -> list[bpy.types.Object]:
    """The other levels of the same splat; none for a copy that the artist made of one, which goes its own way."""
    splat = find_old_splat(level)
    return [other for other in splat.levels if other != level] if splat is not None else []


def _carry_over_place(level: bpy.types.Object, other: bpy.types.Object) -> None:
    """By channels and not by the matrix: taken apart and put together again that is another one by its last digits, and
    two levels would correct each other for ever."""
    for channel in ("rotation_mode", *CHANNELS):
        value = getattr(level, channel)
        if _plain(getattr(other, channel)) != _plain(value):
            setattr(other, channel, value)


def _carry_over_display(level: bpy.types.Object) -> None:
    display = splat_display.find_splat_display(level)
    if display is None:
        return
    for other in _siblings(level):
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
