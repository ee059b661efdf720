"""Orders, tells the job as soon as it runs, and works on until the asset is there. Argument: the order as JSON.

Whoever started this Blender ends the helper, or this Blender, in between.
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
import harness


def main() -> object:
    harness.enable_addon()
    bpy.ops.maquette.generate(**json.loads(harness.arguments()[0]))
    (job,) = harness.wait_until(lambda: [one for one in harness.own_jobs() if one["state"] == "running"], pump=harness.pump)
    harness.say("job", job["job"])
    states = []

    def has_landed() -> bool:
        state = harness.session().state
        if not states or states[-1] != state:
            states.append(state)
        return any(one.get("maquette_job") == job["job"] for one in bpy.data.objects)

    harness.wait_until(has_landed, pump=harness.pump)
    harness.pump(0.2)
    return {"states": states, **harness.describe_scene(), "jobs": harness.own_jobs()}


harness.run_script(main)
