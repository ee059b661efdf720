"""Installs the add-on as people do in a Blender that has no command for it, or takes it away.

Arguments: "install", its module and the zip, or "remove" and its module.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
import harness


def main() -> object:
    what, module, *rest = harness.arguments()
    if what == "install":
        outcome = bpy.ops.preferences.addon_install(filepath=rest[0])
        bpy.ops.preferences.addon_enable(module=module)
    else:
        window = bpy.context.window_manager.windows[0]
        # the operator redraws the area it was called from
        with bpy.context.temp_override(window=window, area=window.screen.areas[0]):
            outcome = bpy.ops.preferences.addon_remove(module=module)
    bpy.ops.wm.save_userpref()
    return sorted(outcome)


harness.run_script(main)
