"""An artist at the sidebar: types a prompt, presses Generate, watches, gets an object. Arguments: prompt and pictures' folder.

Meanwhile every stretch of time is measured that our code keeps Blender's main thread: timer and drawing of the panels.
"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
import gui
import harness

prompt, pictures = harness.arguments()
told = {}
ticks = []
drawing = []


def measured(work, into, is_import=lambda: False):
    def run():
        imports = is_import()
        started_at = time.perf_counter()
        try:
            return work()
        finally:
            if not imports:
                into.append(time.perf_counter() - started_at)

    return run


def measure_draws(panel):
    draw = panel.draw

    # Blender counts the parameters and hands over as many
    def run(self, context):
        measured(lambda: draw(self, context), drawing)()

    panel.draw = run


def main():
    harness.enable_addon()
    # it stands where the placeholder will
    bpy.data.objects.remove(bpy.data.objects["Cube"])
    session = harness.session()
    sessions = harness.addon_module("blender.session")
    sessions._tick = measured(sessions._tick, ticks, lambda: session.deliveries.waiting)
    panels = [bpy.types.MAQUETTE_PT_generate, bpy.types.MAQUETTE_PT_queue]
    for panel in panels:
        measure_draws(panel)
    draws = harness.count_draws(panels[0])
    yield from harness.open_tab("Maquette", draws)
    area = harness.view3d()
    form = bpy.context.scene.maquette
    form.provider_id = "404"

    x, y = yield from gui.find_button("maquette.prompt", area)
    yield from harness.click(x, y)
    yield from harness.type_text(prompt)
    told["typed"] = form.prompt
    x, y = yield from gui.find_button("maquette.generate", area)
    yield from harness.click(x, y)
    yield from harness.until(harness.own_jobs, 40.0)
    told["jobsAfterClick"] = len(harness.own_jobs())

    # at work, with a stage in words, seen by the panel
    yield from harness.until(lambda: harness.own_jobs()[0]["state"] == "running")
    yield from harness.until(lambda: harness.own_jobs()[0]["progress"])
    harness.say("job", harness.own_jobs()[0]["job"])
    before = len(draws)
    yield 6.0  # the gateway answers in five seconds: something is always on its way
    told["job"] = harness.own_jobs()[0]
    told["drawnWhileAtWork"] = len(draws) - before
    # the pointer goes away, so that no button is lit
    sidebar = harness.region(area, "UI")
    harness.window().event_simulate(type="MOUSEMOVE", value="NOTHING", x=area.x + area.width // 3, y=area.y + 40)
    yield 0.5
    told["sidebar"] = {"x": sidebar.x, "y": sidebar.y, "width": sidebar.width, "height": sidebar.height}
    yield from harness.screenshot(os.path.join(pictures, "at-work.png"))
    told["stalls"] = {"tick": max(ticks), "draw": max(drawing), "ticks": len(ticks), "draws": len(drawing)}
    harness.say("seen")
    job = told["job"]["job"]
    yield from harness.until(lambda: any(one.get("maquette_job") == job for one in bpy.data.objects), 90.0)
    yield 1.0
    yield from harness.screenshot(os.path.join(pictures, "landed.png"))
    told.update(harness.describe_scene())
    told["ended"] = harness.own_jobs()[0]
    area_x, area_y = area.x + area.width // 3, area.y + area.height // 2
    for shift, word in ((False, "undone"), (True, "redone")):
        harness.window().event_simulate(type="MOUSEMOVE", value="NOTHING", x=area_x, y=area_y)
        for value in ("PRESS", "RELEASE"):
            harness.window().event_simulate(type="Z", value=value, ctrl=True, shift=shift, x=area_x, y=area_y)
        yield 1.5
        told[word] = [one.name for one in bpy.data.objects if one.get("maquette_job") == job]
    told["stallsUntilLanded"] = {"tick": max(ticks), "draw": max(drawing), "ticks": len(ticks), "draws": len(drawing)}


harness.run_window_script(main, lambda: told)
