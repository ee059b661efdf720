"""The tab in the 3D viewport's sidebar: what to make. Drawing reads and starts nothing."""

from __future__ import annotations

import bpy

from . import choices, form, online, paragraphs, preferences, previews, session
from .remedies import in_blender

_STATE_ICONS = {"open": "LINKED", "failed": "ERROR", "lost": "UNLINKED"}
# 4.1 brought texts for empty fields.
_HAS_FIELD_HINT = bpy.app.version >= (4, 1, 0)


class SidebarPanel:
    """A panel of the tab."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Maquette"


class MAQUETTE_PT_generate(SidebarPanel, bpy.types.Panel):
    bl_idname = "MAQUETTE_PT_generate"
    bl_label = "Generate"

    def draw_header_preset(self, _context: bpy.types.Context) -> None:
        if session.current().is_open:
            self.layout.operator("maquette.open_panel", text="", icon="URL", emboss=False)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        _draw_connection(layout, context)
        _draw_input(layout, context)
        _draw_settings(layout, context)
        _draw_button(layout, context)
        _draw_notice(layout, context)


class MAQUETTE_PT_options(SidebarPanel, bpy.types.Panel):
    bl_idname = "MAQUETTE_PT_options"
    bl_parent_id = "MAQUETTE_PT_generate"
    bl_label = "Options"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        form = context.scene.maquette
        column = self.layout.column()
        row = column.split(factor=0.4)
        row.label(text="Made for")
        row.prop(form, "profile", text="")
        column.prop(form, "levels", slider=True)
        row = column.split(factor=0.5)
        row.prop(form, "random_seed")
        field = row.row(align=True)
        field.active = not form.random_seed
        field.prop(form, "seed", text="")
        field.operator("maquette.new_seed", text="", icon="FILE_REFRESH")
        row = column.split(factor=0.5)
        row.prop(form, "use_budget")
        field = row.row()
        field.active = form.use_budget
        field.prop(form, "budget", text="")


def _draw_connection(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    current = session.current()
    if current.is_open:
        return
    box = layout.box()
    if current.state == "idle":
        text = "Nothing runs yet. Generate starts Maquette on this computer; Connect shows earlier jobs."
        paragraphs.draw(box, context, text)
        box.operator("maquette.connect", icon="LINKED")
        return
    sentence = current.link.sentence if current.link is not None else ""
    box.alert = current.state == "failed"
    paragraphs.draw(box, context, in_blender(sentence), icon=_STATE_ICONS.get(current.state, "SORTTIME"))
    if current.state in ("failed", "lost"):
        box.operator("maquette.connect", text="Connect Again", icon="FILE_REFRESH")


def _draw_input(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    form = context.scene.maquette
    column = layout.column(align=True)
    row = column.row(align=True)
    row.scale_y = 1.4
    hint = {"placeholder": "What shall it be?"} if _HAS_FIELD_HINT else {}
    row.prop(form, "prompt", text="", **hint)
    if form.prompt:
        row.operator("maquette.clear_prompt", text="", icon="X")
    if paragraphs.is_wide(context, form.prompt, indent=20):
        box = column.box()
        box.active = False
        paragraphs.draw(box, context, form.prompt, indent=8)
    if not form.image:
        layout.operator("maquette.choose_image", text="Reference Picture …", icon="IMAGE_REFERENCE")
        return
    column = layout.column(align=True)
    row = column.row(align=True)
    row.prop(form, "image", text="")
    row.operator("maquette.clear_image", text="", icon="X")
    picture = previews.icon_of(bpy.path.abspath(form.image))
    if picture:
        column.box().template_icon(icon_value=picture, scale=5.0)
    else:
        paragraphs.draw(column.box(), context, "This picture cannot be shown.", icon="ERROR")


def _draw_settings(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """Without labels in a column of their own: a sidebar is narrow, and most of these say what they are."""
    form = context.scene.maquette
    column = layout.column(align=True)
    column.prop(form, "provider", text="")
    if len(choices.outputs(form)) > 1:
        column.row(align=True).prop(form, "output", expand=True)
    column = layout.column()
    row = column.split(factor=0.5)
    row.prop(form, "use_height", text="Height")
    field = row.row()
    field.active = form.use_height
    field.prop(form, "height", text="")
    active = context.view_layer.objects.active
    is_selected = active is not None and active.select_get()
    text = f"Replace {active.name}" if form.replace_selected and is_selected else "Replace selected object"
    column.prop(form, "replace_selected", text=text)


def _draw_button(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    form = context.scene.maquette
    layout.separator(factor=0.5)
    column = layout.column(align=True)
    big = column.row()
    big.scale_y = 1.7
    big.enabled = bool(form.prompt.strip() or form.image)
    big.operator_context = "INVOKE_DEFAULT"
    big.operator("maquette.generate", icon="SHADERFX")
    _draw_price(column, context)


def _draw_price(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    current = session.current()
    chosen = context.scene.maquette.provider_id
    view = choices.provider(chosen)
    if view is None:
        return
    layout.separator(factor=0.5)
    if online.refuses(chosen):
        text = f"Blender is set to stay offline. Allow Online Access in Preferences › System to use {view['name']}."
        paragraphs.draw(layout, context, text, icon="INTERNET_OFFLINE")
        return
    # Another window may show another scene, with a form of its own.
    is_priced = current.priced == form.to_order(form.read(context.scene))
    if view.get("key") == "missing":
        # Without a key nothing can be priced either: what helps stands here, not the sentence that says so.
        button = layout.operator("preferences.addon_show", text=f"Add a Key for {view['name']}", icon="KEYINGSET")
        button.module = preferences.ADDON
    elif is_priced and current.price_error is not None:
        paragraphs.draw(layout, context, str(current.price_error), icon="INFO")
        return
    price = current.price if is_priced else None
    told = price or view
    line = layout.column(align=True)
    line.active = False
    cost = price["cost"] if price is not None else view["price"]
    paragraphs.draw(line, context, f"{cost[:1].upper()}{cost[1:]} · {told['credit']} · {told['licence']}")
    for warning in price["warnings"] if price is not None else ():
        paragraphs.draw(layout, context, warning, icon="INFO")


def _draw_notice(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    notice = session.current().notice
    if notice is None:
        return
    box = layout.box()
    text = box.column()
    text.alert = notice.is_error
    paragraphs.draw(text, context, notice.message, icon="ERROR" if notice.is_error else "INFO")
    view = choices.provider(context.scene.maquette.provider_id)
    # The button for the key stands above.
    lacks_key = notice.code == "CONFIG_MISSING" and view is not None and view.get("key") == "missing"
    if notice.remedy and not lacks_key:
        paragraphs.draw(box, context, notice.remedy, icon="BLANK1")
    row = box.row(align=True)
    if notice.is_error:
        row.operator("maquette.copy_error", text="Copy", icon="COPYDOWN").job = ""
    row.operator("maquette.dismiss_notice", icon="X")


_CLASSES = (MAQUETTE_PT_generate, MAQUETTE_PT_options)


def register() -> None:
    for panel in _CLASSES:
        bpy.utils.register_class(panel)


def unregister() -> None:
    for panel in reversed(_CLASSES):
        bpy.utils.unregister_class(panel)
