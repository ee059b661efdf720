"""What is known about the selected asset: levels, origin, licence and cost."""

from __future__ import annotations

import bpy

from .panels import SidebarPanel


class MAQUETTE_PT_asset(SidebarPanel, bpy.types.Panel):
    bl_idname = "MAQUETTE_PT_asset"
    bl_label = "Selected Asset"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        active = context.view_layer.objects.active if context.view_layer else None
        return active is not None and "maquette_manifest" in active

    def draw(self, context: bpy.types.Context) -> None:
        self.layout.label(text=context.view_layer.objects.active.name)


def register() -> None:
    bpy.utils.register_class(MAQUETTE_PT_asset)


def unregister() -> None:
    bpy.utils.unregister_class(MAQUETTE_PT_asset)
