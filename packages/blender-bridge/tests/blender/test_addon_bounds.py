"""What this Blender tells of its scene: names, and boxes in glTF's frame."""

from __future__ import annotations

import bpy
import harness
from addon_support import AddonCase


class Bounds(AddonCase):
    def assertBox(self, bounds: dict[str, list[float]], low: tuple[float, ...], high: tuple[float, ...]) -> None:
        for told, expected in ((bounds["min"], low), (bounds["max"], high)):
            for one, other in zip(told, expected):
                self.assertAlmostEqual(one, other, places=5)

    def test_boxes_are_metres_and_y_is_up(self) -> None:
        bpy.ops.mesh.primitive_cube_add(size=2, location=(10, 20, 30))
        bpy.context.object.scale = (1, 2, 3)
        bpy.context.view_layer.update()
        placeholder = self.link.ask_blender("engine/placeholder", {})["placeholder"]
        self.assertEqual(placeholder["name"], "Cube")
        self.assertBox(placeholder["bounds"], (9, 27, -22), (11, 33, -18))
        bpy.context.scene.unit_settings.scale_length = 0.01
        placeholder = self.link.ask_blender("engine/placeholder", {})["placeholder"]
        self.assertBox(placeholder["bounds"], (0.09, 0.27, -0.22), (0.11, 0.33, -0.18))

    def test_nothing_selected_is_no_placeholder(self) -> None:
        bpy.ops.mesh.primitive_cube_add()
        bpy.ops.object.select_all(action="DESELECT")
        self.assertEqual(self.link.ask_blender("engine/placeholder", {}), {"placeholder": None})
        self.assertEqual(self.link.ask_blender("engine/selection", {}), {"objects": []})

    def test_a_light_has_no_size_and_an_asset_tells_its_job(self) -> None:
        bpy.ops.object.light_add()
        bpy.ops.maquette.import_asset(folder=harness.asset("chair"))
        bpy.data.objects["Point"].select_set(True)
        told = {one["name"]: one for one in self.link.ask_blender("engine/selection", {})["objects"]}
        self.assertEqual((told["Point"]["type"], "bounds" in told["Point"]), ("LIGHT", False))
        (asset,) = [one for one in told.values() if one["type"] == "EMPTY"]
        self.assertEqual(asset["job"], bpy.data.objects[asset["name"]]["maquette_job"])
        # The pivot is at the base: an instance has the box of what it shows.
        self.assertAlmostEqual(asset["bounds"]["min"][1], 0.0, places=3)
        self.assertGreater(asset["bounds"]["max"][1], 0.3)

    def test_a_large_selection_is_cut(self) -> None:
        for number in range(250):
            one = bpy.data.objects.new(f"Part {number}", None)
            bpy.context.collection.objects.link(one)
            one.select_set(True)
        self.assertEqual(len(self.link.ask_blender("engine/selection", {})["objects"]), 200)
