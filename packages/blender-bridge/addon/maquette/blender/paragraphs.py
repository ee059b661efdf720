"""Text that is longer than a line: Blender's labels cut it off, these break it between words."""

from __future__ import annotations

from functools import lru_cache

import blf
import bpy

# Of the region's width, in the units Blender lays widgets out with: margins, a box, the tabs of the sidebar.
_MARGINS = 68
_ICON = 28


def draw(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    text: str,
    *,
    icon: str = "NONE",
    indent: int = 0,
    lines: int = 8,
) -> None:
    """Draws a text over as many lines as it needs.

    icon: before the first line; the others are indented like it. indent: width that is taken by what stands around,
    in pixels of an unscaled interface. lines: at most so many, the last one ending with an ellipsis.
    """
    column = layout.column(align=True)
    column.scale_y = 0.8
    broken = _break(text, *_measure(context, indent + (_ICON if icon != "NONE" else 0)))
    if len(broken) > lines:
        broken = (*broken[: lines - 1], broken[lines - 1] + " …")
    for number, line in enumerate(broken):
        column.label(text=line, icon=icon if number == 0 else "BLANK1" if icon != "NONE" else "NONE")


def is_wide(context: bpy.types.Context, text: str, indent: int = 0) -> bool:
    """Whether a text needs more than one line."""
    return len(_break(text, *_measure(context, indent))) > 1


def _measure(context: bpy.types.Context, indent: int) -> tuple[int, float]:
    """Width of a line and size of its letters, both in pixels."""
    scale = context.preferences.system.ui_scale
    width = max(60, int(context.region.width - (_MARGINS + indent) * scale))
    return width, round(context.preferences.ui_styles[0].widget.points * scale, 2)


@lru_cache(maxsize=512)
def _break(text: str, width: int, points: float) -> tuple[str, ...]:
    blf.size(0, points)
    broken: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if blf.dimensions(0, longer)[0] <= width:
            line = longer
            continue
        if line:
            broken.append(line)
        line = word
        # A path or an id may be wider than the sidebar.
        while blf.dimensions(0, line)[0] > width and len(line) > 4:
            fits = _fitting(line, width)
            broken.append(line[:fits])
            line = line[fits:]
    return (*broken, line) if line else tuple(broken)


def _fitting(word: str, width: int) -> int:
    low, high = 1, len(word) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if blf.dimensions(0, word[:middle])[0] <= width else (low, middle - 1)
    return low
