"""The connection to the service on this machine, and the web panel it shows."""

from __future__ import annotations

from pathlib import Path

import bpy

from ...wire.errors import BridgeError
from .. import session
from .outcome import report_error


class MAQUETTE_OT_connect(bpy.types.Operator):
    """Start the local service, or find the one that runs. Jobs of earlier sessions come into view"""

    bl_idname = "maquette.connect"
    bl_label = "Connect"
    bl_options = {"INTERNAL"}

    def execute(self, _context: bpy.types.Context) -> set[str]:
        current = session.current()
        current.notice = None
        current.connect()
        if bpy.app.background:
            current.wait_until(lambda: current.state in ("open", "failed", "closed"), 60.0)
            if current.link.error is not None:
                return report_error(self, current.link.error)
        return {"FINISHED"}


class MAQUETTE_OT_open_panel(bpy.types.Operator):
    """Open the web panel: the same jobs, with a 3D preview"""

    bl_idname = "maquette.open_panel"
    bl_label = "Open Web Panel"
    bl_options = {"INTERNAL"}

    def execute(self, _context: bpy.types.Context) -> set[str]:
        # The link opens once: it must not be shown, and not be kept.
        session.current().ask("panel/link", {}, lambda result: bpy.ops.wm.url_open(url=result["url"]))
        return {"FINISHED"}


class MAQUETTE_OT_open_home(bpy.types.Operator):
    """Open the folder where Maquette keeps jobs, downloads and logs"""

    bl_idname = "maquette.open_home"
    bl_label = "Open Folder"
    bl_options = {"INTERNAL"}

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        if not session.current().home:
            cls.poll_message_set("Known once Maquette is connected")
            return False
        return True

    def execute(self, _context: bpy.types.Context) -> set[str]:
        home = session.current().home
        if not Path(home).is_dir():
            return report_error(self, BridgeError("ASSET_UNREADABLE", f"The folder {home} is gone."))
        bpy.ops.wm.path_open(filepath=home)
        return {"FINISHED"}


CLASSES = (MAQUETTE_OT_connect, MAQUETTE_OT_open_panel, MAQUETTE_OT_open_home)
