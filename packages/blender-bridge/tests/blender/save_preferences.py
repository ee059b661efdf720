"""A Blender of somebody without the add-on, who saved the preferences."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
import harness

harness.run_script(lambda: sorted(bpy.ops.wm.save_userpref()))
