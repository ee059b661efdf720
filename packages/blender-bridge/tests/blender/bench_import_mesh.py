"""Import of a set of levels against Blender's own importer reading the same files, in this Blender.

blender -b -P bench_import_mesh.py -- FOLDER [RUNS]; writes one JSON object to MAQUETTE_TEST_RESULT, and prints it as @result.
FOLDER is an asset folder; the goal is 1.2 times the importer's own time.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import bpy

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import harness  # noqa: E402

harness.enable_addon()
import_asset = harness.addon_module("blender.importing").import_asset
manifests = harness.addon_module("blender.importing.manifest")

CLOCK, CPU = 0, 1


def measure(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds on the clock and of the processor, all threads, that a piece of work takes in an empty file."""
    harness.empty_scene()
    bpy.ops.outliner.orphans_purge(do_recursive=True)
    gc.collect()
    started, started_cpu = time.perf_counter(), time.process_time()
    work()
    # what the viewport would have to wait for before it draws
    bpy.context.view_layer.update()
    return time.perf_counter() - started, time.process_time() - started_cpu


def best(runs: list[tuple[float, float]], of: int) -> float:
    """The least of all runs, seconds."""
    return round(min(run[of] for run in runs), 3)


def by_hand(manifest: Any) -> None:
    """What an artist does without the add-on: File ▸ Import ▸ glTF 2.0, once for each level.

    With one step of undo: the menu makes one, a call from Python does not.
    """
    for level in manifest.levels:
        bpy.ops.import_scene.gltf(filepath=level.path)
    bpy.ops.ed.undo_push(message="Import")


def main() -> dict[str, Any]:
    folder, runs = (*harness.arguments(), "3")[:2]
    manifest = manifests.read_manifest(folder)
    own: list[tuple[float, float]] = []
    ours: list[tuple[float, float]] = []
    as_object: list[tuple[float, float]] = []
    by_hand_last = 0
    measure(lambda: by_hand(manifest))  # modules of the importer, files into the cache
    measure(lambda: import_asset(bpy.context, folder))
    for _ in range(int(runs)):
        own.append(measure(lambda: by_hand(manifest)))
        by_hand_last = len(bpy.data.images)
        ours.append(measure(lambda: import_asset(bpy.context, folder)))
        as_object.append(measure(lambda: import_asset(bpy.context, folder, as_object=True)))
    result = {
        "benchmark": "import-mesh",
        "blender": bpy.app.version_string,
        "triangles": [level.count for level in manifest.levels],
        "bytes": sum(level.size_bytes for level in manifest.levels),
        "importerSeconds": best(own, CLOCK),
        "seconds": best(ours, CLOCK),
        "asObjectSeconds": best(as_object, CLOCK),
        "ratio": round(best(ours, CLOCK) / best(own, CLOCK), 3),
        # on a machine with other work the clock tells little
        "importerCpuSeconds": best(own, CPU),
        "cpuSeconds": best(ours, CPU),
        "asObjectCpuSeconds": best(as_object, CPU),
        "cpuRatio": round(best(ours, CPU) / best(own, CPU), 3),
        "goal": 1.2,
        "rounds": [
            {"importer": theirs, "ours": here, "asObject": single}
            for theirs, here, single in zip(own, ours, as_object)
        ],
        "imagesByHand": by_hand_last,
        "images": len(bpy.data.images),
    }
    harness.say("result", result)
    return result


if os.environ.get("MAQUETTE_TEST_RESULT"):
    harness.run_script(main)
else:
    main()
