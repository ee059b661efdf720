"""What can be done with an asset that is in the scene."""

from __future__ import annotations

import os

import bpy

from ...wire.errors import BridgeError
from ..importing.asset_marking import find_marked
from .outcome import report_error

_COPIED = ("prompt", "provider", "model", "seed", "credit", "licence", "copyright", "cost", "task", "created_at", "job")


class _AssetOperator:
    """Works on the active object, an asset of ours or an instance of one."""

    bl_options = {"INTERNAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if find_marked(context.view_layer.objects.active if context.view_layer else None) is None:
            cls.poll_message_set("Select an asset of Maquette first")
            return False
        return True


class MAQUETTE_OT_open_asset_folder(_AssetOperator, bpy.types.Operator):
    """Open the folder with the files of this asset: the original, the levels and the manifest"""

    bl_idname = "maquette.open_asset_folder"
    bl_label = "Open Folder"

    def execute(self, context: bpy.types.Context) -> set[str]:
        folder = os.path.dirname(str(find_marked(context.view_layer.objects.active)["maquette_manifest"]))
        if not os.path.isdir(folder):
            return report_error(self, BridgeError("ASSET_UNREADABLE", f"The folder {folder} is not on this computer."))
        bpy.ops.wm.path_open(filepath=folder)
        return {"FINISHED"}


class MAQUETTE_OT_copy_provenance(_AssetOperator, bpy.types.Operator):
    """Copy origin, licence and cost of this asset to the clipboard, for credits and asset lists"""

    bl_idname = "maquette.copy_provenance"
    bl_label = "Copy Origin and Licence"

    def execute(self, context: bpy.types.Context) -> set[str]:
        asset = find_marked(context.view_layer.objects.active)
        lines = [f"{name}: {asset[f'maquette_{name}']}" for name in _COPIED if f"maquette_{name}" in asset]
        context.window_manager.clipboard = "\n".join([f"asset: {context.view_layer.objects.active.name}", *lines])
        self.report({"INFO"}, "Copied")
        return {"FINISHED"}


CLASSES = (MAQUETTE_OT_open_asset_folder, MAQUETTE_OT_copy_provenance)
