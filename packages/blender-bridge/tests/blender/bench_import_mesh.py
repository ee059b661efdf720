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

sys.path.insert(0, os.path.dirname(harness.ADDON_FOLDER))

from maquette.blender.importing import import_asset  # noqa: E402
from maquette.blender.importing.manifest import AssetManifest, read_manifest  # noqa: E402


def measure(work: Callable[[], Any]) -> float:
    """Seconds of a piece of work in an empty file."""
    harness.empty_scene()
    bpy.ops.outliner.orphans_purge(do_recursive=True)
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def by_hand(manifest: AssetManifest) -> None:
    """What an artist does without the add-on: File ▸ Import ▸ glTF 2.0, once for each level."""
    for level in manifest.levels:
        bpy.ops.import_scene.gltf(filepath=level.path)


def main() -> dict[str, Any]:
    folder, runs = (*harness.arguments(), "3")[:2]
    manifest = read_manifest(folder)
    own: list[float] = []
    ours: list[float] = []
    as_object: list[float] = []
    by_hand_last = 0
    measure(lambda: by_hand(manifest))  # modules of the importer, files into the cache
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
        "importerSeconds": round(min(own), 3),
        "seconds": round(min(ours), 3),
        "asObjectSeconds": round(min(as_object), 3),
        "ratio": round(min(ours) / min(own), 3),
        "goal": 1.2,
        "imagesByHand": by_hand_last,
        "images": len(bpy.data.images),
    }
    harness.say("result", result)
    return result


if os.environ.get("MAQUETTE_TEST_RESULT"):
    harness.run_script(main)
else:
    main()
