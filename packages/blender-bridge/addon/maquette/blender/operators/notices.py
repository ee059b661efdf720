"""What to do with an error: read it, copy it, put it away."""

from __future__ import annotations

import bpy
from bpy.props import StringProperty

from .. import session
from ..remedies import in_blender


class MAQUETTE_OT_copy_error(bpy.types.Operator):
    """Copy this error to the clipboard, with its code and the job's id"""

    bl_idname = "maquette.copy_error"
    bl_label = "Copy Error"
    bl_options = {"INTERNAL"}

    job: StringProperty(options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        current = session.current()
        view = current.jobs.find(self.job) if self.job else None
        if view is not None and "error" in view:
            told = view["error"]
            lines = [f"{told['code']}: {told['message']}", in_blender(told.get("remedy", "")), f"job {view['job']}"]
        elif current.notice is not None:
            lines = [f"{current.notice.code}: {current.notice.message}", current.notice.remedy]
        else:
            return {"CANCELLED"}
        context.window_manager.clipboard = "\n".join(line for line in lines if line)
        self.report({"INFO"}, "Copied")
        return {"FINISHED"}


class MAQUETTE_OT_dismiss_notice(bpy.types.Operator):
    """Put this message away"""

    bl_idname = "maquette.dismiss_notice"
    bl_label = "Dismiss"
    bl_options = {"INTERNAL"}

    def execute(self, _context: bpy.types.Context) -> set[str]:
        session.current().notice = None
        return {"FINISHED"}


CLASSES = (MAQUETTE_OT_copy_error, MAQUETTE_OT_dismiss_notice)
