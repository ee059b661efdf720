"""Finding buttons by what they do, so that they can be clicked as an artist does."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
import harness


def find_button(
    wanted: str, area: bpy.types.Area, kind: str = "UI", shares: tuple[float, ...] = (0.4, 0.9)
) -> Iterator[float]:
    """Move the pointer down a region until it is over a button: `x, y = yield from find_button(...)`.

    wanted: the end of its property's data path ("maquette.prompt"), or its operator ("maquette.generate").
    kind: of the region. shares: where to go down, as shares of its width.
    returns: where the button is, in the window's pixels.
    raises: LookupError if there is none, naming those there are.
    """
    region = harness.region(area, kind)
    passed = []
    for share in shares:
        x = region.x + int(region.width * share)
        for y in range(region.y + region.height - 8, region.y, -9):
            harness.window().event_simulate(type="MOUSEMOVE", value="NOTHING", x=x, y=y)
            yield 0.02
            told = _under_pointer(area, region)
            if told and told not in passed:
                passed.append(told)
            if told.endswith(wanted) or f"bpy.ops.{wanted}(" in told:
                return x, y
    raise LookupError(f"no button for {wanted}; there are {passed}")


def _under_pointer(area: bpy.types.Area, region: bpy.types.Region) -> str:
    """The property or operator of the button under the pointer, as Blender itself tells people who write scripts."""
    manager = bpy.context.window_manager
    with bpy.context.temp_override(window=harness.window(), area=area, region=region):
        for tell in (bpy.ops.ui.copy_python_command_button, bpy.ops.ui.copy_data_path_button):
            manager.clipboard = ""
            try:
                tell()
            except RuntimeError:
                continue  # not that kind of button
            if manager.clipboard:
                return manager.clipboard
    return ""
