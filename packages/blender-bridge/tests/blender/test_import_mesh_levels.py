"""Which level is seen: instances, objects with a switch of their own, after saving, without scripts, in a rendering."""

from __future__ import annotations

import os

import bpy
import harness
import numpy as np
from import_support import ImportCase, read_json
from maquette.blender.importing.asset_marking import find_marked
from maquette.blender.importing.level_switch import RENDER_LEVEL, VIEWPORT_LEVEL, find_level_owner, set_levels


def triangles_drawn() -> list[int]:
    """Triangles of every mesh the viewport draws, levels behind geometry nodes and instances included."""
    graph = bpy.context.evaluated_depsgraph_get()
    return [len(entry.object.data.polygons) for entry in graph.object_instances if entry.object.type == "MESH"]


class InstanceSwitch(ImportCase):
    def test_the_instance_draws_one_level_and_the_library_none(self) -> None:
        receipt = self.bring("chair")
        self.assertEqual(self.drawn(), ["a wooden chair_LOD0"])
        self.assertEqual(receipt.root.instance_collection, receipt.collection)
        self.assertEqual(receipt.root.users_collection[0], bpy.context.scene.collection)

    def test_the_viewport_follows_its_number(self) -> None:
        receipt = self.bring("chair")
        for level in (2, 3, 1, 0):
            set_levels(receipt.root, viewport=level)
            self.assertEqual(self.drawn(), [f"a wooden chair_LOD{level}"])

    def test_a_number_that_is_too_large_shows_the_last_level(self) -> None:
        receipt = self.bring("chair")
        set_levels(receipt.root, viewport=9)
        self.assertEqual(self.drawn(), ["a wooden chair_LOD3"])

    def test_every_copy_of_the_instance_shows_the_same_level(self) -> None:
        receipt = self.bring("chair")
        copy = receipt.root.copy()
        bpy.context.scene.collection.objects.link(copy)
        set_levels(copy, viewport=2)
        self.assertEqual(self.drawn(), ["a wooden chair_LOD2"] * 2)

    def test_two_assets_have_two_switches(self) -> None:
        first, second = self.bring("chair"), self.bring("chair")
        set_levels(first.root, viewport=1)
        self.assertEqual(self.drawn(), [f"{second.name}_LOD0", f"{first.name}_LOD1"])

    def test_the_numbers_are_found_from_whatever_is_selected(self) -> None:
        receipt = self.bring("chair")
        for entry in receipt.objects:
            self.assertEqual(find_level_owner(entry), receipt.objects[1])
        self.assertIsNone(find_level_owner(self.add_cube()))
        self.assertIsNone(find_level_owner(None))

    def test_the_numbers_have_limits(self) -> None:
        finest = self.bring("chair").objects[1]
        for name in (VIEWPORT_LEVEL, RENDER_LEVEL):
            limits = finest.id_properties_ui(name).as_dict()
            self.assertEqual((limits["min"], limits["max"], limits["default"]), (0, 3, 0))

    def test_an_instance_from_the_asset_browser_has_the_switch_too(self) -> None:
        receipt = self.bring("chair")
        # Blender makes it, and writes nothing on it
        instance = bpy.data.objects.new("Dragged", None)
        instance.instance_type, instance.instance_collection = "COLLECTION", receipt.collection
        self.assertEqual(find_level_owner(instance), receipt.objects[1])
        self.assertEqual(find_marked(instance), receipt.objects[1])
        receipt.collection.objects.link(self.bring("house").objects[1])
        self.assertEqual((find_level_owner(instance), find_marked(instance)), (None, None))

    def test_one_level_needs_no_switch(self) -> None:
        levels = read_json(harness.asset("chair"))["levels"][:1]
        receipt = self.bring(self.spoilt(levels=levels))
        self.assertIsNone(find_level_owner(receipt.root))
        self.assertEqual(self.drawn(), ["a wooden chair_LOD0"])

    def test_drivers_need_no_python(self) -> None:
        for level in self.bring("chair").objects[1:]:
            for curve in level.animation_data.drivers:
                self.assertTrue(curve.driver.is_simple_expression)
                self.assertTrue(curve.driver.is_valid)

    def test_opened_for_editing_the_library_shows_the_level_the_viewport_shows(self) -> None:
        receipt = self.bring("chair")
        bpy.context.view_layer.layer_collection.children["Maquette Assets"].exclude = False
        set_levels(receipt.root, viewport=1)
        self.assertEqual(self.drawn(), ["a wooden chair_LOD1"] * 2)

    def test_an_import_leaves_an_opened_library_open_and_its_own_asset_closed(self) -> None:
        self.bring("chair")
        layer = bpy.context.view_layer.layer_collection.children["Maquette Assets"]
        layer.exclude = False
        self.bring("house")
        self.assertFalse(layer.exclude)
        self.assertEqual({child.name: child.exclude for child in layer.children}, {"a wooden chair": False, "a house": True})

    def test_no_view_layer_of_the_scene_draws_it_twice(self) -> None:
        other = bpy.context.scene.view_layers.new("Other")
        self.bring("chair")
        self.assertEqual(self.drawn(), ["a wooden chair_LOD0"])
        self.assertTrue(other.layer_collection.children["Maquette Assets"].exclude)

    def test_two_scenes_have_a_library_each(self) -> None:
        self.bring("chair")
        other = bpy.data.scenes.new("Other")
        window = bpy.context.window_manager.windows[0]
        window.scene = other
        receipt = self.bring("house")
        self.assertIn(receipt.root.name, other.objects)
        self.assertEqual(self.drawn(), ["a house_LOD0"])


class ObjectSwitch(ImportCase):
    def test_one_object_shows_one_level(self) -> None:
        receipt = self.bring("chair", as_object=True)
        self.assertEqual((receipt.root.type, receipt.root.name), ("MESH", "a wooden chair"))
        self.assertEqual(len(triangles_drawn()), 1)
        for level in (3, 1, 2, 0):
            set_levels(receipt.root, viewport=level)
            self.assertEqual(triangles_drawn(), [len(receipt.objects[level + 1].data.polygons)])

    def test_the_levels_are_in_the_collection_all_the_same(self) -> None:
        self.bring("chair", as_object=True)
        names = sorted(entry.name for entry in bpy.data.collections["a wooden chair"].objects)
        self.assertEqual(names, [f"a wooden chair_LOD{number}" for number in range(4)])

    def test_each_copy_has_its_own_choice(self) -> None:
        receipt = self.bring("chair", as_object=True)
        copy = receipt.root.copy()
        bpy.context.scene.collection.objects.link(copy)
        # what Shift D does: drivers that read the object itself read the copy
        for curve in copy.animation_data.drivers:
            curve.driver.variables[0].targets[0].id = copy
        set_levels(copy, viewport=3)
        counts = [len(level.data.polygons) for level in receipt.objects[1:]]
        self.assertEqual(sorted(triangles_drawn()), sorted([counts[0], counts[3]]))

    def test_duplicating_makes_a_switch_of_its_own(self) -> None:
        receipt = self.bring("chair", as_object=True)
        bpy.ops.object.duplicate()
        copy = bpy.context.object
        self.assertNotEqual(copy, receipt.root)
        targets = {curve.driver.variables[0].targets[0].id for curve in copy.animation_data.drivers}
        self.assertEqual(targets, {copy})

    def test_materials_come_with_every_level(self) -> None:
        receipt = self.bring("house", as_object=True)
        expected = {material.name for material in receipt.objects[1].data.materials}
        for level in range(4):
            set_levels(receipt.root, viewport=level)
            graph = bpy.context.evaluated_depsgraph_get()
            shown = receipt.root.evaluated_get(graph).data
            self.assertEqual({material.name for material in shown.materials}, expected)


class SavedAndRendered(ImportCase):
    def reopen(self) -> None:
        """Save, and open as where the add-on is missing and scripts must not run."""
        path = os.path.join(self.scratch, "saved.blend")
        bpy.ops.wm.save_as_mainfile(filepath=path)
        bpy.ops.wm.open_mainfile(filepath=path, use_scripts=False)

    def test_the_instance_still_switches(self) -> None:
        self.bring("chair")
        self.reopen()
        self.assertEqual(self.drawn(), ["a wooden chair_LOD0"])
        finest = bpy.data.objects["a wooden chair_LOD0"]
        finest[VIEWPORT_LEVEL] = 2
        finest.update_tag()
        self.assertEqual(self.drawn(), ["a wooden chair_LOD2"])

    def test_the_object_still_switches(self) -> None:
        self.bring("chair", as_object=True)
        self.reopen()
        whole = bpy.data.objects["a wooden chair"]
        whole[VIEWPORT_LEVEL] = 3
        whole.update_tag()
        self.assertEqual(triangles_drawn(), [len(bpy.data.objects["a wooden chair_LOD3"].data.polygons)])

    def test_pictures_show_the_level_that_renders_and_only_that(self) -> None:
        for as_object in (False, True):
            with self.subTest(as_object=as_object):
                self.setUp()
                receipt = self.bring("chair", as_object=as_object)
                set_levels(receipt.root, viewport=3)
                fine, again = self.render(), self.render()
                set_levels(receipt.root, viewport=0, render=3)
                coarse = self.render()
                self.assertEqual(float(np.abs(fine - again).max()), 0)
                covered = [float((picture[..., 3] > 0.5).mean()) for picture in (fine, coarse)]
                self.assertGreater(min(covered), 0.05)
                # alike, but not the same
                self.assertLess(float(np.abs(fine - coarse).mean()), 0.05)
                self.assertGreater(float(np.abs(fine - coarse).mean()), 0.001)
                # wood is brown: red over green over blue, where materials arrived
                colour = fine[fine[..., 3] > 0.9][:, :3].mean(axis=0)
                self.assertTrue(colour[0] > colour[1] > colour[2] > 0.01, colour)

    def render(self) -> np.ndarray:
        """A picture from the front, by Cycles on the CPU with a fixed seed. Shape (96, 96, 4)."""
        scene = bpy.context.scene
        if scene.camera is None:
            scene.camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
            scene.collection.objects.link(scene.camera)
            scene.camera.location, scene.camera.rotation_euler = (0, -3, 0.5), (np.pi / 2, 0, 0)
            sun = bpy.data.objects.new("Sun", bpy.data.lights.new("Sun", "SUN"))
            sun.data.energy, sun.rotation_euler = 4, (0.8, 0, -0.4)
            scene.collection.objects.link(sun)
        scene.render.engine = "CYCLES"
        scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.use_adaptive_sampling = 8, False, False
        scene.render.film_transparent = True
        scene.render.resolution_x = scene.render.resolution_y = 96
        scene.render.resolution_percentage = 100
        scene.view_settings.view_transform = "Standard"
        scene.render.image_settings.file_format, scene.render.image_settings.color_mode = "PNG", "RGBA"
        scene.render.filepath = os.path.join(self.scratch, "picture.png")
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(scene.render.filepath)
        pixels = np.empty(96 * 96 * 4, dtype=np.float32)
        image.pixels.foreach_get(pixels)
        bpy.data.images.remove(image)
        return pixels.reshape(96, 96, 4)
