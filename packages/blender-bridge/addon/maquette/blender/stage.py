"""The moment of an import that comes by itself: never in the middle of what the artist is doing."""

from __future__ import annotations

import bpy

# Beginnings of the names of tools that hold on to objects while the mouse moves. Not every modal operator: some add-ons
# have one that runs as long as Blender does.
_HOLDING = tuple(
    f"{group}_OT_"
    for group in (
        "TRANSFORM",
        "MESH",
        "OBJECT",
        "SCULPT",
        "PAINT",
        "CURVE",
        "CURVES",
        "ARMATURE",
        "POSE",
        "LATTICE",
        "GPENCIL",
        "GREASE_PENCIL",
        "UV",
    )
)

KNOWS_TOOLS = "modal_operators" in bpy.types.Window.bl_rna.properties
"""Whether this Blender tells which tools are at work."""


def obstacle(by_hand: bool = False) -> str:
    """Why nothing should be imported at this moment, in words for the queue; empty where nothing speaks against it.

    by_hand: somebody asked for the import just now: it need not wait for Object Mode, where the importer goes itself.
    """
    if bpy.app.background:
        return ""
    if bpy.app.is_job_running("RENDER") or bpy.app.is_job_running("OBJECT_BAKE"):
        return "Ready. It lands when the render is done."
    for window in bpy.context.window_manager.windows:
        # The scene must not change under a tool: it would write to an object that is gone.
        if KNOWS_TOOLS and any(tool.bl_idname.startswith(_HOLDING) for tool in window.modal_operators):
            return "Ready. It lands when the current tool is done."
        active = window.view_layer.objects.active
        if not by_hand and active is not None and active.mode != "OBJECT":
            return "Ready. It lands when you are back in Object Mode."
    return ""
