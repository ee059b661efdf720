"""A model with bones: one skeleton for all levels, and one pose moves them all."""

from __future__ import annotations

import os
import unittest

import bpy
import harness
import numpy as np

FOX_BONES = 24


class Skeleton(unittest.TestCase):
    def setUp(self) -> None:
        harness.enable_addon()
        harness.empty_scene()
        self.receipt = harness.addon_module("blender.importing").import_asset(bpy.context, harness.asset("fox"))
        self.armature = next(entry for entry in self.receipt.objects if entry.type == "ARMATURE")
        self.levels = [entry for entry in self.receipt.objects if entry.type == "MESH"]

    def posed_bounds(self, frame: int) -> np.ndarray:
        """Bounds of each level as the skeleton bends it at a frame. Shape (levels, 2, 3)."""
        bpy.context.scene.frame_set(frame)
        graph = bpy.context.evaluated_depsgraph_get()
        bounds = []
        for level in self.levels:
            posed = level.evaluated_get(graph)
            mesh = posed.to_mesh()
            points = np.empty(len(mesh.vertices) * 3, np.float32)
            mesh.vertices.foreach_get("co", points)
            points = points.reshape(-1, 3)
            bounds.append((points.min(axis=0), points.max(axis=0)))
            posed.to_mesh_clear()
        return np.array(bounds)

    def test_all_levels_hang_on_one_skeleton(self) -> None:
        self.assertGreaterEqual(len(self.levels), 4)
        self.assertEqual(len(bpy.data.armatures), 1)
        self.assertEqual(self.armature.name, f"{self.receipt.name}_Armature")
        for level in self.levels:
            self.assertEqual([modifier.object for modifier in level.modifiers], [self.armature])
            self.assertEqual(len(level.vertex_groups), FOX_BONES)
        self.assertEqual(self.receipt.notes, ())

    def test_one_pose_moves_every_level_alike(self) -> None:
        at_rest, later = self.posed_bounds(0), self.posed_bounds(10)
        size = float(np.ptp(at_rest[0], axis=0).max())
        for level, (before, after) in enumerate(zip(at_rest, later)):
            moved = np.abs(after - before).max()
            self.assertGreater(moved, 0.03 * size, f"level {level} stands still")
            self.assertLess(np.abs(after - later[0]).max(), 0.03 * size, f"level {level} moves in another way")

    def test_every_animation_came_along(self) -> None:
        tracks = sorted(track.name for track in self.armature.animation_data.nla_tracks)
        self.assertEqual(tracks, ["Run", "Survey", "Walk"])
        self.assertEqual(len(bpy.data.actions), len(tracks))

    def test_the_whole_survives_saving_and_opening(self) -> None:
        before = self.posed_bounds(10)
        path = os.path.join(bpy.app.tempdir, "fox.blend")
        bpy.ops.wm.save_as_mainfile(filepath=path)
        names = [level.name for level in self.levels]
        bpy.ops.wm.open_mainfile(filepath=path)
        self.levels = [bpy.data.objects[name] for name in names]
        self.assertLess(np.abs(self.posed_bounds(10) - before).max(), 1e-3)
