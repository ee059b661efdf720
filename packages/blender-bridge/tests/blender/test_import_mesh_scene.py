"""What an import does to the artist's scene: placeholder, selection, mode, undo; and nothing at all when it fails."""

from __future__ import annotations

import json
import math
import os
import struct
import unittest.mock

import bpy
import harness
from import_support import BridgeError, ImportCase, importing, read_json
from mathutils import Matrix, Vector


class WithoutPlaceholder(ImportCase):
    def test_it_stands_at_the_cursor_selected_and_active_in_the_active_collection(self) -> None:
        work = bpy.data.collections.new("Work")
        bpy.context.scene.collection.children.link(work)
        bpy.context.view_layer.active_layer_collection = bpy.context.view_layer.layer_collection.children["Work"]
        other = self.add_cube()
        bpy.context.scene.cursor.location = (1, 2, 3)
        root = self.bring("chair").root
        self.assertEqual(tuple(root.location), (1, 2, 3))
        self.assertEqual([collection.name for collection in root.users_collection], ["Work"])
        self.assertEqual(bpy.context.view_layer.objects.active, root)
        self.assertEqual((root.select_get(), other.select_get()), (True, False))
        self.assertEqual(bpy.context.view_layer.active_layer_collection.name, "Work")

    def test_it_never_lands_unseen_in_the_library(self) -> None:
        self.bring("chair")
        layer = bpy.context.view_layer.layer_collection.children["Maquette Assets"]
        bpy.context.view_layer.active_layer_collection = layer
        root = self.bring("house").root
        self.assertEqual(root.users_collection[0], bpy.context.scene.collection)

    def test_an_active_collection_of_another_file_takes_nothing(self) -> None:
        path = os.path.join(self.scratch, "set.blend")
        room = bpy.data.collections.new("Set")
        room.objects.link(bpy.data.objects.new("Wall", None))
        bpy.data.libraries.write(path, {room})
        harness.empty_scene()
        with bpy.data.libraries.load(path, link=True) as (_, wanted):
            wanted.collections = ["Set"]
        bpy.context.scene.collection.children.link(bpy.data.collections["Set"])
        layer = bpy.context.view_layer
        layer.active_layer_collection = layer.layer_collection.children["Set"]
        root = self.bring("chair").root
        self.assertEqual(root.users_collection[0], bpy.context.scene.collection)

    # Without a drawn window, older versions show nothing in a local view.
    if bpy.app.version >= (5, 0, 0):

        def test_a_viewport_that_shows_a_few_objects_shows_the_new_one_too(self) -> None:
            cube = self.add_cube()
            window = bpy.context.window_manager.windows[0]
            area = next(area for area in window.screen.areas if area.type == "VIEW_3D")
            region = next(region for region in area.regions if region.type == "WINDOW")
            with bpy.context.temp_override(window=window, area=area, region=region):
                bpy.ops.view3d.localview(frame_selected=False)
            space = area.spaces.active
            self.assertTrue(cube.local_view_get(space))
            self.assertTrue(self.bring("chair").root.local_view_get(space))

    def test_in_an_empty_scene_it_is_selected_too(self) -> None:
        for as_object in (False, True):
            root = self.bring("chair", as_object=as_object).root
            self.assertEqual((bpy.context.view_layer.objects.active, bpy.context.selected_objects), (root, [root]))

    def test_work_in_edit_mode_goes_on(self) -> None:
        cube = self.add_cube()
        bpy.ops.object.mode_set(mode="EDIT")
        root = self.bring("chair").root
        self.assertEqual((bpy.context.mode, bpy.context.view_layer.objects.active), ("EDIT_MESH", cube))
        self.assertIn(root.name, bpy.context.scene.objects)

    def test_frames_of_the_scene_stay(self) -> None:
        scene = bpy.context.scene
        scene.frame_start, scene.frame_end = 5, 77
        scene.frame_set(42)
        self.bring("chair")
        self.assertEqual((scene.frame_start, scene.frame_end, scene.frame_current), (5, 77, 42))


class Placeholder(ImportCase):
    def test_an_empty_hands_on_its_whole_matrix(self) -> None:
        empty = bpy.data.objects.new("Here", None)
        bpy.context.scene.collection.objects.link(empty)
        empty.rotation_mode = "XYZ"
        empty.location, empty.rotation_euler, empty.scale = (1, 2, 3), (0.1, 0.2, 0.3), (2, 2, 2)
        bpy.context.view_layer.update()
        matrix = empty.matrix_world.copy()
        root = self.bring("chair", placeholder=empty).root
        bpy.context.view_layer.update()
        self.assertNear(root.matrix_world, matrix)
        self.assertNear(root.rotation_euler, (0.1, 0.2, 0.3))
        self.assertNotIn("Here", bpy.data.objects)

    def test_a_box_hands_on_the_middle_of_its_underside_and_its_rotation(self) -> None:
        turn = (0, 0, math.radians(30))
        box = self.add_cube(location=(4, 5, 6), rotation_euler=turn, scale=(1, 0.5, 3))
        root = self.bring("chair", placeholder=box).root
        bpy.context.view_layer.update()
        self.assertNear(root.matrix_world.translation, (4, 5, 3))
        self.assertNear(root.rotation_euler, turn)
        self.assertNear(root.matrix_world.to_scale(), (1, 1, 1))

    def test_a_box_that_lies_on_its_side_stays_so(self) -> None:
        box = self.add_cube(location=(0, 0, 1), rotation_euler=(math.pi / 2, 0, 0))
        root = self.bring("chair", placeholder=box).root
        bpy.context.view_layer.update()
        self.assertNear(root.matrix_world.translation, (0, 1, 1))
        self.assertNear(root.matrix_world.to_3x3() @ Vector((0, 0, 1)), (0, -1, 0))

    def test_the_asset_takes_the_height_of_the_box_when_asked(self) -> None:
        box = self.add_cube(scale=(1, 1, 2))
        root = self.bring("chair", placeholder=box, fit_height=True).root
        height = read_json(harness.asset("chair"))["bounds"]["max"][1]
        self.assertNear(root.scale, [4 / height] * 3, 1e-4)

    def test_modifiers_count_for_what_a_box_fills(self) -> None:
        box = self.add_cube()
        box.modifiers.new("Array", "ARRAY").relative_offset_displace = (0, 0, -1)
        root = self.bring("chair", placeholder=box).root
        self.assertNear(root.location, (0, 0, -3))

    def test_parent_collections_properties_and_constraints_are_kept(self) -> None:
        parent = bpy.data.objects.new("Parent", None)
        room, props = bpy.data.collections.new("Room"), bpy.data.collections.new("Props")
        for collection in (room, props):
            bpy.context.scene.collection.children.link(collection)
        room.objects.link(parent)
        parent.location, parent.rotation_euler, parent.scale = (1, 0, 0), (0, 0, 1), (2, 2, 2)
        box = self.add_cube(location=(3, 4, 5))
        for collection in box.users_collection:
            collection.objects.unlink(box)
        room.objects.link(box)
        props.objects.link(box)
        box.parent = parent
        box.matrix_parent_inverse = Matrix.Translation((0.5, 0, 0))
        box["price"], box["tags"] = 12.5, "kitchen"
        box.id_properties_ui("price").update(min=0, max=99, description="in gold")
        box.constraints.new("LIMIT_SCALE").name = "Keep"
        bpy.context.view_layer.update()
        base = box.matrix_world @ Vector((0, 0, -1))
        root = self.bring("chair", placeholder=box).root
        bpy.context.view_layer.update()
        self.assertEqual(root.parent, parent)
        self.assertEqual({collection.name for collection in root.users_collection}, {"Room", "Props"})
        self.assertNear(root.matrix_world.translation, base)
        self.assertNear(root.matrix_world.to_scale(), (1, 1, 1))
        self.assertNear(root.matrix_parent_inverse, Matrix.Translation((0.5, 0, 0)))
        self.assertEqual((root["price"], root["tags"]), (12.5, "kitchen"))
        self.assertEqual(root.id_properties_ui("price").as_dict()["max"], 99)
        self.assertEqual([constraint.name for constraint in root.constraints], ["Keep"])

    def test_children_stay_where_they_are(self) -> None:
        box = self.add_cube(location=(3, 4, 5), rotation_euler=(0, 0, 1), scale=(1, 2, 3))
        child = bpy.data.objects.new("Child", None)
        bpy.context.scene.collection.objects.link(child)
        child.parent, child.location = box, (0.5, 0.5, 0.5)
        bpy.context.view_layer.update()
        place = child.matrix_world.translation.copy()
        root = self.bring("chair", placeholder=box).root
        bpy.context.view_layer.update()
        self.assertEqual(child.parent, root)
        self.assertNear(child.matrix_world.translation, place, 1e-4)
        self.assertEqual(tuple(child.location), (0.5, 0.5, 0.5))

    def test_what_pointed_at_the_placeholder_points_at_the_asset(self) -> None:
        box = self.add_cube()
        watcher = bpy.data.objects.new("Watcher", None)
        bpy.context.scene.collection.objects.link(watcher)
        watcher.constraints.new("TRACK_TO").target = box
        root = self.bring("chair", placeholder=box).root
        self.assertEqual(watcher.constraints[0].target, root)
        self.assertEqual([entry.name for entry in bpy.context.scene.collection.objects].count(root.name), 1)

    def test_an_older_asset_hands_on_its_matrix_and_not_what_it_was(self) -> None:
        for as_object in (False, True):
            with self.subTest(as_object=as_object):
                self.setUp()
                old = self.bring("house", as_object=as_object, job="old")
                old.root.location, old.root.scale = (1, 2, 3), (1.5, 1.5, 1.5)
                root = self.bring("chair", placeholder=old.root, job="new").root
                bpy.context.view_layer.update()
                self.assertNear(root.matrix_world.to_scale(), (1.5, 1.5, 1.5))
                self.assertNear(root.matrix_world.translation, (1, 2, 3))
                self.assertEqual((root["maquette_job"], root["maquette_prompt"]), ("new", "a wooden chair"))
                self.assertEqual(self.drawn(), ["a wooden chair_LOD0"])

    def test_one_that_is_gone_is_refused(self) -> None:
        cube = self.add_cube()
        bpy.data.objects.remove(cube)
        with self.assertRaises(BridgeError) as caught:
            self.bring("chair", placeholder=cube)
        self.assertEqual(caught.exception.code, "IMPORT_FAILED")


class OneUndoStep(ImportCase):
    def test_undo_brings_the_placeholder_back_and_redo_the_asset(self) -> None:
        for as_object in (False, True):
            with self.subTest(as_object=as_object):
                self.setUp()
                self.add_cube(location=(1, 2, 3))["price"] = 7
                bpy.ops.ed.undo_push(message="Cube")
                before = self.names()
                self.bring("chair", placeholder=bpy.data.objects["Box"], as_object=as_object)
                after = self.names()
                bpy.ops.ed.undo()
                self.assertEqual(self.names(), before)
                self.assertEqual((bpy.data.objects["Box"]["price"], tuple(bpy.data.objects["Box"].location)), (7, (1, 2, 3)))
                bpy.ops.ed.redo()
                self.assertEqual(self.names(), {**after, "meshes": self.names()["meshes"]})
                self.assertNotIn("Box", bpy.data.objects)

    def test_an_operator_that_makes_the_step_itself_gets_none(self) -> None:
        bpy.ops.ed.undo_push(message="Nothing yet")
        self.bring("chair", undo_step=False)
        self.assertIn("a wooden chair", bpy.data.objects)
        self.add_cube("Later")
        bpy.ops.ed.undo_push(message="Later")
        bpy.ops.ed.undo()
        self.assertNotIn("a wooden chair", bpy.data.objects)


class Refusals(ImportCase):
    def refused(self, folder: str, code: str, **options: object) -> BridgeError:
        """Import must fail with this code, in words, and leave everything as it was."""
        cube = self.add_cube()
        before, active = self.names(), bpy.context.view_layer.objects.active
        with self.assertRaises(BridgeError) as caught:
            self.bring(folder, **options)
        error = caught.exception
        self.assertEqual(error.code, code)
        self.assertTrue(error.remedy, error.message)
        self.assertEqual(self.names(), before)
        self.assertEqual((bpy.context.view_layer.objects.active, cube.select_get()), (active, True))
        self.assertEqual(bpy.context.view_layer.active_layer_collection.collection, bpy.context.scene.collection)
        return error

    def test_folders_that_are_no_assets(self) -> None:
        self.refused(os.path.join(self.scratch, "nowhere"), "ASSET_UNREADABLE")
        self.refused(self.scratch, "ASSET_UNREADABLE")
        for content in (b"", b"{", b"[]", b"null", b'{"schema": "maquette.asset"}', b"[" * 100_000, b"\xff\xfe", b'{"a": NaN}'):
            with self.subTest(content[:20]):
                with open(os.path.join(self.scratch, "manifest.json"), "wb") as file:
                    file.write(content)
                self.refused(self.scratch, "ASSET_UNREADABLE")

    def test_manifests_that_lie(self) -> None:
        levels = read_json(harness.asset("chair"))["levels"]
        first = levels[0]
        for changes in (
            {"version": 2},
            {"kind": "statue"},
            {"levels": []},
            {"levels": [first] * 1000},
            {"levels": [{**first, "file": "../chair/lod0.glb"}]},
            {"levels": [{**first, "file": "/etc/passwd"}]},
            {"levels": [{**first, "file": "a\\lod0.glb"}]},
            {"levels": [{**first, "file": "raw.exe"}]},
            {"levels": [{**first, "file": "missing.glb"}]},
            {"levels": [{**first, "file": 7}]},
            {"levels": [{**first, "bytes": first["bytes"] + 1}]},
            {"levels": [{**first, "bytes": None}]},
            {"levels": [None]},
            {"bounds": None},
            {"bounds": {"min": [0, 0, 0], "max": [1e999, 1, 1]}},
        ):
            with self.subTest(changes):
                self.refused(self.spoilt(**changes), "ASSET_UNREADABLE")

    def rewritten(self, content: bytes, number: int = 0) -> str:
        """A folder in which one level has other bytes, of the size the manifest says."""
        levels = read_json(harness.asset("chair"))["levels"]
        levels[number] = {**levels[number], "bytes": len(content)}
        folder = self.spoilt(levels=levels)
        with open(os.path.join(folder, levels[number]["file"]), "wb") as file:
            file.write(content)
        return folder

    def test_levels_that_are_no_glb(self) -> None:
        with open(os.path.join(harness.asset("chair"), "lod2.glb"), "rb") as file:
            whole = file.read()
        for content in (b"", b"glTF", b"\0" * 4096, whole[: len(whole) // 2], b"PK\3\4" + whole[4:]):
            with self.subTest(content[:8]):
                self.refused(self.rewritten(content, 2), "ASSET_UNREADABLE")

    def glb(self, document: dict[str, object]) -> bytes:
        text = json.dumps(document).encode()
        text += b" " * (-len(text) % 4)
        return struct.pack("<4sIIII", b"glTF", 2, 20 + len(text), len(text), 0x4E4F534A) + text

    def test_a_level_must_not_reach_out_of_its_file(self) -> None:
        for group, entry in (("images", {"uri": "../../secret.png"}), ("buffers", {"uri": "file:///etc/passwd", "byteLength": 4})):
            with self.subTest(group):
                content = self.glb({"asset": {"version": "2.0"}, group: [entry]})
                self.refused(self.rewritten(content), "ASSET_UNREADABLE")

    def test_a_level_the_importer_refuses_after_others_arrived(self) -> None:
        content = self.glb({"asset": {"version": "2.0"}, "extensionsRequired": ["MAQUETTE_unheard_of"], "nodes": [{}]})
        error = self.refused(self.rewritten(content, 3), "IMPORT_FAILED")
        self.assertIn("lod3.glb", error.message)

    def test_a_level_without_a_mesh(self) -> None:
        content = self.glb({"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"name": "bare"}]})
        self.refused(self.rewritten(content, 1), "IMPORT_FAILED")

    def test_what_nobody_foresaw_is_an_error_in_words_too(self) -> None:
        refuse = unittest.mock.Mock(side_effect=MemoryError("no room"))
        with unittest.mock.patch.dict(importing.import_asset.__globals__, mark_asset=refuse):
            error = self.refused(harness.asset("chair"), "IMPORT_FAILED")
        self.assertIn("no room", error.message)

    def test_a_placeholder_that_cannot_be_replaced_stays_with_its_children(self) -> None:
        box = self.add_cube("Stand-in", location=(1, 2, 3), scale=(1, 1, 2))
        for number, kind in enumerate(("OBJECT", "VERTEX")):
            child = bpy.data.objects.new(f"Child{number}", None)
            bpy.context.scene.collection.objects.link(child)
            child.parent, child.parent_type, child.location = box, kind, (0, 1, 0)
            child.matrix_parent_inverse = Matrix.Translation((0, 0, 5))
            if kind == "VERTEX":
                child.parent_vertices = (3, 0, 0)
        bpy.context.view_layer.update()
        ties = [
            (child.parent.name, child.parent_type, tuple(child.parent_vertices), child.matrix_world.copy())
            for child in box.children
        ]
        door = importing.import_asset.__globals__["replace_placeholder"].__globals__
        adopt = door["_adopt_child"]

        def break_down(child: bpy.types.Object, *others: object) -> None:
            adopt(child, *others)
            if child.name == "Child1":
                raise RuntimeError("Blender says no")

        with unittest.mock.patch.dict(door, _adopt_child=break_down):
            error = self.refused(harness.asset("chair"), "IMPORT_FAILED", placeholder=box)
        self.assertIn("Blender says no", error.message)
        bpy.context.view_layer.update()
        for child, (parent, kind, vertices, matrix) in zip(box.children, ties, strict=True):
            told = (child.parent.name, child.parent_type, tuple(child.parent_vertices))
            self.assertEqual(told, (parent, kind, vertices))
            self.assertNear(child.matrix_world, matrix)

    def test_the_mode_is_as_before(self) -> None:
        self.add_cube()
        bpy.ops.object.mode_set(mode="EDIT")
        with self.assertRaises(BridgeError):
            self.bring(self.rewritten(self.glb({"asset": {"version": "2.0"}, "nodes": []}), 1))
        self.assertEqual(bpy.context.mode, "EDIT_MESH")
