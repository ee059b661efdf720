"""The moment and the context of an import that comes by itself: never in the middle of what the artist is doing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bpy

# Operators that run as long as their window: they do not mean that a hand is on the mouse.
_QUIET = frozenset({"SCREEN_OT_animation_play", "VIEW3D_OT_ruler"})


def obstacle() -> str:
    """Why nothing should be imported at this moment, in words for the queue; empty where nothing speaks against it."""
    if bpy.app.background:
        return ""
    active = bpy.context.view_layer.objects.active if bpy.context.view_layer else None
    if active is not None and active.mode != "OBJECT":
        return "Ready. It lands when you are back in Object Mode"
    if bpy.app.is_job_running("RENDER"):
        return "Ready. It lands when the render is done"
    for window in bpy.context.window_manager.windows:
        # Known from 4.2 on. Moving an object is such an operator; undo steps within it would be lost.
        if any(operator.bl_idname not in _QUIET for operator in getattr(window, "modal_operators", ())):
            return "Ready. It lands when the current tool is done"
    return ""


@contextmanager
def context() -> Iterator[bpy.types.Context]:
    """The context an operator would have in the 3D viewport. A timer of Blender has none of window and area."""
    if bpy.context.window is not None and bpy.context.area is not None:
        yield bpy.context
        return
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                region = next(region for region in area.regions if region.type == "WINDOW")
                with bpy.context.temp_override(window=window, area=area, region=region):
                    yield bpy.context
                return
    windows = bpy.context.window_manager.windows
    with bpy.context.temp_override(**({"window": windows[0]} if windows else {})):
        yield bpy.context


def push_undo(message: str) -> None:
    """One step of undo for what was done since the last one."""
    with context():
        if bpy.ops.ed.undo_push.poll():
            bpy.ops.ed.undo_push(message=message)
