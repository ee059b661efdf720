"""Levels of a splat in the scene: attributes, size, pivot, names, and what a failure leaves (nothing)."""

from __future__ import annotations

import os

import bpy
import harness
import numpy as np
from import_support import BridgeError, ImportCase, read_json, world_points

from maquette.blender.importing.splat_file import SplatCloud, read_splat
from maquette.blender.importing.splat_object import import_splat_set, splat_object

EIFFEL = "eiffel"


def values_of(mesh: bpy.types.Mesh, name: str, member: str, width: int) -> np.ndarray:
    """All values of an attribute. Shape (n, width)."""
    values = np.empty(width * len(mesh.vertices), np.float32)
    if name == "position":  # no attribute in 3.4
        mesh.vertices.foreach_get("co", values)
    else:
        mesh.attributes[name].data.foreach_get(member, values)
    return values.reshape(-1, width)


def synthetic_cloud(degree: int, count: int = 500) -> SplatCloud:
    """Gaussians of any degree, all numbers different."""
    draw = np.random.default_rng(degree)

    def numbers(*shape: int) -> np.ndarray:
        return draw.uniform(0.1, 1, shape).astype(np.float32)

    rotations = numbers(count, 4)
    rotations /= np.linalg.norm(rotations, axis=1)[:, None]
    return SplatCloud(
        degree=degree,
        positions=numbers(count, 3),
        scales=numbers(count, 3) / 50,
        rotations=rotations,
        opacities=numbers(count),
        colors=numbers(count, 4),
        sh_dc=numbers(count, 3),
        sh_rest=numbers((degree + 1) ** 2 - 1, count, 3),
    )


class SplatLevels(ImportCase):
    def test_every_attribute_of_every_degree_is_there(self) -> None:
        for degree in range(4):
            with self.subTest(degree=degree):
                cloud = synthetic_cloud(degree)
                mesh = splat_object(cloud, "splat").data
                self.assertEqual(len(mesh.vertices), 500)
                expected = {
                    "position": ("vector", cloud.positions),
                    "scale": ("vector", cloud.scales),
                    "rotation": ("color", cloud.rotations),
                    "opacity": ("value", cloud.opacities[:, None]),
                    "Color": ("color", cloud.colors),
                    "sh_dc": ("vector", cloud.sh_dc),
                    **{f"sh_rest_{place}": ("vector", part) for place, part in enumerate(cloud.sh_rest)},
                }
                for name, (member, values) in expected.items():
                    actual = values_of(mesh, name, member, values.shape[1])
                    np.testing.assert_array_equal(actual, values, err_msg=name)
                self.assertNotIn(f"sh_rest_{len(cloud.sh_rest)}", mesh.attributes)
                self.assertEqual(mesh.color_attributes.active_color.name, "Color")

    def test_levels_are_objects_of_a_collection_named_after_the_asset(self) -> None:
        manifest = read_json(harness.asset(EIFFEL))
        receipt = self.bring(EIFFEL)
        name = receipt.name
        levels = [entry for entry in receipt.objects if entry.type == "MESH"]
        self.assertEqual([entry.name for entry in levels], [f"{name}_LOD{n}" for n in range(len(manifest["levels"]))])
        self.assertEqual([entry.data.name for entry in levels], [entry.name for entry in levels])
        self.assertEqual(receipt.kind, "splat")
        self.assertTrue(set(levels) <= set(receipt.collection.objects))
        for entry, level in zip(levels, manifest["levels"]):
            self.assertEqual(len(entry.data.vertices), level["gaussians"])
        for entry in receipt.objects:
            self.assertIn("maquette_job", entry)
            self.assertIn("maquette_manifest", entry)

    def test_in_the_place_of_a_box_it_stands_once_wherever_the_box_was(self) -> None:
        rooms = [bpy.data.collections.new(name) for name in ("Kitchen", "Hall")]
        box = self.add_cube(location=(4, 0, 1))
        bpy.context.scene.collection.objects.unlink(box)
        for room in rooms:
            bpy.context.scene.collection.children.link(room)
            room.objects.link(box)
        receipt = self.bring(EIFFEL, placeholder=box)
        self.assertEqual(list(receipt.root.users_collection), [receipt.collection])
        self.assertEqual([list(room.children) for room in rooms], [[receipt.collection]] * 2)
        self.assertEqual([len(room.objects) for room in rooms], [0, 0])
        bpy.context.view_layer.update()
        self.assertNear(receipt.root.matrix_world.translation, (4, 0, 0))

    def test_size_is_real_pivot_is_at_the_base_and_z_is_up(self) -> None:
        bounds = read_json(harness.asset(EIFFEL))["bounds"]
        receipt = self.bring(EIFFEL)
        bpy.context.view_layer.update()
        points = world_points(next(entry for entry in receipt.objects if entry.type == "MESH"))
        # the manifest's bounds are of what can be seen, which ends around the outermost centres
        low, high = bounds["min"], bounds["max"]
        self.assertNear(points.min(axis=0), (low[0], -high[2], low[1]), 0.05)
        self.assertNear(points.max(axis=0), (high[0], -low[2], high[1]), 0.05)
        # it is a tower: its upper half is narrow
        upper = points[points[:, 2] > 0.5]
        lower = points[points[:, 2] < 0.2]
        self.assertLess(np.ptp(upper[:, 0]) * 2, np.ptp(lower[:, 0]))

    def test_only_the_finest_level_is_shown_at_first(self) -> None:
        manifest = read_json(harness.asset(EIFFEL))
        splats = import_splat_set(bpy.context, manifest, harness.asset(EIFFEL), "tower")
        self.assertEqual(splats.gaussians, tuple(level["gaussians"] for level in manifest["levels"]))
        self.assertEqual([level.hide_viewport for level in splats.levels], [False, True, True, True])
        self.assertEqual([level.hide_render for level in splats.levels], [False, True, True, True])
        self.assertEqual(splats.collection.users, 0, "placing it is the caller's")

    def test_a_level_that_is_no_splat_leaves_nothing(self) -> None:
        manifest = read_json(harness.asset(EIFFEL))
        last = manifest["levels"][-1]["file"]
        for spoil in ("truncated", "gone", "text"):
            with self.subTest(spoil):
                folder = self.spoilt(EIFFEL)
                path = os.path.join(folder, last)
                if spoil == "gone":
                    os.remove(path)
                elif spoil == "text":
                    with open(path, "w", encoding="ascii") as file:
                        file.write("ply\nnot really\n")
                else:
                    os.truncate(path, os.path.getsize(path) - 1)
                before = self.names()
                with self.assertRaises(BridgeError) as caught:
                    import_splat_set(bpy.context, manifest, folder, "tower")
                self.assertEqual(caught.exception.code, "ASSET_UNREADABLE")
                self.assertEqual(self.names(), before)

    def test_what_blender_refuses_is_told_and_leaves_nothing(self) -> None:
        folder = harness.asset(EIFFEL)
        import_splat_set(bpy.context, read_json(folder), folder, "first")
        before = self.names()
        with self.assertRaises(BridgeError) as caught:
            # a name is bytes of at most 63 characters, never this
            import_splat_set(bpy.context, read_json(folder), folder, "lone surrogate \udc80")
        self.assertEqual(caught.exception.code, "IMPORT_FAILED")
        self.assertEqual(self.names(), before)

    def test_numbers_reach_the_scene_as_the_file_has_them(self) -> None:
        cloud = read_splat(os.path.join(harness.asset(EIFFEL), "lod0.ply"))
        mesh = next(entry for entry in self.bring(EIFFEL).objects if entry.type == "MESH").data
        np.testing.assert_array_equal(values_of(mesh, "position", "vector", 3), cloud.positions)
        np.testing.assert_array_equal(values_of(mesh, "Color", "color", 4), cloud.colors)
