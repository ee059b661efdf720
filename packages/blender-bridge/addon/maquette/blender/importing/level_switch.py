"""Which level the viewport shows and which one renders: two whole numbers on an object, and drivers without Python.

docs/decisions/2026-11-21-blender-levels.md says why the numbers are where they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import bpy

from .asset_marking import find_marked

VIEWPORT_LEVEL = "maquette_viewport_level"
RENDER_LEVEL = "maquette_render_level"
LABELS = {VIEWPORT_LEVEL: "Viewport level", RENDER_LEVEL: "Render level"}
DESCRIPTIONS = {
    VIEWPORT_LEVEL: "Level of detail shown in the viewport; 0 is the finest",
    RENDER_LEVEL: "Level of detail that renders; 0 is the finest",
}


def add_level_properties(owner: bpy.types.Object, level_count: int) -> None:
    """Give an object the two numbers, 0 to `level_count - 1`, both 0. The sidebar and the object's properties can
    draw them."""
    for name in (VIEWPORT_LEVEL, RENDER_LEVEL):
        owner[name] = 0
        owner.id_properties_ui(name).update(
            min=0, max=level_count - 1, soft_min=0, soft_max=level_count - 1, default=0, description=DESCRIPTIONS[name]
        )


def add_level_switch(levels: Sequence[bpy.types.Object]) -> None:
    """Hide all levels but one by drivers that read the numbers of level 0.

    levels: finest first. Nothing is done for a single one.
    Comparisons with a constant are what Blender evaluates itself ("simple expressions"): the switch works where
    scripts may not run, and without this add-on. A number that is too large shows the last level.
    """
    if len(levels) < 2:
        return
    owner, last = levels[0], len(levels) - 1
    add_level_properties(owner, len(levels))
    for number, level in enumerate(levels):
        comparison = "level > 0" if number == 0 else f"level < {last}" if number == last else f"level != {number}"
        for path, name in (("hide_viewport", VIEWPORT_LEVEL), ("hide_render", RENDER_LEVEL)):
            driver = level.driver_add(path).driver
            driver.type = "SCRIPTED"
            add_level_variable(driver, owner, name)
            driver.expression = comparison


def add_level_variable(driver: bpy.types.Driver, owner: bpy.types.Object, name: str) -> None:
    """Let a driver read one of the two numbers as `level`."""
    variable = driver.variables.new()
    variable.name = "level"
    variable.type = "SINGLE_PROP"
    variable.targets[0].id = owner
    variable.targets[0].data_path = f'["{name}"]'


def find_level_owner(entry: bpy.types.Object | None) -> bpy.types.Object | None:
    """The object that carries the two numbers for what is selected: instance, level, or object with its own switch.

    returns: None where there is no switch: no asset of ours, or one with a single level.
    """
    if entry is None:
        return None
    if VIEWPORT_LEVEL in entry:
        return entry
    marked = find_marked(entry)
    places = [entry.instance_collection] if entry.instance_collection is not None else list(entry.users_collection)
    for place in places if marked is not None else ():
        for candidate in place.objects:
            same = candidate.get("maquette_manifest") == marked["maquette_manifest"]
            if same and VIEWPORT_LEVEL in candidate and candidate.get("maquette_level") == 0:
                return candidate
    return None


def set_levels(entry: bpy.types.Object, viewport: int | None = None, render: int | None = None) -> None:
    """Choose levels from a script: a custom property set from Python does not tell Blender that it changed.

    viewport, render: number of the level, 0 is the finest; None leaves it as it is.
    """
    owner = find_level_owner(entry)
    if owner is None:
        return
    for name, level in ((VIEWPORT_LEVEL, viewport), (RENDER_LEVEL, render)):
        if level is not None:
            owner[name] = level
    owner.update_tag()


def draw_levels(layout: bpy.types.UILayout, entry: bpy.types.Object | None) -> bool:
    """Draw the two numbers as sliders. Returns False, and draws nothing, where there is no switch."""
    owner = find_level_owner(entry)
    if owner is None:
        return False
    column = layout.column(align=True)
    for name, label in LABELS.items():
        column.prop(owner, f'["{name}"]', text=label, slider=True)
    return True
