"""Hands a key to the key store as an artist does, then leaves everything behind that a Blender leaves behind.

Argument: the key. It is read from a file, so that it is in no command line.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
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
    preferences.key = key
    told["shown"] = preferences.key
    bpy.ops.maquette.set_key(provider="404")
    yield from harness.until(lambda: key_state() == "key-store" or session.notice and session.notice.is_error)
    told["after"] = key_state()
    told["notice"] = str(session.notice)
    told["shownAfter"] = preferences.key
    bpy.ops.wm.save_userpref()
    bpy.ops.wm.save_as_mainfile(filepath=os.path.join(os.environ["TMPDIR"], "with-key.blend"), compress=False)
    yield from read_info_log()


def key_state():
    return next((view.get("key") for view in harness.session().providers if view["id"] == "404"), None)


def read_info_log():
    """Everything in the info log, as people copy it."""
    area = harness.view3d()
    area.ui_type = "INFO"
    yield 0.5
    with bpy.context.temp_override(window=harness.window(), area=area, region=harness.region(area, "WINDOW")):
        bpy.ops.info.select_all(action="SELECT")
        bpy.ops.info.report_copy()
    told["log"] = bpy.context.window_manager.clipboard


harness.run_window_script(main, lambda: told)
