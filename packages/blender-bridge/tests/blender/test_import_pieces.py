"""What becomes of the pieces of a model when each level is made one object: places, normals, looks, poses."""

from __future__ import annotations

import math
import os

import bpy
import harness
import numpy as np
from glb_support import CORNERS, NORMALS, GlbWriter
from import_support import ImportCase, read_json

# glTF's frame into Blender's: (x, y, z) → (x, -z, y)
UPRIGHT = np.array(((1, 0, 0), (0, 0, -1), (0, 1, 0)), np.float64)


def corner_values(mesh: bpy.types.Mesh) -> tuple[np.ndarray, np.ndarray]:
    """Positions and normals of every corner, shape (corners, 3) each."""
    vertices = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", vertices)
    points, normals = np.empty(3 * len(mesh.vertices), np.float32), np.empty(3 * len(mesh.loops), np.float32)
    mesh.vertices.foreach_get("co", points)
    if hasattr(mesh, "corner_normals"):
        mesh.corner_normals.foreach_get("vector", normals)
    else:
        mesh.calc_normals_split()
        mesh.loops.foreach_get("normal", normals)
    return points.reshape(-1, 3)[vertices], normals.reshape(-1, 3)


class Pieces(ImportCase):
    def setUp(self) -> None:
        super().setUp()
        harness.enable_addon()
        self.importing = harness.addon_module("blender.importing")

    def bring_file(self, glb: GlbWriter, **options: object) -> object:
        """Import an asset that has this file as its only level."""
        content = glb.bytes()
        level = {**read_json(harness.asset("chair"))["levels"][0], "bytes": len(content), "triangles": 12}
        folder = self.spoilt(levels=[level])
        with open(os.path.join(folder, level["file"]), "wb") as file:
            file.write(content)
        return self.importing.import_asset(bpy.context, folder, **options)

    def test_normals_follow_nodes_that_mirror_and_stretch(self) -> None:
        turn = (math.sin(0.3), 0.0, 0.0, math.cos(0.3))
        for scale in ((1, 1, 1), (2, 2, 2), (-1, 1, 1), (-2, -2, -2), (1, 0.25, 3), (-1, 0.5, 1)):
            with self.subTest(scale):
                harness.empty_scene()
                glb = GlbWriter()
                glb.node(mesh=glb.box(), scale=list(scale), rotation=list(turn))
                receipt = self.bring_file(glb)
                cosine, sine = math.cos(0.6), math.sin(0.6)
                linear = np.array(((1, 0, 0), (0, cosine, -sine), (0, sine, cosine))) @ np.diag(scale)
                corners = np.array(CORNERS) @ linear.T @ UPRIGHT.T
                normals = np.array(NORMALS) @ np.linalg.inv(linear) @ UPRIGHT.T
                normals /= np.linalg.norm(normals, axis=1, keepdims=True)
                points, found = corner_values(receipt.objects[1].data)
                nearest = np.linalg.norm(points[:, None] - corners[None], axis=2).argmin(axis=1)
                self.assertLess(np.abs(points - corners[nearest]).max(), 1e-4)
                cosines = (found * normals[nearest]).sum(axis=1)
                self.assertGreater(cosines.min(), math.cos(math.radians(1.0)))

    def test_a_piece_without_material_does_not_take_that_of_another(self) -> None:
        glb = GlbWriter()
        glb.node(name="a", mesh=glb.box("Red"))
        glb.node(name="b", mesh=glb.box(), translation=[5, 0, 0])
        level = self.bring_file(glb).objects[1]
        self.assertEqual([slot.name if slot else None for slot in level.data.materials], ["Red", None])
        for polygon in level.data.polygons:
            self.assertEqual(polygon.material_index, int(polygon.center.x > 3))

    def test_a_piece_without_colours_is_white_among_others(self) -> None:
        glb = GlbWriter()
        glb.node(name="a", mesh=glb.box(color=(0.2, 0.4, 0.6, 1.0)))
        glb.node(name="b", mesh=glb.box(), translation=[5, 0, 0])
        mesh = self.bring_file(glb).objects[1].data
        colors = mesh.color_attributes[0]
        owners = [loop.vertex_index for loop in mesh.loops] if colors.domain == "CORNER" else range(len(mesh.vertices))
        for entry, owner in zip(colors.data, owners):
            if mesh.vertices[owner].co.x > 3:
                self.assertEqual(tuple(round(part, 3) for part in entry.color), (1, 1, 1, 1))
            else:
                self.assertLess(entry.color[0], 0.6)

    def test_things_without_bones_stand_as_at_rest_whatever_the_frame(self) -> None:
        for frame in (1, 24):
            with self.subTest(frame):
                harness.empty_scene()
                bpy.context.scene.frame_set(frame)
                glb = GlbWriter()
                glb.move(glb.node(mesh=glb.box()), (7.0, 0.0, 0.0))
                receipt = self.bring_file(glb)
                points, _ = corner_values(receipt.objects[1].data)
                self.assertAlmostEqual(float(points[:, 0].max()), 1.0, places=4)
                self.assertEqual(len(bpy.data.actions), 0)
                self.assertIn("animation was left out", receipt.notes[0])

    def test_a_rigid_piece_on_a_bone_is_posed_once(self) -> None:
        def file() -> GlbWriter:
            glb = GlbWriter()
            body, hat = glb.box(bone=0), glb.box()
            root = glb.node(name="root", rotation=[0.0, 0.0, math.sin(0.5), math.cos(0.5)])
            tip = glb.node(root, name="tip", translation=[0, 3, 0], rotation=[math.sin(0.4), 0.0, 0.0, math.cos(0.4)])
            holder = glb.node(tip, name="holder", translation=[0, 1, 0])
            glb.node(holder, name="hat", mesh=hat)
            glb.node(name="body", mesh=body, skin=glb.skin([root, tip]))
            return glb

        path = os.path.join(self.scratch, "by-hand.glb")
        with open(path, "wb") as written:
            written.write(file().bytes())
        bpy.ops.import_scene.gltf(filepath=path)
        expected = self.posed_points([one for one in bpy.data.objects if one.type == "MESH" and len(one.data.polygons) == 12])
        harness.empty_scene()
        receipt = self.bring_file(file())
        found = self.posed_points([receipt.objects[1]])
        self.assertEqual(len(found), len(expected))
        self.assertNear(found, expected, 1e-3)

    def posed_points(self, entries: list[bpy.types.Object]) -> np.ndarray:
        """Vertices as they are posed, in the world, in an order that does not depend on the objects."""
        bpy.context.view_layer.update()
        graph = bpy.context.evaluated_depsgraph_get()
        points = [
            np.array([entry.matrix_world @ vertex.co for vertex in entry.evaluated_get(graph).data.vertices])
            for entry in entries
        ]
        together = np.concatenate(points).round(3) + 0.0
        return together[np.lexsort(together.T)]

    def test_a_scene_that_is_not_shown_has_its_own_units(self) -> None:
        elsewhere = bpy.data.scenes.new("Elsewhere")
        elsewhere.unit_settings.scale_length = 0.001
        glb = GlbWriter()
        glb.node(mesh=glb.box())
        points, _ = corner_values(self.bring_file(glb, scene=elsewhere).objects[1].data)
        self.assertAlmostEqual(float(points[:, 2].max()), 2000.0, places=1)
        self.assertEqual(bpy.context.scene.unit_settings.scale_length, 1.0)

    def test_the_importer_leaves_engine_variants_and_preferences_as_they_were(self) -> None:
        scene, preferences = bpy.context.scene, bpy.context.preferences.addons["io_scene_gltf2"].preferences
        scene.render.engine = "BLENDER_WORKBENCH"
        glb = GlbWriter()
        glb.node(mesh=glb.box("Red"))
        glb.document["extensionsUsed"] = ["KHR_materials_variants"]
        glb.document["extensions"] = {"KHR_materials_variants": {"variants": [{"name": "One"}, {"name": "Two"}]}}
        mapping = {"mappings": [{"material": 0, "variants": [0, 1]}]}
        glb.document["meshes"][0]["primitives"][0]["extensions"] = {"KHR_materials_variants": mapping}
        before = preferences.KHR_materials_variants_ui
        self.bring_file(glb)
        self.assertEqual(scene.render.engine, "BLENDER_WORKBENCH")
        self.assertEqual(preferences.KHR_materials_variants_ui, before)
        self.assertEqual(len(getattr(scene, "gltf2_KHR_materials_variants_variants", ())), 0)

    def test_an_importer_that_is_older_than_its_numpy_works(self) -> None:
        glb = GlbWriter()
        glb.node(mesh=glb.box())
        name = np.bool
        del np.bool  # as in Debian's Blender 3.4; the harness mends it for everybody else
        try:
            self.assertEqual(len(self.bring_file(glb).objects[1].data.polygons), 12)
            self.assertNotIn("bool", vars(np))
        finally:
            np.bool = name

    def test_what_the_importer_says_is_passed_on(self) -> None:
        last_line = harness.addon_module("blender.importing.mesh_levels")._last_line
        report = "Error: Python: Traceback (most recent call last):\n  File …\nKeyError: 'x'\nLocation: /usr/ops.py:113\n"
        self.assertEqual(last_line(RuntimeError(report)), "KeyError: 'x'")
