"""The moment of an import that comes by itself: never in the middle of what the artist is doing."""

from __future__ import annotations

import bpy

# Operators that run as long as their window: they do not mean that a hand is on the mouse.
_QUIET = frozenset({"SCREEN_OT_animation_play", "VIEW3D_OT_ruler"})


def obstacle(by_hand: bool = False) -> str:
    """Why nothing should be imported at this moment, in words for the queue; empty where nothing speaks against it.

    by_hand: somebody asked for the import just now: it need not wait for Object Mode, where the importer goes itself.
    """
    if bpy.app.background:
        return ""
    if bpy.app.is_job_running("RENDER"):
        return "Ready. It lands when the render is done."
    for window in bpy.context.window_manager.windows:
        # Known from 4.2 on. Moving an object is such an operator: the scene must not change under it.
        if any(operator.bl_idname not in _QUIET for operator in getattr(window, "modal_operators", ())):
            return "Ready. It lands when the current tool is done."
        active = window.view_layer.objects.active
        if not by_hand and active is not None and active.mode != "OBJECT":
            return "Ready. It lands when you are back in Object Mode."
    return ""
