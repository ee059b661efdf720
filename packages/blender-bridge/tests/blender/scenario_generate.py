"""One order to its end in background. Arguments: keyword arguments of the operator as JSON, and its name: generate, adopt."""

import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
import harness


def main() -> object:
    harness.enable_addon()
    started_at = time.monotonic()
    wishes, name = harness.arguments()
    outcome = getattr(bpy.ops.maquette, name)(wait=True, **json.loads(wishes))
    seconds = time.monotonic() - started_at
    return {"outcome": sorted(outcome), "seconds": seconds, **harness.describe_scene(), "jobs": harness.own_jobs()}


harness.run_script(main)
