"""The splat panel's own operators: what they change of an asset, and of the viewport when asked."""

from __future__ import annotations

import bpy
import harness
from addon_support import AddonCase


class SplatPanel(AddonCase):
    def setUp(self) -> None:
        super().setUp()
        importing = harness.addon_module("blender.importing")
        self.receipt = importing.import_asset(bpy.context, harness.asset("eiffel"))
        self.panel = harness.addon_module("blender.splat_panel")

    def test_an_operator_changes_all_levels(self) -> None:
        value = harness.addon_module("blender.importing.splat_display").splat_display_value
        self.assertEqual(bpy.ops.maquette.set_splat_mode(mode=2), {"FINISHED"})
        self.assertEqual(bpy.ops.maquette.crop_splat(use=True), {"FINISHED"})
        displays = self.panel.find_displays(self.receipt.objects[1])
        self.assertEqual(len(displays), len(self.receipt.objects) - 1)
        self.assertEqual({(value(display, "Mode"), bool(value(display, "Crop"))) for display in displays}, {(2, True)})

    def test_a_slider_of_one_level_changes_all(self) -> None:
        shown = harness.addon_module("blender.importing.splat_display")
        displays = self.panel.find_displays(self.receipt.objects[1])
        box = bpy.data.objects.new("Box", None)
        bpy.context.scene.collection.objects.link(box)
        shares = [shown.splat_display_value(display, "Display Share") for display in displays]
        bpy.context.view_layer.update()
        for name, value in (("Opacity Threshold", 0.75), ("Crop Max", (0.0, 1.5, 2.5)), ("Crop Object", box)):
            with self.subTest(name):
                shown.set_splat_display(displays[0], name, value)
                bpy.context.view_layer.update()
                told = [shown.splat_display_value(display, name) for display in displays]
                told = [tuple(one) if hasattr(one, "__len__") else one for one in told]
                self.assertEqual(told, [value] * len(displays))
        shown.set_splat_display(displays[0], "Display Share", 0.125)
        bpy.context.view_layer.update()
        self.assertEqual([shown.splat_display_value(display, "Display Share") for display in displays][1:], shares[1:])

    def test_a_level_that_is_moved_takes_the_others_along(self) -> None:
        root, *levels = self.receipt.objects
        bpy.context.view_layer.update()
        levels[0].location = (2.0, 0.0, 1.0)
        levels[0].rotation_euler = (0.0, 0.0, 0.5)
        bpy.context.view_layer.update()
        for level in levels[1:]:
            self.assertEqual(tuple(level.location), (2.0, 0.0, 1.0))
            self.assertAlmostEqual(level.rotation_euler.z, 0.5, places=5)
        self.assertEqual(tuple(root.location), (0.0, 0.0, 0.0))

    def test_what_is_carried_over_is_the_same_to_the_last_digit_and_then_all_is_quiet(self) -> None:
        level, other = self.receipt.objects[1:3]
        bpy.context.view_layer.update()
        level.rotation_mode = "ZYX"
        level.location, level.rotation_euler, level.scale = (0.1, -2.3, 7.7), (0.3, 1.1, -2.9), (-1.3, 0.7, 2.1)
        before = [tuple(getattr(level, name)) for name in ("location", "rotation_euler", "scale")]
        for _ in range(3):
            bpy.context.view_layer.update()
        for entry in (level, other):
            told = [tuple(getattr(entry, name)) for name in ("location", "rotation_euler", "scale")]
            self.assertEqual((entry.rotation_mode, told), ("ZYX", before))
        rounds = []

        def count(_scene: object, graph: bpy.types.Depsgraph) -> None:
            rounds.append([update.id.name for update in graph.updates])

        bpy.app.handlers.depsgraph_update_post.append(count)
        try:
            for _ in range(3):
                bpy.context.view_layer.update()
        finally:
            bpy.app.handlers.depsgraph_update_post.remove(count)
        self.assertEqual(rounds, [])

    def test_a_copy_of_a_level_goes_its_own_way(self) -> None:
        level = self.receipt.objects[1]
        copy = level.copy()
        self.receipt.collection.objects.link(copy)
        bpy.context.view_layer.update()
        copy.location.x = 5.0
        bpy.context.view_layer.update()
        self.assertEqual([entry.location.x for entry in self.receipt.objects[1:]], [0.0] * (len(self.receipt.objects) - 1))
        level.location.x = 1.0
        bpy.context.view_layer.update()
        self.assertEqual((copy.location.x, self.receipt.objects[2].location.x), (5.0, 1.0))

    def test_other_splats_are_left_as_they_are(self) -> None:
        shown = harness.addon_module("blender.importing.splat_display")
        other = harness.addon_module("blender.importing").import_asset(bpy.context, harness.asset("eiffel"))
        shown.set_splat_display(self.panel.find_displays(self.receipt.objects[1])[0], "Opacity Threshold", 0.75)
        bpy.context.view_layer.update()
        for display in self.panel.find_displays(other.objects[1]):
            self.assertAlmostEqual(shown.splat_display_value(display, "Opacity Threshold"), 0.1, places=5)

    def test_a_modifier_without_the_inputs_is_no_display(self) -> None:
        for makes in (lambda: None, lambda: bpy.data.node_groups.new("Mine", "GeometryNodeTree")):
            group = makes()
            for level in self.receipt.objects[1:]:
                level.modifiers[0].node_group = group
            for asset in (self.receipt.root, self.receipt.objects[1]):
                self.assertEqual(self.panel.find_displays(asset), [])
                bpy.context.view_layer.objects.active = asset
                self.assertFalse(bpy.ops.maquette.set_splat_mode.poll())
                self.assertFalse(bpy.ops.maquette.crop_splat.poll())
                self.assertFalse(self.panel.MAQUETTE_PT_splat.poll(bpy.context))

    def test_levels_that_have_their_display_are_changed_though_one_has_not(self) -> None:
        self.receipt.objects[1].modifiers[0].node_group = None
        self.receipt.objects[2].modifiers.clear()
        self.receipt.objects[2].modifiers.new("Splat Display", "SUBSURF")
        self.assertEqual(bpy.ops.maquette.set_splat_mode(mode=2), {"FINISHED"})
        displays = self.panel.find_displays(self.receipt.objects[1])
        value = harness.addon_module("blender.importing.splat_display").splat_display_value
        self.assertEqual([value(display, "Mode") for display in displays], [2] * (len(self.receipt.objects) - 3))

    def test_every_slider_is_an_input_of_the_display(self) -> None:
        tree = self.panel.find_displays(self.receipt.objects[1])[0].node_group
        sockets = tree.interface.items_tree if hasattr(tree, "interface") else tree.inputs
        self.assertLessEqual(set(self.panel._SLIDERS), {socket.name for socket in sockets})

    def test_the_viewport_is_the_artists_until_colours_are_asked_for(self) -> None:
        window = bpy.context.window_manager.windows[0]
        area = next(area for area in window.screen.areas if area.type == "VIEW_3D")
        shading = area.spaces.active.shading
        # as it was before the import
        self.assertEqual((shading.type, shading.color_type, shading.light), ("SOLID", "MATERIAL", "STUDIO"))
        self.assertTrue(self.panel.hides_colours(area.spaces.active))
        with bpy.context.temp_override(window=window, area=area):
            self.assertEqual(bpy.ops.maquette.show_splat_colours(), {"FINISHED"})
            self.assertFalse(bpy.ops.maquette.show_splat_colours.poll())
        self.assertEqual((shading.color_type, shading.light), ("VERTEX", "FLAT"))
        self.assertFalse(self.panel.hides_colours(area.spaces.active))
