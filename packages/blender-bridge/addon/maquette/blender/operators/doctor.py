"""Looking whether everything is in order."""

from __future__ import annotations

import bpy

from .. import session


class MAQUETTE_OT_run_doctor(bpy.types.Operator):
    """Check Node.js, folders, keys and network as the command line's doctor does"""

    bl_idname = "maquette.run_doctor"
    bl_label = "Check Now"
    bl_options = {"INTERNAL"}

    def execute(self, _context: bpy.types.Context) -> set[str]:
        current = session.current()
        current.findings = None

        def take(result: dict[str, list[dict[str, str]]]) -> None:
            current.findings = result["findings"]

        current.ask("doctor/run", {}, take)
        return {"FINISHED"}


CLASSES = (MAQUETTE_OT_run_doctor,)
