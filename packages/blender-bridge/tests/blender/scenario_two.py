"""One of two Blenders at the same service. Arguments: the order as JSON, and how the other's file is called.

Waits until the other is there as well, orders, and leaves when its own asset and the other's job are seen.
"""

import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
import harness


def main() -> object:
    harness.enable_addon()
    order = json.loads(harness.arguments()[0])
    own_mark, other_mark = harness.arguments()[1:]
    harness.session().connect()
    harness.wait_until(lambda: harness.session().is_open, pump=harness.pump)
    open(own_mark, "w").close()
    harness.wait_until(lambda: os.path.exists(other_mark), pump=harness.pump)
    for _ in range(3):
        bpy.ops.maquette.generate(**order)

    def is_done() -> bool:
        everybodys = harness.session().jobs.ordered("")
        return len(everybodys) == 6 and all("endedAt" in view for view in everybodys)

    harness.wait_until(is_done, pump=harness.pump)
    harness.wait_until(lambda: len({one.get("maquette_job") for one in bpy.data.objects} - {None}) >= 3, pump=harness.pump)
    # an asset of the other would have to come by now
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        harness.pump()
    return {
        **harness.describe_scene(),
        "jobs": harness.own_jobs(),
        "everybodys": sorted(view["job"] for view in harness.session().jobs.ordered("")),
        "instance": harness.session().instance,
    }


harness.run_script(main)
