"""The place Blender's importer runs in: a window, Object Mode, a collection of its own; and everything put back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

import bpy

from ...wire.errors import BridgeError


@contextmanager
def window_context(context: bpy.types.Context) -> Iterator[bpy.types.Context]:
    """Inside, operators find a window, a 3D viewport where one is open, and the scene that window shows.

    A timer runs without a window, and then object.mode_set and the like find nothing to work on. In `blender -b` there
    is a window as data only, or none at all; without one the context stays as it is, which does there.
    """
    windows = [window for manager in bpy.data.window_managers for window in manager.windows]
    window = context.window or next(iter(windows), None)
    with ExitStack() as stack:
        if window is not None:
            members = {"window": window, "screen": window.screen}
            areas = [area for area in window.screen.areas if area.type == "VIEW_3D"]
            if areas:
                members["area"] = areas[0]
                regions = [region for region in areas[0].regions if region.type == "WINDOW"]
                if regions:
                    members["region"] = regions[0]
            stack.enter_context(context.temp_override(**members))
        yield bpy.context


class SceneState:
    """What an import must not change: mode, selection, active object and collection, frames, the scene's properties."""

    def __init__(self) -> None:
        scene, layer = bpy.context.scene, bpy.context.view_layer
        self.mode = bpy.context.mode
        self._object_mode = layer.objects.active.mode if layer.objects.active else "OBJECT"
        self._active = layer.objects.active
        self._selected = [entry for entry in objects_of(layer) if entry.select_get()]
        self._collection = layer.active_layer_collection
        self._frames = (scene.frame_start, scene.frame_end, scene.frame_current)
        self._custom = set(scene.keys())

    @property
    def was_object_mode(self) -> bool:
        return self.mode == "OBJECT"

    def is_active_alive(self) -> bool:
        """Whether the object that was active still exists: the placeholder may have been it."""
        return self._active is not None and _is_alive(self._active)

    def restore(self, selection: bool) -> None:
        """Put everything back; the selection, the active object and the mode only with `selection`."""
        scene, layer = bpy.context.scene, bpy.context.view_layer
        layer.active_layer_collection = self._collection
        scene.frame_start, scene.frame_end = self._frames[:2]
        if scene.frame_current != self._frames[2]:
            scene.frame_set(self._frames[2])
        for name in set(scene.keys()) - self._custom:
            del scene[name]
        if not selection:
            return
        selected = {entry for entry in self._selected if _is_alive(entry)}
        for entry in objects_of(layer):
            entry.select_set(entry in selected)
        layer.objects.active = self._active if self.is_active_alive() else None
        if self._object_mode != "OBJECT" and self.is_active_alive() and bpy.ops.object.mode_set.poll():
            bpy.ops.object.mode_set(mode=self._object_mode)


def objects_of(layer: bpy.types.ViewLayer) -> list[bpy.types.Object]:
    """Objects of a view layer. From 4.x on it lists those that were removed a moment ago as None."""
    return [entry for entry in layer.objects if entry is not None]


def _is_alive(entry: bpy.types.Object) -> bool:
    try:
        return bool(entry.name)
    except ReferenceError:
        return False


def leave_edit_mode() -> None:
    """Go to Object Mode, where the importer has to be called."""
    if bpy.context.mode != "OBJECT" and bpy.ops.object.mode_set.poll():
        bpy.ops.object.mode_set(mode="OBJECT")


def show_in_local_views(entries: Sequence[bpy.types.Object]) -> None:
    """Objects that are new would be missing where a viewport shows only what the artist works on."""
    window = bpy.context.window
    for area in window.screen.areas if window is not None else ():
        space = area.spaces.active
        if area.type == "VIEW_3D" and space.local_view is not None:
            for entry in entries:
                with suppress(RuntimeError):  # one that this view layer does not hold, as levels in the library
                    entry.local_view_set(space, True)


@contextmanager
def workshop_collection() -> Iterator[bpy.types.Collection]:
    """A new collection of the scene, active and visible, for the importer to put its objects in. Gone afterwards."""
    layer = bpy.context.view_layer
    collection = bpy.data.collections.new("Maquette Import")
    bpy.context.scene.collection.children.link(collection)
    try:
        child = layer.layer_collection.children.get(collection.name)
        if child is None:
            raise BridgeError("IMPORT_FAILED", "The scene does not take new collections.", "Import into a local scene.")
        layer.active_layer_collection = child
        yield collection
    finally:
        bpy.data.collections.remove(collection)
