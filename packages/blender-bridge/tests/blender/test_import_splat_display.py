"""What the display makes of gaussians: where each shape lies, what is left out, and pictures of it."""

from __future__ import annotations

import os
from typing import Any

import bpy
import harness
import numpy as np
from import_support import ImportCase, read_json

from maquette.blender.importing.splat_display import (
    FLAKES_SHOWN,
    SHAPES_SHOWN,
    add_splat_display,
    set_splat_display,
    splat_display_group,
    splat_display_value,
)
from maquette.blender.importing.splat_file import SplatCloud
from maquette.blender.importing.splat_object import import_splat_set, splat_object

POINTS, ELLIPSOIDS, DISCS = 0, 1, 2
BALL_CORNERS, DISC_CORNERS, FLAKE_CORNERS = 12, 8, 3
CARRIER = 1
"""One vertex brings the active colour along."""


def cloud_of(positions: Any, scales: Any = None, rotations: Any = None, opacities: Any = None) -> SplatCloud:
    """Gaussians without harmonics. Their colours count up, so that each can be told from the others."""
    count = len(positions)
    opacities = np.full(count, 1, np.float32) if opacities is None else np.array(opacities, np.float32)
    if rotations is None:
        rotations = np.tile([1, 0, 0, 0], (count, 1))
    colors = np.ones((count, 4), np.float32)
    colors[:, 0] = (np.arange(count) + 1) / count
    return SplatCloud(
        degree=0,
        positions=np.array(positions, np.float32),
        scales=np.full((count, 3), 0.01, np.float32) if scales is None else np.array(scales, np.float32),
        rotations=np.array(rotations, np.float32),
        opacities=opacities,
        colors=colors,
        sh_dc=np.zeros((count, 3), np.float32),
        sh_rest=np.zeros((0, count, 3), np.float32),
    )


def matrix_of(quaternion: Any) -> np.ndarray:
    """Rotation matrix of a quaternion w x y z."""
    w, x, y, z = (float(part) for part in quaternion)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


class DisplayCase(ImportCase):
    def show(self, cloud: SplatCloud, **inputs: Any) -> bpy.types.Object:
        level = splat_object(cloud, "splat")
        bpy.context.scene.collection.objects.link(level)
        add_splat_display(level, cloud.count, ([-9, -9, -9], [9, 9, 9]))
        return self.change(level, **inputs)

    def change(self, level: bpy.types.Object, **inputs: Any) -> bpy.types.Object:
        for name, value in inputs.items():
            set_splat_display(level.modifiers[0], name.replace("_", " "), value)
        return level

    def shapes(self, level: bpy.types.Object) -> tuple[np.ndarray, np.ndarray]:
        """Corners (n, 3) and their colours (n, 4) without the carrier, which comes first."""
        mesh = level.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
        corners = np.empty(3 * len(mesh.vertices), np.float32)
        mesh.vertices.foreach_get("co", corners)
        colors = np.empty(4 * len(mesh.vertices), np.float32)
        mesh.attributes["Color"].data.foreach_get("color", colors)
        return corners.reshape(-1, 3)[CARRIER:], colors.reshape(-1, 4)[CARRIER:]

    def shown(self, level: bpy.types.Object) -> list[int]:
        """Which gaussians are shown, told by their colours."""
        count = len(level.data.vertices)
        return sorted({round(float(red) * count) - 1 for red in self.shapes(level)[1][:, 0]})


class Shapes(DisplayCase):
    def test_ellipsoids_are_the_gaussians_turned_and_scaled(self) -> None:
        draw = np.random.default_rng(5)
        positions, scales = draw.normal(size=(30, 3)), draw.uniform(0.01, 0.1, (30, 3))
        rotations = draw.normal(size=(30, 4))
        rotations /= np.linalg.norm(rotations, axis=1)[:, None]
        # where Euler angles are not unique: half and quarter turns about each axis
        rotations[:4] = [[0, 1, 0, 0], [0.5**0.5, 0, 0.5**0.5, 0], [0.5, 0.5, 0.5, 0.5], [0.5**0.5, 0, -(0.5**0.5), 0]]
        corners, colors = self.shapes(self.show(cloud_of(positions, scales, rotations)))
        self.assertEqual(len(corners), 30 * BALL_CORNERS)
        for place in range(30):
            own = corners[np.isclose(colors[:, 0], (place + 1) / 30)] - positions[place]
            self.assertEqual(len(own), BALL_CORNERS)
            radii = np.linalg.norm((own @ matrix_of(rotations[place])) / scales[place], axis=1)
            # two standard deviations for a gaussian that is opaque
            np.testing.assert_allclose(radii, np.sqrt(2 * np.log(7)), rtol=2e-3)

    def test_discs_lie_across_the_thinnest_axis(self) -> None:
        scales = [[0.001, 0.1, 0.1], [0.1, 0.001, 0.1], [0.1, 0.1, 0.001]]
        for axis in range(3):
            level = self.show(cloud_of([(0, 0, 0)], [scales[axis]]), Mode=DISCS)
            corners, _ = self.shapes(level)
            self.assertEqual(len(corners), DISC_CORNERS)
            self.assertNear(corners[:, axis], np.zeros(DISC_CORNERS), 1e-6)
            self.assertNear(np.linalg.norm(corners, axis=1), np.full(DISC_CORNERS, 0.26), 1e-4)

    def test_faint_gaussians_are_small(self) -> None:
        level = self.show(cloud_of([(0, 0, 0), (5, 0, 0)], opacities=[1.0, 0.2]))
        corners, _ = self.shapes(level)
        solid = np.ptp(corners[corners[:, 0] < 2][:, 2])
        faint = np.ptp(corners[corners[:, 0] > 2][:, 2])
        self.assertLess(faint * 2, solid)
        self.assertGreater(faint, 0)

    def test_scale_is_a_factor(self) -> None:
        level = self.show(cloud_of([(0, 0, 0)]))
        before = np.ptp(self.shapes(level)[0], axis=0)
        after = np.ptp(self.shapes(self.change(level, Scale=3.0))[0], axis=0)
        self.assertNear(after, before * 3, 1e-5)

    def test_all_harmonics_stay_out_of_the_shapes(self) -> None:
        cloud = cloud_of([(0, 0, 0), (1, 0, 0)])
        harmonics = SplatCloud(**{**cloud.__dict__, "degree": 3, "sh_rest": np.ones((15, 2, 3), np.float32)})
        level = self.show(harmonics)
        level.data.attributes.new("sh_mine", "FLOAT", "POINT")
        level.data.update()
        mesh = level.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
        self.assertEqual([name for name in mesh.attributes.keys() if name.startswith("sh_")], ["sh_mine"])
        self.assertEqual([attribute.name for attribute in mesh.color_attributes], ["Color"])
        self.assertEqual(mesh.color_attributes.active_color.name, "Color", "or solid view is without colour")
        self.assertEqual([material.name for material in mesh.materials], ["Maquette Splat"])
        self.assertIn("sh_rest_14", level.data.attributes, "the object keeps them")


class Choices(DisplayCase):
    def test_threshold_takes_the_faint_ones_and_only_them(self) -> None:
        opacities = np.linspace(0.05, 0.95, 10)
        level = self.show(cloud_of([(place, 0, 0) for place in range(10)], opacities=opacities))
        for threshold in (0.0, 0.1, 0.5, 0.9):
            expected = [place for place in range(10) if opacities[place] >= threshold]
            self.assertEqual(self.shown(self.change(level, Opacity_Threshold=threshold)), expected)
        self.assertEqual(len(level.data.vertices), 10, "the object keeps them")

    def test_display_share_turns_the_others_into_flakes(self) -> None:
        draw = np.random.default_rng(2)
        level = self.show(cloud_of(draw.normal(size=(1000, 3))), Display_Share=0.3)
        corners, _ = self.shapes(level)
        balls = (len(corners) - 1000 * FLAKE_CORNERS) / (BALL_CORNERS - FLAKE_CORNERS)
        self.assertAlmostEqual(balls, 300, delta=60)
        self.assertEqual(len(self.shown(level)), 1000)
        shown = len(self.shown(self.change(level, Flake_Share=0.5)))
        self.assertAlmostEqual(shown, 300 + 350, delta=90)
        self.assertEqual(len(self.shapes(self.change(level, Display_Share=1.0))[0]), 1000 * BALL_CORNERS)

    def test_a_gaussian_keeps_its_shape_while_the_threshold_changes(self) -> None:
        draw = np.random.default_rng(4)
        level = self.show(cloud_of(draw.normal(size=(400, 3)), opacities=draw.uniform(0.1, 1, 400)), Display_Share=0.5)

        def corners_of_each() -> dict[int, int]:
            red = np.round(self.shapes(level)[1][:, 0] * 400).astype(int)
            return dict(zip(*np.unique(red, return_counts=True)))

        before = corners_of_each()
        after = corners_of_each() if self.change(level, Opacity_Threshold=0.5) else {}
        self.assertLess(len(after), len(before))
        self.assertEqual({place: before[place] for place in after}, after)

    def test_points_are_all_there_and_coloured(self) -> None:
        level = self.show(cloud_of(np.random.default_rng(2).normal(size=(50, 3))), Mode=POINTS)
        graph = bpy.context.evaluated_depsgraph_get()
        clouds = [
            entry.object.data
            for entry in graph.object_instances
            if entry.object.type == "POINTCLOUD" and entry.parent is not None and entry.parent.original == level
        ]
        self.assertEqual([len(points.points) for points in clouds], [50])
        self.assertIn("Color", clouds[0].attributes)

    def test_crop_by_the_corners_of_a_box(self) -> None:
        grid = [(x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1)]
        level = self.show(cloud_of(grid))
        low, high = (-0.5, -1.5, 0.5), (1.5, 0.5, 1.5)
        self.change(level, Crop_Min=low, Crop_Max=high)
        self.assertEqual(len(self.shown(level)), 27, "there is no crop until it is switched on")
        inside = [
            place for place, point in enumerate(grid) if all(a <= c <= b for a, c, b in zip(low, point, high))
        ]
        self.assertEqual(self.shown(self.change(level, Crop=True)), inside)

    def test_crop_by_an_object_that_is_turned_moved_and_scaled(self) -> None:
        draw = np.random.default_rng(9)
        points = draw.uniform(-2, 2, (500, 3))
        level = self.show(cloud_of(points))
        level.location = (3, 1, -2)
        empty = bpy.data.objects.new("empty", None)
        bpy.context.scene.collection.objects.link(empty)
        for box in (self.add_cube(), empty):
            with self.subTest(box.type):
                box.location, box.rotation_euler, box.scale = (3.5, 1.2, -2.3), (0.4, -0.7, 1.1), (1.0, 0.6, 1.4)
                bpy.context.view_layer.update()
                self.change(level, Crop=True, Crop_Object=box)
                to_box = np.array(box.matrix_world.inverted() @ level.matrix_world)
                local = points @ to_box[:3, :3].T + to_box[:3, 3]
                expected = np.flatnonzero((np.abs(local) <= 1).all(axis=1))
                self.assertGreater(len(expected), 20)
                self.assertEqual(self.shown(level), list(expected))

    def test_all_splats_share_one_group_and_one_material(self) -> None:
        first = self.show(cloud_of([(0, 0, 0)]))
        groups = len(bpy.data.node_groups)
        second = self.show(cloud_of([(0, 0, 0)]))
        self.assertEqual(first.modifiers[0].node_group, second.modifiers[0].node_group)
        self.assertEqual(len(bpy.data.node_groups), groups)
        # what people pick from is the whole; its parts have names that menus leave out
        for_people = [group.name for group in bpy.data.node_groups if group.name[0] != "."]
        self.assertEqual(for_people, ["Maquette Splat Display"])
        self.assertEqual(len([material for material in bpy.data.materials if "Splat" in material.name]), 1)

    def test_a_group_that_somebody_made_of_that_name_is_left_alone(self) -> None:
        other = bpy.data.node_groups.new("Maquette Splat Display", "GeometryNodeTree")
        self.assertNotEqual(splat_display_group(), other)
        self.assertEqual(len(other.nodes), 0)

    def test_a_material_that_somebody_made_of_that_name_is_left_alone(self) -> None:
        other = bpy.data.materials.new("Maquette Splat")
        level = self.show(cloud_of([(0, 0, 0)]))
        self.assertNotEqual(level.data.materials[0], other)
        self.assertNotEqual(splat_display_value(level.modifiers[0], "Material"), other)
        self.assertEqual(self.show(cloud_of([(0, 0, 0)])).data.materials[0], level.data.materials[0])

    def test_a_new_splat_needs_no_other_file(self) -> None:
        path = os.path.join(self.scratch, "library.blend")
        bpy.data.libraries.write(path, {self.show(cloud_of([(0, 0, 0)]))})
        harness.empty_scene()
        with bpy.data.libraries.load(path, link=True) as (_, linked):
            linked.objects = ["splat"]
        bpy.context.scene.collection.objects.link(linked.objects[0])
        bpy.context.view_layer.update()
        level = self.show(cloud_of([(0, 0, 0)]))
        display = level.modifiers[0]
        needed = [display.node_group, level.data.materials[0], splat_display_value(display, "Material")]
        needed += [node.node_tree for node in display.node_group.nodes if node.type == "GROUP"]
        self.assertEqual([block for block in needed if block.library is not None], [])
        self.assertEqual(self.show(cloud_of([(0, 0, 0)])).modifiers[0].node_group, display.node_group)

    def test_many_gaussians_get_shares_that_leave_blender_responsive(self) -> None:
        level = splat_object(cloud_of([(0, 0, 0)]), "splat")
        display = add_splat_display(level, 1_000_000, ([-1, -2, -3], [1, 2, 3]))
        shapes = splat_display_value(display, "Display Share") * 1_000_000
        flakes = splat_display_value(display, "Flake Share") * (1_000_000 - shapes)
        self.assertAlmostEqual(shapes, SHAPES_SHOWN, delta=1)
        self.assertAlmostEqual(flakes, FLAKES_SHOWN, delta=1)
        self.assertEqual(list(splat_display_value(display, "Crop Min")), [-1, -2, -3])
        with self.assertRaises(KeyError):
            set_splat_display(display, "Sharpness", 1.0)


class Pictures(DisplayCase):
    """Small renders of four gaussians whose places tell left from right and up from down."""

    SIZE = 64
    # display colours: red to the left, green to the right, blue above, grey below, seen from the front
    COLORS = np.float32([[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1], [0.21404114, 0.21404114, 0.21404114, 1]])

    def picture(self, engine: str, mode: int) -> np.ndarray:
        """Pixels from the front (camera at -Y), top row first, display values. Shape (64, 64, 4)."""
        cloud = cloud_of([(-0.6, 0, 0), (0.6, 0, 0), (0, 0, 0.6), (0, 0, -0.6)], [(0.12, 0.1, 0.12)] * 4)
        cloud.colors[:] = self.COLORS
        self.show(cloud, Mode=mode)
        scene = bpy.context.scene
        camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
        scene.collection.objects.link(camera)
        camera.data.type, camera.data.ortho_scale = "ORTHO", 2.0
        camera.location, camera.rotation_euler = (0, -5, 0), (np.pi / 2, 0, 0)
        scene.camera = camera
        render = scene.render
        render.engine = engine
        render.resolution_x = render.resolution_y = self.SIZE
        render.resolution_percentage = 100
        render.film_transparent = True
        scene.view_settings.view_transform = "Standard"
        if engine == "CYCLES":
            scene.cycles.samples, scene.cycles.use_denoising = 16, False
        else:
            scene.display.shading.light, scene.display.shading.color_type = "FLAT", "VERTEX"
            scene.display.render_aa = "OFF"
        render.filepath = os.path.join(self.scratch, "picture.png")
        render.image_settings.file_format = "PNG"
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(render.filepath)
        pixels = np.empty(self.SIZE * self.SIZE * 4, np.float32)
        image.pixels.foreach_get(pixels)
        return pixels.reshape(self.SIZE, self.SIZE, 4)[::-1]

    def assertColors(self, picture: np.ndarray) -> None:
        """At the four places are the four colours, in the middle and in the corners is nothing."""
        for (row, column), color in {
            (32, 13): (1, 0, 0),
            (32, 51): (0, 1, 0),
            (13, 32): (0, 0, 1),
            (51, 32): (0.5, 0.5, 0.5),
        }.items():
            seen = picture[row - 1 : row + 1, column - 1 : column + 1].mean(axis=(0, 1))
            self.assertGreater(seen[3], 0.9)
            self.assertNear(seen[:3], color, 0.06)
        for row, column in ((32, 32), (2, 2), (2, 61), (61, 2), (61, 61)):
            self.assertLess(picture[row, column, 3], 0.05)

    def test_solid_view_shows_the_colours_in_their_places(self) -> None:
        self.assertColors(self.picture("BLENDER_WORKBENCH", ELLIPSOIDS))

    def test_cycles_shows_the_colours_in_their_places(self) -> None:
        for mode in (POINTS, ELLIPSOIDS):
            with self.subTest(mode=mode):
                harness.empty_scene()
                self.assertColors(self.picture("CYCLES", mode))

    def test_discs_are_soft_in_cycles(self) -> None:
        picture = self.picture("CYCLES", DISCS)
        row = picture[13, 32:48, 3]
        self.assertGreater(row[0], 0.9)
        self.assertLess(row[8], 0.6)
        self.assertLess(row[-1], 0.05)


class WholeAsset(DisplayCase):
    def test_every_level_of_an_asset_is_shown(self) -> None:
        folder = harness.asset("eiffel")
        splats = import_splat_set(bpy.context, read_json(folder), folder, "tower")
        bpy.context.scene.collection.children.link(splats.collection)
        for level, gaussians in zip(splats.levels, splats.gaussians):
            level.hide_viewport = False
            self.change(level, Opacity_Threshold=0.0)
            corners, _ = self.shapes(level)
            self.assertEqual(len(corners), gaussians * BALL_CORNERS)
            self.assertTrue(np.isfinite(corners).all())
