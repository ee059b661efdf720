"""A bar of progress: Blender's own from 4.0 on, before that a slider that cannot be moved."""

from __future__ import annotations

import bpy
from bpy.props import CollectionProperty, FloatProperty

from . import paragraphs

_HAS_PROGRESS = bpy.app.version >= (4, 0, 0)

# Of the number in a slider, and the button beside it, in pixels of an unscaled interface.
_NUMBER_WIDTH = 66

# Share that is done, [0, 1], by job: what the sliders read.
_shares: dict[str, float] = {}


def _get_fraction(self: "MaquetteBar") -> float:
    return 100.0 * _shares.get(self.name, 0.0)


def _keep_fraction(_self: "MaquetteBar", _value: float) -> None:
    """Dragging the bar changes nothing."""


class MaquetteBar(bpy.types.PropertyGroup):
    """The bar of one job; `name` holds its id. Keeps nothing but that."""

    fraction: FloatProperty(
        name="",
        subtype="PERCENTAGE",
        min=0.0,
        max=100.0,
        precision=0,
        get=_get_fraction,
        set=_keep_fraction,
    )


def draw(
    layout: bpy.types.UILayout, context: bpy.types.Context, job: str, progress: float | None, text: str
) -> None:
    """Draws the bar of a job. progress: [0, 1], or None while nothing is known."""
    shown = text if progress is None else f"{text}  {progress:.0%}"
    if _HAS_PROGRESS:
        layout.progress(factor=progress or 0.0, type="BAR", text=shown)
        return
    bar = context.window_manager.maquette_bars.get(job)
    if bar is None:
        layout.label(text=shown)
    # A slider cuts its text off for its number, which stands in the same line.
    elif paragraphs.is_wide(context, text, indent=_NUMBER_WIDTH):
        column = layout.column(align=True)
        column.prop(bar, "fraction", text="", slider=True)
        column.label(text=text)
    else:
        layout.prop(bar, "fraction", text=text, slider=True)


def prepare(shares: dict[str, float]) -> None:
    """Makes the bars of the jobs that are shown, where Blender needs properties for it. Not for drawing code.

    shares: what is done, [0, 1], by job.
    """
    if _HAS_PROGRESS:
        return
    _shares.clear()
    _shares.update(shares)
    bars = bpy.context.window_manager.maquette_bars
    if [bar.name for bar in bars] != list(shares):
        bars.clear()
        for job in shares:
            bars.add().name = job


def register() -> None:
    bpy.utils.register_class(MaquetteBar)
    bpy.types.WindowManager.maquette_bars = CollectionProperty(type=MaquetteBar, options={"SKIP_SAVE"})


def unregister() -> None:
    del bpy.types.WindowManager.maquette_bars
    bpy.utils.unregister_class(MaquetteBar)
