"""The add-on's preferences. Keys pass through here and are not kept."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from . import choices, secret, session

# The add-on's own package: `maquette`, or `bl_ext.user_default.maquette` as an extension.
ADDON = __package__.rpartition(".")[0]

_FINDING_ICONS = {"ok": "CHECKMARK", "note": "INFO", "fault": "ERROR"}
_KEY_STATES = {
    "missing": ("No key yet", "DECORATE_UNLOCKED"),
    "environment": ("From the environment", "DECORATE_LOCKED"),
    "key-store": ("In the key store of the system", "DECORATE_LOCKED"),
}


def _keyed_providers(_self: "MaquettePreferences", _context: bpy.types.Context | None) -> list[choices.Item]:
    return choices.keyed_providers()


# 4.1 brought texts for empty fields.
_HAS_FIELD_HINT = bpy.app.version >= (4, 1, 0)


class MaquettePreferences(bpy.types.AddonPreferences):
    """Of this computer, for all files."""

    bl_idname = ADDON

    node: StringProperty(
        name="Node.js",
        description="Program that runs the local service. Empty: the one that is found",
        subtype="FILE_PATH",
    )
    home: StringProperty(
        name="Maquette home",
        description="Folder for jobs, downloads and logs. Empty: the usual one. Counts from the next start on",
        subtype="DIR_PATH",
    )
    asset_folder: StringProperty(
        name="Asset folder",
        description="Folder in which every asset gets a folder of its own. Empty: the one in the home of Maquette",
        subtype="DIR_PATH",
    )
    connect_at_start: BoolProperty(
        name="Connect when Blender starts",
        description="Off: nothing runs before you press Connect or Generate",
    )
    key_provider: EnumProperty(
        name="Provider",
        description="Whose key it is",
        items=_keyed_providers,
        options={"SKIP_SAVE"},
    )
    # The getter tells bullets, so neither the file of preferences nor the info log can hold a key.
    key: StringProperty(
        name="Key",
        description="Paste the key, then store it. It goes to the key store of the operating system and nowhere else",
        subtype="PASSWORD",
        get=secret.get_masked,
        set=secret.set_typed,
        options={"SKIP_SAVE"},
    )

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        _draw_places(layout, self)
        _draw_keys(layout, self)
        _draw_doctor(layout)


def _draw_places(layout: bpy.types.UILayout, preferences: MaquettePreferences) -> None:
    current = session.current()
    column = layout.column()
    column.prop(preferences, "connect_at_start")
    for name, hint in (
        ("node", "The one that is found"),
        ("asset_folder", "The one in the home of Maquette"),
        ("home", "The usual one"),
    ):
        column.prop(preferences, name, **({"placeholder": hint} if _HAS_FIELD_HINT else {}))
    row = column.row(align=True)
    row.use_property_split = False
    split = row.split(factor=0.4, align=True)
    split.alignment = "RIGHT"
    split.label(text="In use")
    line = split.row(align=True)
    line.label(text=current.home or "Known once Maquette is connected")
    line.operator("maquette.open_home", text="", icon="FILE_FOLDER")
    note = layout.column(align=True)
    note.active = False
    note.scale_y = 0.8
    note.label(text="This folder holds everything Maquette keeps: jobs, downloads, logs.", icon="INFO")
    note.label(text="It stays when the add-on is removed; delete it to remove everything.", icon="BLANK1")


def _draw_keys(layout: bpy.types.UILayout, preferences: MaquettePreferences) -> None:
    current = session.current()
    box = layout.box()
    box.label(text="Keys go to the key store of the operating system; Blender keeps none.", icon="KEYINGSET")
    keyed = [view for view in current.providers if "key" in view]
    if not current.is_open:
        row = box.row()
        row.label(text="Connect to see which providers need a key.")
        row.operator("maquette.connect", icon="LINKED")
        return
    if not keyed:
        box.label(text="No provider needs a key.")
        return
    for view in keyed:
        text, icon = _KEY_STATES[view["key"]]
        row = box.row()
        row.label(text=view["name"])
        row.label(text=text, icon=icon)
        remove = row.row()
        remove.enabled = view["key"] == "key-store"
        remove.operator("maquette.remove_key", text="", icon="TRASH").provider = view["id"]
    row = box.row(align=True)
    row.use_property_split = False
    row.prop(preferences, "key_provider", text="")
    row.prop(preferences, "key", text="")
    row.operator("maquette.set_key", text="Store").provider = preferences.key_provider
    if current.notice is not None:
        text = f"{current.notice.message} {current.notice.remedy}".strip()
        box.label(text=text, icon="ERROR" if current.notice.is_error else "INFO")


def _draw_doctor(layout: bpy.types.UILayout) -> None:
    current = session.current()
    box = layout.box()
    row = box.row()
    row.label(text="Is everything in order?", icon="VIEWZOOM")
    button = row.row()
    button.alignment = "RIGHT"
    button.operator("maquette.run_doctor", icon="FILE_REFRESH")
    for finding in current.findings or ():
        box.label(text=f"{finding['check']}: {finding['message']}", icon=_FINDING_ICONS[finding["state"]])


def read() -> MaquettePreferences | None:
    """The preferences; None where the add-on runs without an entry in them, as after `blender --addons`."""
    entry = bpy.context.preferences.addons.get(ADDON)
    return entry.preferences if entry is not None else None


def asset_parent() -> dict[str, str]:
    """The folder for assets from the preferences, as the member of an order; empty for the service's own."""
    chosen = read()
    if chosen is None or not chosen.asset_folder:
        return {}
    return {"parent": bpy.path.abspath(chosen.asset_folder)}


def register() -> None:
    bpy.utils.register_class(MaquettePreferences)


def unregister() -> None:
    bpy.utils.unregister_class(MaquettePreferences)
