"""How long the add-on keeps Blender's main thread while a job is at work, with a window. Arguments: prompt, seconds.

A timer of this script notes when Blender's main loop comes round. What our code takes, timer and drawing together, is summed
up between two rounds: that is what an artist's stroke would wait for. Before, the same is measured with the add-on at rest,
a box added to the scene by hand and the sidebar redrawn as often: that is what Blender itself takes here.
"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
import harness

prompt, seconds = harness.arguments()[0], float(harness.arguments()[1])
INTERVAL = 0.005
# As the add-on does with a job at work: its clock moves once a second, and the layout settles after.
PEER_REDRAWS_PER_SECOND = 2

told = {}


class Loop:
    """Rounds of Blender's main loop, and what our code took in each. Seconds, and seconds of the processor."""

    def __init__(self):
        self.begin()
        bpy.app.timers.register(self._come_round, first_interval=INTERVAL, persistent=True)

    def begin(self):
        self.gaps, self.own, self.longest = [], [], {"tick": 0.0, "draw": 0.0}
        self._draws, self.last_at, self._own, self._own_processor = 0, None, 0.0, 0.0

    def end(self):
        gaps = sorted(self.gaps)
        return {
            "rounds": len(gaps),
            "draws": self._draws,
            "gap": {"median": gaps[len(gaps) // 2], "p99": gaps[int(0.99 * len(gaps))], "longest": gaps[-1]},
            "own": max(own for own, _ in self.own),
            "ownProcessor": max(processor for _, processor in self.own),
            "tick": self.longest["tick"],
            "draw": self.longest["draw"],
        }

    def _come_round(self):
        now = time.perf_counter()
        if self.last_at is not None:
            self.gaps.append(now - self.last_at)
            self.own.append((self._own, self._own_processor))
        self.last_at, self._own, self._own_processor = now, 0.0, 0.0
        return INTERVAL

    def take(self, kind, work):
        started, processor = time.perf_counter(), time.thread_time()
        try:
            return work()
        finally:
            taken = time.perf_counter() - started
            self._own += taken
            self._own_processor += time.thread_time() - processor
            self.longest[kind] = max(self.longest[kind], taken)
            self._draws += kind == "draw"


def watch_panel(panel, loop):
    for name in ("draw", "draw_header_preset"):
        if name in panel.__dict__:
            setattr(panel, name, watched(panel.__dict__[name], loop))


def watched(work, loop):
    # Blender counts the parameters and hands over as many
    def run(self, context):
        loop.take("draw", lambda: work(self, context))

    return run


def add_box():
    """A box of wire, as a placeholder is one: the whole viewport is drawn anew."""
    bpy.ops.mesh.primitive_cube_add()
    box = bpy.context.view_layer.objects.active
    box.display_type = "WIRE"
    bpy.ops.ed.undo_push(message="Box")
    return box


def main():
    harness.enable_addon()
    bpy.data.objects.remove(bpy.data.objects["Cube"])
    session, sessions = harness.session(), harness.addon_module("blender.session")
    loop = Loop()
    tick = sessions._tick
    imports = []

    def watched_tick():
        waiting = session.deliveries.waiting
        started = time.perf_counter()
        interval = loop.take("tick", tick)
        if waiting and not session.deliveries.waiting:
            imports.append(time.perf_counter() - started)
        return interval

    sessions._tick = watched_tick
    panels = [getattr(bpy.types, name) for name in dir(bpy.types) if name.startswith("MAQUETTE_PT_")]
    for panel in panels:
        watch_panel(panel, loop)
    draws = harness.count_draws(bpy.types.MAQUETTE_PT_generate)
    yield from harness.open_tab("Maquette", draws)
    redraw = harness.addon_module("blender.redraw")
    view3d = harness.view3d()
    here = {"window": harness.window(), "area": view3d, "region": harness.region(view3d, "WINDOW")}
    with bpy.context.temp_override(**here):
        box = add_box()
    yield 2.0  # compiles what draws it
    bpy.data.objects.remove(box)
    yield 1.0

    loop.begin()
    with bpy.context.temp_override(**here):
        box = add_box()
    for _ in range(int(seconds * PEER_REDRAWS_PER_SECOND)):
        redraw.sidebars()
        yield 1 / PEER_REDRAWS_PER_SECOND
    told["peer"] = loop.end()
    bpy.data.objects.remove(box)
    yield 2.0

    # the first drawing with a connection is among what is measured
    loop.begin()
    with bpy.context.temp_override(**here):
        started = time.perf_counter()
        bpy.ops.maquette.generate(prompt=prompt, provider="404")
        told["order"] = time.perf_counter() - started
    yield from harness.until(lambda: harness.own_jobs() and harness.own_jobs()[0]["state"] == "running", 60.0)
    yield seconds
    told["state"] = harness.own_jobs()[0]["state"]
    harness.say("seen")
    yield from harness.until(lambda: session.deliveries.waiting, 90.0)
    told["ours"] = loop.end()
    yield from harness.until(lambda: imports, 90.0)
    told["import"] = imports[0]


harness.run_window_script(main, lambda: told)
