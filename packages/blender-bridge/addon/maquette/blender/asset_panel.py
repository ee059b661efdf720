"""What is known about the selected asset: levels, how splats are shown, origin, licence and cost."""

from __future__ import annotations

import bpy

from . import paragraphs
from .importing.asset_marking import find_marked
from .importing.level_switch import draw_levels, find_level_owner
from .panels import SidebarPanel

# Custom properties the importer writes, in the order a person asks for them.
_FACTS = (
    ("maquette_prompt", "GREASEPENCIL"),
    ("maquette_credit", "USER"),
    ("maquette_licence", "COPY_ID"),
)
_SMALL_FACTS = (
    ("Cost", "maquette_cost"),
    ("Model", "maquette_model"),
    ("Seed", "maquette_seed"),
    ("Task", "maquette_task"),
)


def find_asset(context: bpy.types.Context) -> bpy.types.Object | None:
    """The active object, or what it instances, if that is an asset of ours or a part of one."""
    active = context.view_layer.objects.active if context.view_layer else None
    return find_marked(active)


class AssetPanel(SidebarPanel):
    """A panel about the selected asset."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return find_asset(context) is not None


class MAQUETTE_PT_asset(AssetPanel, bpy.types.Panel):
    bl_idname = "MAQUETTE_PT_asset"
    bl_label = "Selected Asset"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        asset = find_asset(context)
        is_splat = asset.get("maquette_kind") == "splat"
        column = layout.column(align=True)
        # An instance says nothing itself, but has a name of its own.
        name = context.view_layer.objects.active.name
        column.label(text=name, icon="OUTLINER_OB_POINTCLOUD" if is_splat else "MESH_DATA")
        unit = "gaussians" if is_splat else "triangles"
        count = _shown_count(asset, unit)
        if count:
            told = column.row()
            told.active = False
            told.label(text=f"{count:,} {unit}".replace(",", "\N{NARROW NO-BREAK SPACE}"), icon="BLANK1")
        draw_levels(layout, asset)


class MAQUETTE_PT_provenance(AssetPanel, bpy.types.Panel):
    bl_idname = "MAQUETTE_PT_provenance"
    bl_parent_id = "MAQUETTE_PT_asset"
    bl_label = "Origin and Licence"

    def draw(self, context: bpy.types.Context) -> None:
        asset = find_asset(context)
        column = self.layout.column()
        for key, icon in _FACTS:
            if asset.get(key):
                paragraphs.draw(column, context, str(asset[key]), icon=icon, lines=6)
        small = column.column(align=True)
        small.active = False
        for label, key in _SMALL_FACTS:
            if asset.get(key) not in (None, ""):
                paragraphs.draw(small, context, f"{label} {asset[key]}", lines=3)
        made_on = str(asset.get("maquette_created_at", ""))[:10]
        if made_on:
            paragraphs.draw(small, context, f"Made {made_on}")
        row = column.row(align=True)
        row.operator("maquette.open_asset_folder", icon="FILE_FOLDER")
        row.operator("maquette.copy_provenance", text="", icon="COPYDOWN")


def _shown_count(asset: bpy.types.Object, unit: str) -> int:
    """Triangles or gaussians of the level the viewport shows; 0 where they are not known."""
    owner = find_level_owner(asset)
    number = owner.get("maquette_viewport_level", 0) if owner is not None else 0
    places = [asset.instance_collection] if asset.instance_collection is not None else list(asset.users_collection)
    for place in places:
        for candidate in place.objects:
            same = candidate.get("maquette_manifest") == asset["maquette_manifest"]
            if same and candidate.get("maquette_level") == number:
                return int(candidate.get(f"maquette_{unit}", 0))
    return 0


_CLASSES = (MAQUETTE_PT_asset, MAQUETTE_PT_provenance)


def register() -> None:
    for panel in _CLASSES:
        bpy.utils.register_class(panel)


def unregister() -> None:
    for panel in reversed(_CLASSES):
        bpy.utils.unregister_class(panel)
