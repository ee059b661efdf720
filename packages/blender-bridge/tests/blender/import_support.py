"""What the tests of the import share: a clean file, the importer without the rest of the add-on, folders to spoil."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import unittest
from typing import Any

import bpy
import harness
import numpy as np

sys.path.insert(0, os.path.dirname(harness.ADDON_FOLDER))

from maquette.blender import importing  # noqa: E402
from maquette.wire.errors import BridgeError  # noqa: E402

MESHES = ("chair", "house", "helmet")

__all__ = ["MESHES", "BridgeError", "ImportCase", "importing", "read_json", "world_points"]


def read_json(folder: str) -> dict[str, Any]:
    """The manifest of an asset folder, as it lies there."""
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        return json.load(file)


def world_points(mesh_object: bpy.types.Object) -> np.ndarray:
    """Vertices of an object where they stand. Shape (n, 3)."""
    coordinates = np.empty(len(mesh_object.data.vertices) * 3, dtype=np.float32)
    mesh_object.data.vertices.foreach_get("co", coordinates)
    matrix = np.array(mesh_object.matrix_world)
    return coordinates.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]


class ImportCase(unittest.TestCase):
    """A file with one collection and nothing in it, and a scratch folder."""

    def setUp(self) -> None:
        harness.empty_scene()
        self.scratch = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.scratch)

    def bring(self, folder: str, **options: Any) -> importing.ImportReceipt:
        path = folder if os.path.isabs(folder) else harness.asset(folder)
        return importing.import_asset(bpy.context, path, **options)

    def spoilt(self, source: str = "chair", **changes: Any) -> str:
        """A copy of an asset folder whose manifest has other members. Returns its path."""
        folder = tempfile.mkdtemp(dir=self.scratch)
        shutil.copytree(harness.asset(source), folder, dirs_exist_ok=True)
        document = {**read_json(folder), **changes}
        with open(os.path.join(folder, "manifest.json"), "w", encoding="utf-8") as file:
            json.dump(document, file)
        return folder

    def add_cube(self, name: str = "Box", **members: Any) -> bpy.types.Object:
        """A cube of 2 units, its origin in its middle, as Blender adds it."""
        bpy.ops.mesh.primitive_cube_add()
        cube = bpy.context.object
        cube.name = name
        for member, value in members.items():
            setattr(cube, member, value)
        bpy.context.view_layer.update()
        return cube

    def names(self) -> dict[str, list[str]]:
        """Every data-block of the file, by kind: what must be equal before and after an import that failed."""
        kinds = ("scenes", "collections", "objects", "meshes", "materials", "images", "node_groups", "actions", "armatures")
        return {kind: sorted(block.name for block in getattr(bpy.data, kind)) for kind in kinds}

    def drawn(self) -> list[str]:
        """Names of the meshes the viewport draws, one for each time it is drawn."""
        graph = bpy.context.evaluated_depsgraph_get()
        return sorted(entry.object.name for entry in graph.object_instances if entry.object.type == "MESH")

    def assertNear(self, actual: Any, expected: Any, tolerance: float = 1e-5) -> None:
        np.testing.assert_allclose(np.array(actual, dtype=float), np.array(expected, dtype=float), atol=tolerance)
