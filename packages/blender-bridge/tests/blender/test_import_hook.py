"""Our hook in Blender's glTF importer, in an add-on that is enabled: meshes wait for their place before they are evaluated."""

from __future__ import annotations

import os
import unittest
from collections.abc import Callable
from typing import Any

import bpy
import harness


class ImportHook(unittest.TestCase):
    def setUp(self) -> None:
        self.package = harness.enable_addon()
        self.importing = harness.addon_module("blender.importing")
        harness.empty_scene()

    def evaluated_while(self, work: Callable[[], Any]) -> list[int]:
        """Polygons of each mesh that Blender evaluated before `work` came back."""
        counts: list[int] = []

        def count(_scene: object, graph: bpy.types.Depsgraph) -> None:
            meshes = [update.id for update in graph.updates if isinstance(update.id, bpy.types.Mesh)]
            counts.extend(len(mesh.polygons) for mesh in meshes)

        bpy.app.handlers.depsgraph_update_post.append(count)
        try:
            work()
        finally:
            bpy.app.handlers.depsgraph_update_post.remove(count)
        return counts

    def test_no_mesh_is_evaluated_before_it_has_its_place(self) -> None:
        folder = harness.asset("chair")
        receipts = []
        counts = self.evaluated_while(
            lambda: receipts.append(self.importing.import_asset(bpy.context, folder, undo_step=False))
        )
        if bpy.app.version < (4, 1, 0):
            self.assertEqual(sum(counts), 0)
        self.assertGreater(len(receipts[0].objects[1].data.polygons), 100)
        self.assertGreater(sum(self.evaluated_while(bpy.context.view_layer.update)), 100)
        self.assertEqual([mesh.name for mesh in bpy.data.meshes if "Import" in mesh.name], [])

    def test_imports_of_other_people_are_left_alone(self) -> None:
        path = os.path.join(harness.asset("chair"), "lod0.glb")
        counts = self.evaluated_while(lambda: bpy.ops.import_scene.gltf(filepath=path))
        self.assertGreater(sum(counts), 100)
        self.assertGreater(sum(len(entry.data.polygons) for entry in bpy.data.objects if entry.type == "MESH"), 100)
        self.assertEqual([mesh.name for mesh in bpy.data.meshes if "Import" in mesh.name], [])

    def test_an_import_that_fails_leaves_nothing(self) -> None:
        hook = harness.addon_module("blender.importing.import_hook")
        entry = self.thing()
        mesh, meshes = entry.data, len(bpy.data.meshes)
        with self.assertRaises(RuntimeError), hook.hook_at_work() as current:
            current.hold(entry)
            raise RuntimeError("the importer stopped")
        self.assertEqual((entry.data, len(bpy.data.meshes)), (mesh, meshes))

    def test_a_mesh_that_another_add_on_gave_it_stays(self) -> None:
        hook = harness.addon_module("blender.importing.import_hook")
        entry, precious = self.thing(), bpy.data.meshes.new("Precious")
        with hook.hook_at_work() as current:
            current.hold(entry)
            entry.data = precious
        self.assertEqual(entry.data, precious)
        self.assertEqual([mesh.name for mesh in bpy.data.meshes if "Import" in mesh.name], [])

    def thing(self) -> bpy.types.Object:
        return bpy.data.objects.new("Thing", bpy.data.meshes.new("Thing"))
