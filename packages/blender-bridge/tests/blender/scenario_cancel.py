"""Cancels a job that is under way. Argument: keyword arguments of the order as JSON."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
import harness


def main() -> object:
    harness.enable_addon()
    before = sorted(bpy.data.objects.keys())
    bpy.ops.maquette.generate(**json.loads(harness.arguments()[0]))
    while_waiting = sorted(bpy.data.objects.keys())
    (job,) = harness.wait_until(lambda: [one for one in harness.own_jobs() if "cancel" in one["actions"]], pump=harness.pump)
    outcome = bpy.ops.maquette.cancel(job=job["job"])
    ended = harness.wait_until(lambda: [one for one in harness.own_jobs() if "endedAt" in one], pump=harness.pump)
    harness.pump(0.2)
    return {
        "outcome": sorted(outcome),
        "job": ended[0],
        "before": before,
        "whileWaiting": while_waiting,
        "after": sorted(bpy.data.objects.keys()),
    }


harness.run_script(main)
