"""Levels of a mesh asset as they stand in the file: names, size, pivot, materials, properties, the Asset Browser's entry."""

from __future__ import annotations

import os

import bpy
import harness
import numpy as np
from import_support import MESHES, ImportCase, read_json, world_points


class MeshLevels(ImportCase):
    def test_levels_are_objects_of_a_collection_named_after_the_asset(self) -> None:
        for source in MESHES:
            with self.subTest(source):
                harness.empty_scene()
                manifest = read_json(harness.asset(source))
                receipt = self.bring(source)
                name = manifest["name"]
                expected = [f"{name}_LOD{number}" for number in range(len(manifest["levels"]))]
                self.assertEqual(sorted(entry.name for entry in bpy.data.collections[name].objects), expected)
                self.assertEqual([entry.data.name for entry in receipt.objects[1:]], expected)
                self.assertEqual((receipt.name, receipt.kind, receipt.collection.name), (name, "mesh", name))
                for number, level in enumerate(manifest["levels"]):
                    mesh = bpy.data.objects[expected[number]].data
                    triangles = sum(len(polygon.vertices) - 2 for polygon in mesh.polygons)
                    # Blender drops a triangle that has the corners of another
                    self.assertLessEqual(triangles, level["triangles"])
                    self.assertGreater(triangles, level["triangles"] * 0.97)

    def test_size_is_real_pivot_is_at_the_base_and_z_is_up(self) -> None:
        for source in MESHES:
            with self.subTest(source):
                harness.empty_scene()
                bounds = read_json(harness.asset(source))["bounds"]
                receipt = self.bring(source)
                finest = receipt.objects[1]
                self.assertEqual([tuple(finest.location), tuple(finest.scale)], [(0, 0, 0), (1, 1, 1)])
                self.assertNear(finest.rotation_euler, (0, 0, 0))
                points = world_points(finest)
                # glTF's y is Blender's z, its z is -y
                low, high = bounds["min"], bounds["max"]
                self.assertNear(points.min(axis=0), (low[0], -high[2], low[1]), 2e-4)
                self.assertNear(points.max(axis=0), (high[0], -low[2], high[1]), 2e-4)
                self.assertAlmostEqual(float(points[:, 2].min()), 0, places=3)
                self.assertNear((points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2, (0, 0), 2e-3)

    def test_a_scene_in_centimetres_gets_a_metre_of_a_hundred_units(self) -> None:
        bpy.context.scene.unit_settings.scale_length = 0.01
        receipt = self.bring("chair")
        bounds = read_json(harness.asset("chair"))["bounds"]
        self.assertAlmostEqual(float(world_points(receipt.objects[1])[:, 2].max()), bounds["max"][1] * 100, places=2)

    def test_levels_look_alike(self) -> None:
        receipt = self.bring("helmet")
        finest = world_points(receipt.objects[1])
        for level in receipt.objects[2:]:
            points = world_points(level)
            self.assertNear(points.min(axis=0), finest.min(axis=0), 0.02)
            self.assertNear(points.max(axis=0), finest.max(axis=0), 0.02)
            self.assertEqual([slot.name for slot in level.data.materials], [s.name for s in receipt.objects[1].data.materials])

    def test_faces_look_outwards_and_normals_came_along(self) -> None:
        for level in self.bring("chair").objects[1:]:
            mesh = level.data
            polygons = len(mesh.polygons)
            normals, centres, areas = np.empty(polygons * 3), np.empty(polygons * 3), np.empty(polygons)
            mesh.polygons.foreach_get("normal", normals)
            mesh.polygons.foreach_get("center", centres)
            mesh.polygons.foreach_get("area", areas)
            # divergence theorem: the volume of a closed body is positive where its faces look outwards
            volume = ((normals.reshape(-1, 3) * centres.reshape(-1, 3)).sum(axis=1) * areas).sum() / 3
            self.assertGreater(volume, 0)
            self.assertTrue(mesh.has_custom_normals)
            self.assertEqual(len(mesh.uv_layers), 1)

    def test_all_levels_share_one_set_of_materials_and_pictures(self) -> None:
        for source in MESHES:
            with self.subTest(source):
                harness.empty_scene()
                manifest = read_json(harness.asset(source))
                receipt = self.bring(source)
                self.assertLessEqual(len(bpy.data.materials), manifest["materials"])
                self.assertLessEqual(len([image for image in bpy.data.images if image.source == "FILE"]), manifest["textures"])
                used = {material for level in receipt.objects[1:] for material in level.data.materials}
                self.assertEqual(used, set(bpy.data.materials))

    def test_every_material_is_wired_to_pictures_that_are_there(self) -> None:
        self.bring("helmet")
        for material in bpy.data.materials:
            shader = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
            self.assertTrue(shader.inputs["Base Color"].is_linked, material.name)
            self.assertTrue(shader.inputs["Normal"].is_linked, material.name)
            pictures = [node.image for node in material.node_tree.nodes if node.type == "TEX_IMAGE"]
            self.assertGreaterEqual(len(pictures), 2)
            for picture in pictures:
                self.assertIsNotNone(picture.packed_file, "the .blend must not depend on the asset folder")
                self.assertGreater(min(picture.size), 0)

    def test_nothing_else_is_left_of_the_importer(self) -> None:
        before = self.names()
        receipt = self.bring("house")
        after = self.names()
        self.assertEqual(set(after["objects"]) - set(before["objects"]), {entry.name for entry in receipt.objects})
        self.assertEqual(set(after["collections"]) - set(before["collections"]), {receipt.name, "Maquette Assets"})
        self.assertEqual(after["scenes"], before["scenes"])
        self.assertEqual(len(after["meshes"]) - len(before["meshes"]), len(receipt.objects) - 1)
        # the add-on's own settings, where it is enabled
        self.assertLessEqual(set(bpy.context.scene.keys()), {"maquette"})

    def test_every_object_says_where_it_comes_from(self) -> None:
        folder = harness.asset("chair")
        manifest = read_json(folder)
        receipt = self.bring("chair", job="job-1")
        for entry in receipt.objects:
            self.assertEqual(entry["maquette_job"], "job-1")
            self.assertEqual(entry["maquette_manifest"], os.path.join(folder, "manifest.json"))
            self.assertEqual(entry["maquette_prompt"], "a wooden chair")
            self.assertEqual(entry["maquette_provider"], "local")
            self.assertEqual(entry["maquette_seed"], 1)
            self.assertEqual(entry["maquette_licence"], manifest["licence"])
            self.assertEqual(entry["maquette_credit"], manifest["credit"])
        for number, level in enumerate(manifest["levels"]):
            self.assertEqual(receipt.objects[number + 1]["maquette_level"], number)
            self.assertEqual(receipt.objects[number + 1]["maquette_triangles"], level["triangles"])

    def test_without_a_job_the_manifest_names_it(self) -> None:
        self.assertEqual(self.bring("chair").root["maquette_job"], read_json(harness.asset("chair"))["provenance"]["job"])

    def test_a_seed_of_more_than_32_bits_is_kept(self) -> None:
        provenance = {**read_json(harness.asset("chair"))["provenance"], "seed": 2**40 + 1}
        self.assertEqual(self.bring(self.spoilt(provenance=provenance)).root["maquette_seed"], str(2**40 + 1))

    def test_again_makes_a_second_asset(self) -> None:
        first, second = self.bring("chair"), self.bring("chair")
        self.assertEqual((first.name, second.name), ("a wooden chair", "a wooden chair.001"))
        self.assertEqual([entry.name for entry in second.objects[1:]], [f"a wooden chair.001_LOD{n}" for n in range(4)])
        self.assertEqual(len(first.collection.objects), 4)
        self.assertEqual(len(second.collection.objects), 4)

    def test_a_long_name_keeps_the_number_of_its_level(self) -> None:
        receipt = self.bring(self.spoilt(name="ein sehr schöner Stuhl " * 9))
        again = self.bring(self.spoilt(name="ein sehr schöner Stuhl " * 9))
        for result in (receipt, again):
            for number, level in enumerate(result.objects[1:]):
                self.assertEqual(level.name, f"{result.name}_LOD{number}")
                self.assertLessEqual(len(level.name.encode()), 63)
        self.assertNotEqual(receipt.name, again.name)

    def test_it_says_what_it_is_about_to_do(self) -> None:
        said: list[str] = []
        self.bring("chair", on_stage=said.append)
        self.assertEqual(said[0], "Importing a wooden chair…")
        self.assertEqual(said[1:], [f"Importing a wooden chair: level {number} of 4…" for number in range(1, 5)])


class AssetBrowserEntry(ImportCase):
    def test_the_collection_is_an_asset_with_picture_and_words(self) -> None:
        manifest = read_json(harness.asset("chair"))
        collection = self.bring("chair").collection
        data = collection.asset_data
        self.assertEqual(data.author, manifest["credit"])
        self.assertTrue(data.description.startswith("a wooden chair"))
        self.assertLessEqual({"Maquette", "mesh", "local", "wooden", "chair"}, {tag.name for tag in data.tags})
        if hasattr(data, "license"):
            self.assertEqual(data.license, manifest["licence"])
        self.assertEqual(tuple(collection.preview.image_size), (256, 256))
        pixels = np.empty(256 * 256 * 4, dtype=np.float32)
        collection.preview.image_pixels_float.foreach_get(pixels)
        self.assertGreater(float(pixels.reshape(-1, 4)[:, :3].std()), 0.02)
        self.assertFalse(any("thumbnail" in image.name for image in bpy.data.images))

    def test_the_picture_is_the_right_way_up(self) -> None:
        preview = self.bring("chair").collection.preview
        pixels = np.empty(256 * 256 * 4, dtype=np.float32)
        preview.image_pixels_float.foreach_get(pixels)
        image = bpy.data.images.load(os.path.join(harness.asset("chair"), "thumbnail.png"))
        original = np.empty(image.size[0] * image.size[1] * 4, dtype=np.float32)
        image.pixels.foreach_get(original)
        step = image.size[0] // 256
        reference = original.reshape(256, step, 256, step, 4).mean(axis=(1, 3))[..., 3]
        self.assertLess(float(np.abs(pixels.reshape(256, 256, 4)[..., 3] - reference).mean()), 0.01)

    def test_entry_and_picture_are_in_the_saved_file(self) -> None:
        self.bring("chair")
        path = os.path.join(self.scratch, "saved.blend")
        bpy.ops.wm.save_as_mainfile(filepath=path)
        bpy.ops.wm.open_mainfile(filepath=path)
        collection = bpy.data.collections["a wooden chair"]
        self.assertIsNotNone(collection.asset_data)
        self.assertEqual(tuple(collection.preview.image_size), (256, 256))

    def test_an_object_with_its_own_switch_is_the_asset_itself(self) -> None:
        receipt = self.bring("chair", as_object=True)
        self.assertIsNotNone(receipt.root.asset_data)
        self.assertIsNone(receipt.collection.asset_data)

    def test_without_a_thumbnail_it_is_an_asset_all_the_same(self) -> None:
        folder = self.spoilt()
        os.remove(os.path.join(folder, "thumbnail.png"))
        self.assertIsNotNone(self.bring(folder).collection.asset_data)
