"""The next start of Blender: finds a job of an earlier one, waits for its end and imports it. Argument: the job."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
import harness


def main() -> object:
    harness.enable_addon()
    (wanted,) = harness.arguments()
    harness.session().connect()

    def look() -> object:
        view = harness.session().jobs.find(wanted)
        return view if view is not None and "endedAt" in view else None

    job = harness.wait_until(look, pump=harness.pump)
    outcome = bpy.ops.maquette.import_asset(folder=job["folder"])
    return {"outcome": sorted(outcome), "job": dict(job), **harness.describe_scene()}


harness.run_script(main)
