"""A bar of progress: Blender's own from 4.0 on, before that a slider that cannot be moved."""

from __future__ import annotations

import bpy
from bpy.props import CollectionProperty, FloatProperty, StringProperty

from . import session

_HAS_PROGRESS = bpy.app.version >= (4, 0, 0)


def _get_fraction(self: "MaquetteBar") -> float:
    view = session.current().jobs.find(self.name)
    return 100.0 * ((view["progress"] or 0.0) if view is not None else 0.0)


def _keep_fraction(_self: "MaquetteBar", _value: float) -> None:
    """Dragging the bar changes nothing."""


class MaquetteBar(bpy.types.PropertyGroup):
    """The bar of one job; `name` holds its id. Reads what the session knows and keeps nothing."""

    fraction: FloatProperty(
        name="",
        subtype="PERCENTAGE",
        min=0.0,
        max=100.0,
        precision=0,
        get=_get_fraction,
        set=_keep_fraction,
    )


def draw(layout: bpy.types.UILayout, job: str, progress: float | None, text: str) -> None:
    """Draws the bar of a job."""
    share = progress or 0.0
    shown = text if progress is None else f"{text}  {share:.0%}"
    if _HAS_PROGRESS:
        layout.progress(factor=share, type="BAR", text=shown)
        return
    bars = bpy.context.window_manager.maquette_bars
    bar = bars.get(job)
    if bar is None:
        layout.label(text=shown)
    else:
        layout.prop(bar, "fraction", text=text, slider=True)


def prepare(jobs: list[str]) -> None:
    """Makes the bars of the jobs that are shown, where Blender needs properties for it. Not for drawing code."""
    if _HAS_PROGRESS:
        return
    bars = bpy.context.window_manager.maquette_bars
    if [bar.name for bar in bars] != jobs:
        bars.clear()
        for job in jobs:
            bars.add().name = job


def register() -> None:
    bpy.utils.register_class(MaquetteBar)
    bpy.types.WindowManager.maquette_bars = CollectionProperty(type=MaquetteBar, options={"SKIP_SAVE"})


def unregister() -> None:
    del bpy.types.WindowManager.maquette_bars
    bpy.utils.unregister_class(MaquetteBar)
