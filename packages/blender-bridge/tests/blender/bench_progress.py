"""How long a provider's change takes to the view that the panel draws. Arguments: job, number of changes.

The stage of the job is the time of the change: nanoseconds of the clock that all processes of a machine share.
"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
import harness

job, count = harness.arguments()[0], int(harness.arguments()[1])
latencies = []
seen = set()


def look() -> bool:
    """Take the time of a change that has just become visible. Returns whether the last one is here."""
    view = harness.session().jobs.find(job)
    stage = view["stage"] if view is not None else ""
    if stage.isdigit() and stage not in seen:
        seen.add(stage)
        latencies.append((time.monotonic_ns() - int(stage)) / 1e6)
    return len(latencies) >= count


def watch_updates() -> None:
    """Take the time where the add-on stores a view, whoever drains the inbox."""
    table = harness.session().jobs
    update = table.update

    def update_and_look(view: dict) -> bool:
        taken = update(view)
        look()
        return taken

    table.update = update_and_look


def in_background() -> object:
    harness.enable_addon()
    harness.session().connect()
    watch_updates()
    harness.say("connected")
    harness.session().wait_until(lambda: len(latencies) >= count, seconds=120)
    return latencies


def in_window() -> harness.Steps:
    harness.enable_addon()
    panels = harness.addon_module("blender.panels")
    draws = harness.count_draws(next(one for one in vars(panels).values() if isinstance(one, type) and hasattr(one, "bl_category") and hasattr(one, "draw")))
    yield from harness.open_tab("Maquette", draws)
    harness.session().connect()
    watch_updates()
    harness.say("connected")
    yield from harness.until(lambda: len(latencies) >= count, 120.0)


if bpy.app.background:
    harness.run_script(in_background)
else:
    harness.run_window_script(in_window, lambda: latencies)
