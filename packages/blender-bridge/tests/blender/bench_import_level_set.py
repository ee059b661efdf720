"""Import of a splat asset, next to the row-by-row way of importing its first level. Arguments: asset folder, rounds.

Times are pairs: seconds on the clock, and of the processor, which other work on the machine changes little.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness
from bench_import_splat import import_level, import_row_by_row, measure

import bpy

harness.enable_addon()
import_asset = harness.addon_module("blender.importing").import_asset

folder, rounds = harness.arguments()[0], int(harness.arguments()[1])
path = os.path.join(folder, "lod0.ply")


def header() -> tuple[int, int]:
    """Gaussians and properties of the file."""
    with open(path, "rb") as file:
        lines = file.read(8192).split(b"end_header")[0].decode().splitlines()
    count = next(int(line.split()[2]) for line in lines if line.startswith("element vertex "))
    return count, sum(line.startswith("property ") for line in lines)


def import_and_show() -> None:
    """With its step of undo, and the display evaluated: what the viewport waits for before it draws."""
    import_asset(bpy.context, folder)
    bpy.context.view_layer.update()


def main() -> object:
    gaussians, properties = header()
    import_asset(bpy.context, folder)  # files into the cache, modules of NumPy
    taken = []
    for _ in range(rounds):
        level = measure(lambda: import_level(path))
        asset = measure(lambda: import_asset(bpy.context, folder, undo_step=False))
        shown = measure(import_and_show)
        taken.append({"level": level, "asset": asset, "shown": shown})
    by_row = measure(lambda: import_row_by_row(path))
    return {"gaussians": gaussians, "properties": properties, "rounds": taken, "rowByRow": by_row}


harness.run_script(main)
