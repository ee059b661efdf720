"""An older asset gives way to a newer one: what of it goes, what of it is the artist's, and what is refused."""

from __future__ import annotations

import bpy
import harness
from import_support import BridgeError, ImportCase, importing, read_json
from mathutils import Matrix

from maquette.blender.importing.level_switch import set_levels

EIFFEL, LOGO = "eiffel", "logo"


class ReplacedSplats(ImportCase):
    def test_a_newer_asset_takes_the_place_of_all_of_an_older_splat(self) -> None:
        for is_level_clicked, newer in ((True, EIFFEL), (False, EIFFEL), (True, "chair"), (False, "chair")):
            with self.subTest(newer, is_level_clicked=is_level_clicked):
                harness.empty_scene()
                room, old, hat = self.splat_in_a_room()
                names = [entry.name for entry in old.objects]
                receipt = self.bring(newer, placeholder=old.objects[1] if is_level_clicked else old.root)
                self.assertEqual([name for name in names if name in bpy.data.objects], [])
                self.assertEqual([mesh.name for mesh in bpy.data.meshes if mesh.users == 0 and mesh.name in names], [])
                self.assertNear(receipt.root.location, (4, 0, 0))
                self.assertAlmostEqual(receipt.root.rotation_euler.z, 1.0, places=5)
                self.assertEqual(hat.parent, receipt.root)
                is_splat = newer == EIFFEL
                self.assertEqual(list(room.children), [receipt.collection] if is_splat else [])
                self.assertEqual(set(room.objects), {hat} if is_splat else {hat, receipt.root})
                self.assertEqual(set(receipt.root.children), {hat, *receipt.objects[1:]} if is_splat else {hat})

    def splat_in_a_room(self) -> tuple[bpy.types.Collection, importing.ImportReceipt, bpy.types.Object]:
        """A splat in the collection Kitchen at (4, 0, 0), turned, with an empty that the artist hung on it."""
        room = bpy.data.collections.new("Kitchen")
        bpy.context.scene.collection.children.link(room)
        box = self.add_cube(location=(4, 0, 1))
        bpy.context.scene.collection.objects.unlink(box)
        room.objects.link(box)
        splat = self.bring(EIFFEL, placeholder=box)
        splat.root.rotation_euler.z = 1.0
        hat = bpy.data.objects.new("Hat", None)
        room.objects.link(hat)
        hat.parent = splat.root
        return room, splat, hat

    def test_what_an_artist_took_out_of_a_splat_is_replaced_alone(self) -> None:
        splat = self.bring(EIFFEL)
        level, levels = splat.objects[1], len(splat.objects) - 1
        level.parent = None
        self.bring("chair", placeholder=level)
        self.assertEqual(len(splat.collection.objects), levels + 1)  # the root, and a chair where the level was

    def test_copies_of_levels_are_the_artists(self) -> None:
        # names in their usual places, and the other way round
        for is_renamed in (False, True):
            for chosen in ("root", "level"):
                with self.subTest(chosen, is_renamed=is_renamed):
                    harness.empty_scene()
                    old = self.bring(EIFFEL)
                    level, coarser = old.objects[1:3]
                    copies = [self.duplicate(level), self.duplicate(coarser), self.duplicate(level, is_linked=True)]
                    if is_renamed:
                        level.name, copies[0].name = "finest", level.name
                    mine, place = set(copies), old.collection.name
                    receipt = self.bring(LOGO, placeholder=old.root if chosen == "root" else level)
                    self.assertEqual({copy.parent for copy in mine}, {receipt.root})
                    self.assertEqual({copy.users_collection[0].name for copy in mine}, {place})
                    self.assertEqual(set(bpy.data.objects) - mine - set(receipt.objects), set())
                    self.assertEqual([len(copy.data.vertices) > 0 for copy in copies], [True] * 3)
                    drivers = copies[1].animation_data.drivers if copies[1].animation_data else ()
                    self.assertEqual(list(drivers), [], "nothing else would ever show it again")

    def duplicate(self, level: bpy.types.Object, is_linked: bool = False) -> bpy.types.Object:
        """What Shift+D makes of a level, or Alt+D."""
        number = level["maquette_level"]
        set_levels(level, viewport=number)
        bpy.context.view_layer.update()
        for entry in bpy.context.view_layer.objects:
            entry.select_set(entry == level)
        bpy.context.view_layer.objects.active = level
        bpy.ops.object.duplicate(linked=is_linked)
        set_levels(level, viewport=0)
        copy = bpy.context.view_layer.objects.active
        self.assertNotEqual(copy, level)
        return copy

    def test_of_copied_sets_of_levels_the_original_goes(self) -> None:
        old = self.bring(EIFFEL)
        copies = {level: level.copy() for level in old.objects[1:]}
        for copy in copies.values():
            old.collection.objects.link(copy)
            for curve in copy.animation_data.drivers:
                target = curve.driver.variables[0].targets[0]
                target.id = copies.get(target.id, target.id)  # a copy of level 0 reads its own numbers at once
        names = [level.name for level in copies]
        receipt = self.bring(LOGO, placeholder=old.root)
        self.assertEqual([name for name in names if name in bpy.data.objects], [])
        self.assertEqual(set(receipt.root.children) - set(receipt.objects), set(copies.values()))

    def test_of_a_single_level_the_one_with_its_name_goes(self) -> None:
        old = self.bring(self.spoilt_to_one_level())
        level = old.objects[1]
        # sorts before the original, so that which comes first decides nothing
        copy = self.duplicate(level)
        copy.name = "A Copy"
        name = level.name
        self.bring(LOGO, placeholder=old.root)
        self.assertNotIn(name, bpy.data.objects)
        self.assertIn("A Copy", bpy.data.objects)

    def spoilt_to_one_level(self) -> str:
        """Folder of a splat without coarser levels."""
        levels = read_json(harness.asset(EIFFEL))["levels"]
        return self.spoilt(EIFFEL, levels=levels[:1])

    def test_a_copy_that_is_chosen_is_replaced_alone(self) -> None:
        old = self.bring(EIFFEL)
        names = [entry.name for entry in old.objects]
        copy = self.duplicate(old.objects[1])
        copy.name = "Mine"
        receipt = self.bring("chair", placeholder=copy)
        self.assertEqual([name for name in names if name not in bpy.data.objects], [])
        self.assertNotIn("Mine", bpy.data.objects)
        self.assertEqual(receipt.root.parent, old.root)

    def test_instances_show_the_newer_splat_where_they_showed_the_older(self) -> None:
        for has_hat in (False, True):
            with self.subTest(has_hat=has_hat):
                harness.empty_scene()
                room, old, hat = self.splat_in_a_room()
                if has_hat:
                    old.collection.objects.link(hat)
                old.collection.instance_offset = (0, 0, 0.5)
                instance, nodes = self.instance_of(old.collection), self.reader_of(old.collection)
                receipt = self.bring(LOGO, placeholder=old.root)
                self.assertEqual(instance.instance_collection, receipt.collection)
                self.assertEqual(nodes.inputs["Collection"].default_value, receipt.collection)
                self.assertNear(receipt.collection.instance_offset, (0, 0, 0.5))
                children = [child for child in room.children if child == receipt.collection]
                self.assertEqual(len(children), 1, "it stands there once")
                self.assertEqual(len(room.children), 2 if has_hat else 1)
                self.assertNotIn(receipt.collection, list(bpy.context.scene.collection.children))

    def test_instances_show_the_newer_mesh_where_they_showed_the_older_splat(self) -> None:
        for as_object in (False, True):
            with self.subTest(as_object=as_object):
                harness.empty_scene()
                _, old, _ = self.splat_in_a_room()
                old.collection.instance_offset = (0, 0, 0.5)
                instance = self.instance_of(old.collection)
                before = old.root.matrix_world.copy()
                receipt = self.bring("chair", placeholder=old.root, as_object=as_object)
                bpy.context.view_layer.update()
                graph = bpy.context.evaluated_depsgraph_get()
                shown = [
                    entry.matrix_world.translation.copy()
                    for entry in graph.object_instances
                    if entry.object.type == "MESH"
                ]
                expected = instance.matrix_world @ Matrix.Translation((0, 0, -0.5)) @ before
                # the one in the scene comes with that of the instance
                places = sorted([expected.translation[:], before.translation[:]])
                self.assertNear(sorted(place[:] for place in shown), places, 1e-4)
                self.assertEqual(len(receipt.root.users_collection), 1)

    def instance_of(self, collection: bpy.types.Collection) -> bpy.types.Object:
        """An instance of a collection at (0, 7, 0)."""
        instance = bpy.data.objects.new("Instance", None)
        instance.instance_type, instance.instance_collection = "COLLECTION", collection
        instance.location = (0, 7, 0)
        bpy.context.scene.collection.objects.link(instance)
        bpy.context.view_layer.update()
        return instance

    def reader_of(self, collection: bpy.types.Collection) -> bpy.types.Node:
        """A node that reads a collection, as scattering it over a ground does."""
        tree = bpy.data.node_groups.new("Scatter", "GeometryNodeTree")
        node = tree.nodes.new("GeometryNodeCollectionInfo")
        node.inputs["Collection"].default_value = collection
        return node


class PartsInTheLibrary(ImportCase):
    def test_a_level_in_the_library_is_no_placeholder(self) -> None:
        old = self.bring("chair")
        before = self.names()
        for level in old.objects[1:]:
            with self.assertRaises(BridgeError) as caught:
                self.bring("house", placeholder=level)
            self.assertEqual(caught.exception.code, "IMPORT_FAILED")
            self.assertIn("instance", caught.exception.remedy)
            self.assertEqual(self.names(), before)

    def test_a_skeleton_in_the_library_is_no_placeholder(self) -> None:
        skeleton = next(entry for entry in self.bring("fox").objects if entry.type == "ARMATURE")
        with self.assertRaises(BridgeError) as caught:
            self.bring("chair", placeholder=skeleton)
        self.assertEqual(caught.exception.code, "IMPORT_FAILED")

    def test_a_level_in_the_scene_is_one(self) -> None:
        old = self.bring("chair")
        level = old.objects[1]
        old.collection.objects.unlink(level)
        bpy.context.scene.collection.objects.link(level)
        name = level.name
        receipt = self.bring("house", placeholder=level)
        self.assertNotIn(name, bpy.data.objects)
        self.assertEqual(list(receipt.root.users_collection), [bpy.context.scene.collection])

    def test_roots_are_placeholders(self) -> None:
        for as_object in (False, True):
            with self.subTest(as_object=as_object):
                harness.empty_scene()
                old = self.bring("chair", as_object=as_object)
                receipt = self.bring("house", placeholder=old.root)
                self.assertEqual(list(receipt.root.users_collection), [bpy.context.scene.collection])
