"""How the splats of the selected asset are shown. Nothing here takes a gaussian away.

splat_levels.py keeps all levels alike.
"""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, IntProperty

from . import paragraphs
from .asset_panel import AssetPanel, find_asset
from .importing import splat_display
from .importing.level_switch import VIEWPORT_LEVEL, find_level_owner

# The input "Mode" of the display, see importing/splat_display.py.
_MODES = (
    (0, "Points", "OUTLINER_OB_POINTCLOUD"),
    (1, "Ellipsoids", "META_ELLIPSOID"),
    (2, "Discs", "MESH_CIRCLE"),
)
_SLIDERS = ("Display Share", "Flake Share", "Opacity Threshold", "Scale")


def find_displays(asset: bpy.types.Object | None) -> list[bpy.types.Modifier]:
    """The display of every level of an asset, that of the level in the viewport first. Empty for a mesh."""
    if asset is None or asset.get("maquette_kind") != "splat":
        return []
    owner = find_level_owner(asset)
    shown = owner.get(VIEWPORT_LEVEL, 0) if owner is not None else 0
    found: list[tuple[int, bpy.types.Modifier]] = []
    for place in asset.users_collection:
        for level in place.objects:
            display = splat_display.find_splat_display(level)
            if display is not None and level.get("maquette_manifest") == asset["maquette_manifest"]:
                found.append((abs(level.get("maquette_level", 0) - shown), display))
    return [display for _, display in sorted(found, key=lambda entry: entry[0])]


class MAQUETTE_OT_set_splat_mode(bpy.types.Operator):
    """Show the splats of this asset in this way, at all levels"""

    bl_idname = "maquette.set_splat_mode"
    bl_label = "Splat Shape"
    bl_options = {"REGISTER", "UNDO"}

    mode: IntProperty(name="Shape", description="0 points, 1 ellipsoids, 2 discs", min=0, max=2)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not find_displays(find_asset(context)):
            cls.poll_message_set("Select a splat of Maquette first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        for display in find_displays(find_asset(context)):
            splat_display.set_splat_display(display, "Mode", self.mode)
        return {"FINISHED"}


class MAQUETTE_OT_crop_splat(bpy.types.Operator):
    """Show only what lies inside of a box, at all levels. Nothing is deleted"""

    bl_idname = "maquette.crop_splat"
    bl_label = "Crop"
    bl_options = {"REGISTER", "UNDO"}

    use: BoolProperty(name="Crop", default=True)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return MAQUETTE_OT_set_splat_mode.poll.__func__(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        for display in find_displays(find_asset(context)):
            splat_display.set_splat_display(display, "Crop", self.use)
        return {"FINISHED"}


def hides_colours(space: bpy.types.Space | None) -> bool:
    """Whether a viewport shows splats in the grey of their material, as Solid does until told otherwise."""
    return _is_solid(space) and space.shading.color_type != "VERTEX"


def _is_solid(space: bpy.types.Space | None) -> bool:
    return space is not None and space.type == "VIEW_3D" and space.shading.type == "SOLID"


class MAQUETTE_OT_show_splat_colours(bpy.types.Operator):
    """Let this viewport show colours as they are. The same as Attribute and Flat under Viewport Shading"""

    bl_idname = "maquette.show_splat_colours"
    bl_label = "Show Colours"
    bl_options = {"INTERNAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return hides_colours(context.space_data)

    def execute(self, context: bpy.types.Context) -> set[str]:
        shading = context.space_data.shading
        shading.color_type, shading.light = "VERTEX", "FLAT"
        return {"FINISHED"}


class MAQUETTE_PT_splat(AssetPanel, bpy.types.Panel):
    bl_idname = "MAQUETTE_PT_splat"
    bl_parent_id = "MAQUETTE_PT_asset"
    bl_label = "Splat Display"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return bool(find_displays(find_asset(context)))

    def draw(self, context: bpy.types.Context) -> None:
        display = find_displays(find_asset(context))[0]
        column = self.layout.column()
        if hides_colours(context.space_data):
            paragraphs.draw(column, context, "This viewport shows materials, so splats are grey.", icon="INFO")
            column.operator("maquette.show_splat_colours", icon="COLOR")
            column.separator(factor=0.5)
        mode = splat_display.splat_display_value(display, "Mode")
        row = column.row(align=True)
        # Three words fit where the sidebar is wide; else the icons have to do.
        is_wide = context.region.width > 270 * context.preferences.system.ui_scale
        for number, name, icon in _MODES:
            button = row.operator(
                "maquette.set_splat_mode", text=name if is_wide else "", icon=icon, depress=mode == number
            )
            button.mode = number
        if mode == 0 and _is_solid(context.space_data):
            # Blender draws clouds of points there without their colours, whatever is chosen (3.4 to 5.2)
            text = "Solid shows points in one colour, Material Preview in theirs."
            paragraphs.draw(column, context, text, icon="INFO")
        sliders = column.column(align=True)
        for name in _SLIDERS:
            _draw_input(sliders, display, name, slider=name != "Scale")
        column.separator(factor=0.5)
        crops = bool(splat_display.splat_display_value(display, "Crop"))
        # An operator, because 3.4 keeps the switch as a number and would draw it as one.
        toggle = column.row()
        toggle.alignment = "LEFT"
        icon = "CHECKBOX_HLT" if crops else "CHECKBOX_DEHLT"
        toggle.operator("maquette.crop_splat", text="Crop to a box", icon=icon, emboss=False).use = not crops
        if not crops:
            return
        _draw_input(column, display, "Crop Object")
        has_object = "Crop Object" in splat_display.splat_display_inputs(display)
        if not has_object or splat_display.splat_display_value(display, "Crop Object") is None:
            _draw_input(column.column(align=True), display, "Crop Min")
            _draw_input(column.column(align=True), display, "Crop Max")


def _draw_input(layout: bpy.types.UILayout, display: bpy.types.Modifier, name: str, slider: bool = False) -> None:
    identifier = splat_display.splat_display_inputs(display).get(name)
    if identifier is None:  # the artist may have changed the group
        return
    if hasattr(display, "properties"):
        text = "" if name == "Crop Object" else name
        layout.prop(getattr(display.properties.inputs, identifier), "value", text=text, slider=slider)
    elif name == "Crop Object":
        layout.prop_search(display, f'["{identifier}"]', bpy.data, "objects", text="", icon="OBJECT_DATA")
    else:
        layout.prop(display, f'["{identifier}"]', text=name, slider=slider)


_CLASSES = (
    MAQUETTE_OT_set_splat_mode,
    MAQUETTE_OT_crop_splat,
    MAQUETTE_OT_show_splat_colours,
    MAQUETTE_PT_splat,
)


def register() -> None:
    for entry in _CLASSES:
        bpy.utils.register_class(entry)


def unregister() -> None:
    for entry in reversed(_CLASSES):
        bpy.utils.unregister_class(entry)
