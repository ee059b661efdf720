"""Importing what exists already: a folder, or a finished job of the queue."""

from __future__ import annotations

import bpy
from bpy.props import StringProperty

from ...wire.errors import BridgeError
from .. import jobs, placement, session
from .outcome import report_error


class MAQUETTE_OT_import_asset(bpy.types.Operator):
    """Import a Maquette asset folder. It stands at the 3D cursor"""

    bl_idname = "maquette.import_asset"
    bl_label = "Import Maquette Asset"
    bl_options = {"REGISTER", "UNDO"}

    folder: StringProperty(
        name="Folder",
        description="Asset folder, the one that holds manifest.json",
        subtype="DIR_PATH",
        options={"SKIP_SAVE"},
    )
    directory: StringProperty(subtype="DIR_PATH", options={"HIDDEN", "SKIP_SAVE"})
    replace: StringProperty(
        name="Replace", description="Name of the object whose place it takes", options={"SKIP_SAVE"}
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.mode != "OBJECT":
            cls.poll_message_set("Go back to Object Mode first")
            return False
        return True

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, _context: bpy.types.Context) -> set[str]:
        chosen = self.folder or self.directory
        try:
            if not chosen:
                remedy = "Choose the folder of an asset, the one that holds manifest.json."
                raise BridgeError("INPUT_INVALID", "There is no folder to import.", remedy)
            if self.replace:
                placement.at_object(self.replace)
            replaced = bpy.data.objects[self.replace] if self.replace else None
            folder = bpy.path.abspath(chosen)
            receipt = session.current().deliveries.import_now("", folder, replaced=replaced, undo_step=False)
        except BridgeError as error:
            return report_error(self, error)
        self.report({"INFO"}, f"In the scene: {receipt['object']}")
        return {"FINISHED"}


class MAQUETTE_OT_import_job(bpy.types.Operator):
    """Bring this asset into the scene"""

    bl_idname = "maquette.import_job"
    bl_label = "Import"
    # No UNDO: the import comes a moment later and makes its own step.
    bl_options = {"INTERNAL"}

    job: StringProperty(options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return MAQUETTE_OT_import_asset.poll.__func__(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        current = session.current()
        view = current.jobs.find(self.job)
        if view is None or not jobs.can_land(view):
            return report_error(self, BridgeError("INPUT_INVALID", "There is nothing to import of this job yet."))
        active = context.view_layer.objects.active
        replaced = context.scene.maquette.replace_selected and active is not None and active.select_get()
        current.notice = None
        try:
            current.deliveries.request(self.job, view["folder"], active.name if replaced else "")
        except BridgeError as error:
            return report_error(self, error)
        return {"FINISHED"}


CLASSES = (MAQUETTE_OT_import_asset, MAQUETTE_OT_import_job)
