"""Types a key into the preferences and stores it, then leaves everything behind that a Blender leaves behind.

Argument: a file with the key, so that it is in no command line; it is removed at once.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
import gui
import harness

told = {}


def main():
    with open(harness.arguments()[0], encoding="utf-8") as file:
        key = file.read()
    os.unlink(harness.arguments()[0])
    harness.enable_addon()
    session = harness.session()
    session.connect()
    yield from harness.until(lambda: session.is_open and session.providers)
    told["before"] = key_state()
    preferences = bpy.context.preferences.addons[harness.MODULE_NAME].preferences
    area = yield from open_preferences()
    # Blender names no properties of preferences; the field is to the left of the button
    _, y = yield from gui.find_button("maquette.set_key", area, "WINDOW", (0.9,))
    content = harness.region(area, "WINDOW")
    yield from harness.click(content.x + content.width // 2, y)
    yield from harness.type_text(key)
    told["shown"] = preferences.key
    x, y = yield from gui.find_button("maquette.set_key", area, "WINDOW", (0.9,))
    yield from harness.click(x, y)
    yield from harness.until(lambda: key_state() == "key-store" or session.notice and session.notice.is_error)
    told["after"] = key_state()
    told["notice"] = str(session.notice)
    told["shownAfter"] = preferences.key
    bpy.ops.wm.save_userpref()
    bpy.ops.wm.save_as_mainfile(filepath=os.path.join(os.environ["TMPDIR"], "with-key.blend"), compress=False)
    yield from read_info_log(area)


def open_preferences():
    """Fills the window with the add-on's preferences."""
    area = harness.view3d()
    with bpy.context.temp_override(window=harness.window(), area=area, region=harness.region(area, "WINDOW")):
        bpy.ops.screen.screen_full_area(use_hide_panels=True)
    yield 0.5
    area = harness.window().screen.areas[0]
    area.ui_type = "PREFERENCES"
    bpy.context.preferences.active_section = "ADDONS"
    bpy.context.window_manager.addon_search = "Maquette"
    yield 0.5
    with bpy.context.temp_override(window=harness.window(), area=area, region=harness.region(area, "WINDOW")):
        bpy.ops.preferences.addon_expand(module=harness.MODULE_NAME)
    area.tag_redraw()
    yield 1.0
    return area


def key_state():
    return next((view.get("key") for view in harness.session().providers if view["id"] == "404"), None)


def read_info_log(area):
    """Everything in the info log, as people copy it."""
    area.ui_type = "INFO"
    yield 0.5
    with bpy.context.temp_override(window=harness.window(), area=area, region=harness.region(area, "WINDOW")):
        bpy.ops.info.select_all(action="SELECT")
        bpy.ops.info.report_copy()
    told["log"] = bpy.context.window_manager.clipboard


harness.run_window_script(main, lambda: told)
