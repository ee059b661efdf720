"""The place of an order: kept through undo, renaming, other scenes and other files, and never taken for another."""

from __future__ import annotations

import os
import tempfile

import bpy
import harness
from addon_support import AddonCase, PlayedLink


class Places(AddonCase):
    def test_what_is_ordered_stands_where_its_box_was_if_that_was_deleted(self) -> None:
        bpy.context.scene.cursor.location = (0, 7, 0)
        bpy.ops.maquette.generate(prompt="a chair")
        self.pump()
        bpy.data.objects.remove(bpy.data.objects["a chair (coming)"])
        bpy.context.scene.cursor.location = (0, 0, 0)
        self.tell(self.finished("one"))
        self.assertEqual(tuple(self.landed("one")[0].location), (0, 7, 0))

    def test_what_is_ordered_in_one_scene_does_not_land_in_another(self) -> None:
        ordered_in, window = bpy.context.scene, bpy.context.window
        self.link.answers["job/create"] = lambda params: {"job": self.view(params["prompt"].split()[-1])}
        for word, is_deleted, stands_at in (("gone", True, (0, 7, 0)), ("moved", False, (0, 0, 2))):
            with self.subTest(word):
                window.scene = ordered_in
                ordered_in.cursor.location = (0, 7, 0)
                bpy.ops.maquette.generate(prompt=f"job {word}")
                self.pump()
                box = bpy.data.objects[f"job {word} (coming)"]
                window.scene = bpy.data.scenes.new("Another")
                work = bpy.data.objects.new("Work", None)
                window.scene.collection.objects.link(work)
                work.select_set(True)
                if is_deleted:
                    bpy.data.objects.remove(box)
                else:
                    box.location = stands_at
                self.tell(self.finished(word))
                (root,) = self.landed(word)
                self.assertEqual([scene.name for scene in root.users_scene], [ordered_in.name])
                self.assertEqual(list(window.scene.collection.children_recursive), [])
                self.assertEqual(tuple(root.location), stands_at)
                self.assertTrue(work.select_get())

    def test_without_the_scene_it_was_ordered_in_it_lands_where_the_artist_is(self) -> None:
        bpy.context.scene.cursor.location = (0, 7, 0)
        bpy.ops.maquette.generate(prompt="a chair")
        self.pump()
        ordered_in = bpy.context.scene
        bpy.context.window.scene = bpy.data.scenes.new("Another")
        bpy.data.objects.remove(bpy.data.objects["a chair (coming)"])
        bpy.data.scenes.remove(ordered_in)
        self.tell(self.finished("one"))
        (root,) = self.landed("one")
        self.assertEqual(([scene.name for scene in root.users_scene], tuple(root.location)), (["Another"], (0, 0, 0)))

    def test_undoing_what_came_later_does_not_lose_the_place(self) -> None:
        for again in (False, True):
            with self.subTest(redo=again):
                self.setUp()
                bpy.ops.ed.undo_push(message="Before")
                bpy.ops.maquette.generate(prompt="a chair")
                # as in a window, where the operator makes its step before the service has answered
                bpy.ops.ed.undo_push(message="Generate")
                self.pump()
                bpy.data.objects["a chair (coming)"].location = (5, 0, 0)
                bpy.ops.ed.undo_push(message="Move")
                bpy.ops.ed.undo()
                if again:
                    bpy.ops.ed.redo()
                self.assertEqual(bpy.data.objects["a chair (coming)"]["maquette_awaits"], "one")
                self.tell(self.finished("one"))
                self.assertEqual(tuple(self.landed("one")[0].matrix_world.translation), (5 if again else 0, 0, 0))
                self.assertEqual(self.names("a chair (coming)"), [])

    def test_a_place_that_is_renamed_before_the_service_has_answered_is_kept(self) -> None:
        bpy.ops.mesh.primitive_cube_add(location=(4, 0, 0))
        self.link.answers["job/create"] = lambda params: {"job": self.view(params["prompt"].split()[-1])}
        for prompt, replace, there in (("job one", "", (5, 0, 0)), ("job two", "Cube", (5, 0, -1))):
            with self.subTest(prompt):
                before = set(bpy.data.objects)
                bpy.ops.maquette.generate(prompt=prompt, replace=replace)
                (place,) = set(bpy.data.objects) - before or {bpy.data.objects["Cube"]}
                place.name, place.location = "My own word", (5, 0, 0)
                self.pump()
                job = prompt.split()[-1]
                self.assertEqual(place["maquette_awaits"], job)
                self.tell(self.finished(job))
                self.assertEqual(tuple(self.landed(job)[0].matrix_world.translation), there)
                self.assertNotIn("My own word", bpy.data.objects)

    def test_another_object_that_took_its_name_is_no_place(self) -> None:
        bpy.ops.maquette.generate(prompt="a chair")
        bpy.data.objects["a chair (coming)"].name = "Mine"
        other = bpy.data.objects.new("a chair (coming)", None)
        bpy.context.collection.objects.link(other)
        self.pump()
        self.assertEqual((list(other.keys()), bpy.data.objects["Mine"]["maquette_awaits"]), ([], "one"))
        bpy.data.objects.remove(bpy.data.objects["Mine"])
        self.tell(self.failed("one"))
        self.assertEqual(self.names(), ["a chair (coming)"])

    def test_undo_before_the_service_has_answered_keeps_what_is_replaced(self) -> None:
        bpy.ops.mesh.primitive_cube_add(location=(4, 0, 0))
        bpy.ops.ed.undo_push(message="Cube")
        bpy.ops.maquette.generate(prompt="a chair", replace="Cube")
        bpy.ops.ed.undo_push(message="Generate")
        bpy.ops.ed.undo()
        self.assertNotIn("maquette_place", bpy.data.objects["Cube"])
        self.pump()
        self.assertEqual(bpy.data.objects["Cube"]["maquette_awaits"], "one")

    def test_a_box_whose_order_was_lost_with_the_add_on_goes_when_it_connects_again(self) -> None:
        bpy.ops.mesh.primitive_cube_add()
        bpy.ops.maquette.generate(prompt="a chair")
        bpy.ops.maquette.generate(prompt="a chair", replace="Cube")
        # as disabling does
        self.session.close()
        harness.addon_module("blender.file_handlers").unregister()
        harness.addon_module("blender.file_handlers").register()
        self.session.link = PlayedLink([])
        self.session.deliveries.look_for_awaited()
        self.assertEqual((self.names(), list(bpy.data.objects["Cube"].keys())), (["Cube"], []))

    def test_a_box_waits_on_while_its_order_is_on_its_way(self) -> None:
        bpy.ops.maquette.generate(prompt="a chair")
        self.session.deliveries.look_for_awaited()
        self.pump()
        self.tell(self.finished("one"))
        self.assertEqual((len(self.landed("one")), self.names("a chair (coming)")), (1, []))

    def test_what_belongs_to_another_file_is_refused_before_anything_is_ordered(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "room.blend")
            lamp = bpy.data.objects.new("Lamp", None)
            bpy.data.libraries.write(path, {lamp})
            bpy.data.objects.remove(lamp)
            with bpy.data.libraries.load(path, link=True) as (_, wanted):
                wanted.objects = ["Lamp"]
            bpy.context.scene.collection.objects.link(bpy.data.objects["Lamp"])
            with self.assertRaisesRegex(RuntimeError, "belongs to a linked file"):
                bpy.ops.maquette.generate(prompt="a chair", replace="Lamp")
            self.tell(self.finished("two"))
            bpy.context.scene.maquette.replace_selected = True
            bpy.context.view_layer.objects.active = bpy.data.objects["Lamp"]
            bpy.data.objects["Lamp"].select_set(True)
            with self.assertRaisesRegex(RuntimeError, "belongs to a linked file"):
                bpy.ops.maquette.import_job(job="two")
        self.assertNotIn("job/create", [method for method, _ in self.link.asked])

    def test_what_waits_in_a_linked_file_waits_there(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "room.blend")
            box = bpy.data.objects.new("Box", None)
            box["maquette_awaits"] = "one"
            bpy.data.libraries.write(path, {box})
            bpy.data.objects.remove(box)
            with bpy.data.libraries.load(path, link=True) as (_, wanted):
                wanted.objects = ["Box"]
            bpy.context.scene.collection.objects.link(bpy.data.objects["Box"])
            self.session.deliveries.look_for_awaited()
            self.tell(self.finished("one", requester=None))
        self.assertEqual((self.landed("one"), self.session.notice), ([], None))


class Copies(AddonCase):
    """An artist duplicates what waits."""

    def order(self, job: str, **arguments: str) -> bpy.types.Object:
        """Orders, and duplicates the place before or after the service has answered. Returns the place."""
        self.link.answers["job/create"] = lambda _params: {"job": self.view(job)}
        before = set(bpy.data.objects)
        bpy.ops.maquette.generate(prompt="a chair", **arguments)
        (place,) = set(bpy.data.objects) - before or {bpy.data.objects["Cube"]}
        self.duplicate(place)
        self.pump()
        self.duplicate(place)
        return place

    def duplicate(self, place: bpy.types.Object) -> None:
        bpy.ops.object.select_all(action="DESELECT")
        place.select_set(True)
        bpy.context.view_layer.objects.active = place
        bpy.ops.object.duplicate()

    def test_a_box_that_was_duplicated_is_used_up_with_its_copies(self) -> None:
        self.order("one").location = (5, 0, 0)
        self.assertEqual(len(self.names("a chair (coming)")), 3)
        self.tell(self.finished("one"))
        (root,) = self.landed("one")
        self.assertEqual((tuple(root.location), self.names("a chair (coming)")), ((5, 0, 0), []))
        self.assertNotIn("Maquette placeholder", bpy.data.meshes)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "kitchen.blend")
            bpy.ops.wm.save_as_mainfile(filepath=path)
            bpy.ops.wm.open_mainfile(filepath=path)
        self.assertEqual(self.session.deliveries.jobs(), [])
        self.pump()
        self.assertEqual(len(self.landed("one")), 1)

    def test_copies_do_not_come_back_with_redo(self) -> None:
        self.order("one")
        bpy.ops.ed.undo_push(message="Duplicate")
        self.tell(self.finished("one"))
        bpy.ops.ed.undo()
        self.assertEqual(len(self.names("a chair (coming)")), 3)
        bpy.ops.ed.redo()
        self.assertEqual((len(self.landed("one")), self.names("a chair (coming)")), (1, []))

    def test_copies_of_an_object_of_the_artist_stay_and_wait_no_longer(self) -> None:
        bpy.ops.mesh.primitive_cube_add()
        self.order("one", replace="Cube")
        self.tell(self.finished("one"))
        self.assertEqual(len(self.landed("one")), 1)
        self.assertEqual(self.names("Cube"), ["Cube.001", "Cube.002"])
        self.assertEqual([list(bpy.data.objects[name].keys()) for name in self.names("Cube")], [[], []])

    def test_copies_go_with_a_job_that_failed(self) -> None:
        self.order("one")
        self.tell(self.failed("one"))
        self.assertEqual((self.names(), len(bpy.data.meshes)), ([], 0))


class ByHand(AddonCase):
    """Between "Import" and the import there is time: for another file, another window, another name."""

    def setUp(self) -> None:
        super().setUp()
        self.tell(self.finished("two"))

    def request(self, replaces: str = "") -> None:
        self.session.deliveries.request("two", harness.asset("chair"), replaces)

    def test_an_object_of_the_same_name_in_another_file_is_not_replaced(self) -> None:
        bpy.ops.mesh.primitive_cube_add()
        self.request("Cube")
        harness.empty_scene()
        bpy.ops.mesh.primitive_cube_add()
        self.pump()
        self.assertEqual((self.names(), list(bpy.data.objects["Cube"].keys())), (["Cube"], []))
        notice = self.session.notice
        self.assertEqual((notice.code, notice.is_error, self.session.deliveries.jobs()), ("IMPORT_FAILED", True, []))

    def test_what_replaces_nothing_comes_to_the_cursor_of_the_other_file(self) -> None:
        bpy.context.scene.cursor.location = (0, 7, 0)
        self.request()
        harness.empty_scene()
        bpy.context.scene.cursor.location = (3, 0, 0)
        self.pump()
        self.assertEqual(tuple(self.landed("two")[0].location), (3, 0, 0))

    def test_the_object_is_known_by_more_than_its_name(self) -> None:
        bpy.ops.mesh.primitive_cube_add(location=(4, 0, 1))
        self.request("Cube")
        bpy.data.objects["Cube"].name = "Mine"
        bpy.ops.mesh.primitive_cube_add()
        bpy.context.object.name = "Cube"
        self.pump()
        (root,) = self.landed("two")
        self.assertEqual(tuple(root.location), (4, 0, 0))
        self.assertEqual((self.names("Cube"), self.names("Mine")), (["Cube"], []))

    def test_an_object_that_was_deleted_is_not_taken_for_another(self) -> None:
        bpy.ops.mesh.primitive_cube_add(location=(4, 0, 1))
        self.request("Cube")
        bpy.data.objects.remove(bpy.data.objects["Cube"])
        bpy.ops.mesh.primitive_cube_add()
        self.pump()
        self.assertEqual((self.names("Cube"), tuple(self.landed("two")[0].location)), (["Cube"], (4, 0, 0)))

    def test_undo_before_the_import_keeps_what_is_replaced(self) -> None:
        bpy.ops.mesh.primitive_cube_add(location=(4, 0, 1))
        bpy.ops.ed.undo_push(message="Cube")
        bpy.ops.ed.undo_push(message="Another")
        self.request("Cube")
        bpy.ops.ed.undo()
        self.pump()
        self.assertEqual((self.names("Cube"), tuple(self.landed("two")[0].location)), ([], (4, 0, 0)))

    def test_it_lands_in_the_scene_and_at_the_cursor_it_was_asked_for(self) -> None:
        shown, other = bpy.context.scene, bpy.data.scenes.new("Another")
        other.cursor.location = (7, 7, 7)
        # as a second window that shows another scene
        with bpy.context.temp_override(scene=other, view_layer=other.view_layers[0]):
            self.assertEqual(bpy.ops.maquette.import_job(job="two"), {"FINISHED"})
        other.cursor.location = (0, 0, 0)
        self.pump()
        (root,) = self.landed("two")
        self.assertEqual(([scene.name for scene in root.users_scene], tuple(root.location)), (["Another"], (7, 7, 7)))
        self.assertEqual(list(shown.objects), [])

    def test_without_that_scene_it_lands_where_the_artist_is(self) -> None:
        other = bpy.data.scenes.new("Another")
        other.cursor.location = (7, 7, 7)
        with bpy.context.temp_override(scene=other, view_layer=other.view_layers[0]):
            bpy.ops.maquette.import_job(job="two")
        bpy.data.scenes.remove(other)
        bpy.context.scene.cursor.location = (0, 7, 0)
        self.pump()
        (root,) = self.landed("two")
        self.assertEqual((list(root.users_scene), tuple(root.location)), ([bpy.context.scene], (0, 7, 0)))

    def test_what_fails_leaves_the_object_as_it_was(self) -> None:
        bpy.ops.mesh.primitive_cube_add()
        with tempfile.TemporaryDirectory() as folder:
            self.session.deliveries.request("two", folder, "Cube")
            self.pump()
        self.assertEqual((self.names(), list(bpy.data.objects["Cube"].keys())), (["Cube"], []))
        self.assertEqual(self.session.notice.code, "ASSET_UNREADABLE")

    def test_asking_twice_imports_once_and_leaves_the_first_object_as_it_was(self) -> None:
        for number in (0, 1):
            bpy.ops.mesh.primitive_cube_add(location=(4 * number, 0, 1))
        self.request("Cube")
        self.request("Cube.001")
        self.pump()
        self.assertEqual((self.names("Cube"), list(bpy.data.objects["Cube"].keys())), (["Cube"], []))
        self.assertEqual(len(self.landed("two")), 1)

    def test_an_order_keeps_its_place_where_the_import_by_hand_failed(self) -> None:
        bpy.ops.maquette.generate(prompt="a chair")
        with tempfile.TemporaryDirectory() as folder:
            self.session.deliveries.request("two", folder, "a chair (coming)")
            self.session.deliveries.run_one()
        self.assertEqual(self.session.notice.code, "ASSET_UNREADABLE")
        self.pump()
        self.assertEqual(bpy.data.objects["a chair (coming)"]["maquette_awaits"], "one")

    def test_copies_of_a_place_wait_on_where_an_import_by_hand_took_the_place(self) -> None:
        bpy.ops.maquette.generate(prompt="a chair")
        place = bpy.data.objects["a chair (coming)"]
        copy = place.copy()
        bpy.context.collection.objects.link(copy)
        self.request(place.name)
        self.session.deliveries.run_one()
        self.assertEqual((len(self.landed("two")), self.names("a chair (coming)")), (1, ["a chair (coming).001"]))
        self.pump()
        self.tell(self.finished("one"))
        self.assertEqual((len(self.landed("one")), self.names("a chair (coming)")), (1, []))


class Files(AddonCase):
    def test_an_order_does_not_land_in_another_file(self) -> None:
        bpy.ops.maquette.generate(prompt="a chair")
        self.pump()
        harness.empty_scene()
        self.tell(self.finished("one"))
        self.assertEqual(self.names(), [])

    def test_an_order_whose_answer_comes_in_another_file_does_not_land_there(self) -> None:
        bpy.ops.maquette.generate(prompt="a chair")
        harness.empty_scene()
        self.pump()
        self.tell(self.finished("one"))
        self.assertEqual(self.names(), [])

    def test_a_file_that_is_opened_anew_before_the_service_has_answered_keeps_its_place(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "kitchen.blend")
            bpy.ops.maquette.generate(prompt="a chair")
            bpy.data.objects["a chair (coming)"].location = (2, 0, 0)
            bpy.ops.wm.save_as_mainfile(filepath=path)
            bpy.ops.wm.open_mainfile(filepath=path)
        self.pump()
        self.tell(self.finished("one"))
        self.assertEqual(tuple(self.landed("one")[0].matrix_world.translation), (2, 0, 0))

    def test_an_object_of_the_same_name_in_another_file_is_no_place(self) -> None:
        bpy.ops.mesh.primitive_cube_add()
        bpy.ops.maquette.generate(prompt="a chair", replace="Cube")
        harness.empty_scene()
        bpy.ops.mesh.primitive_cube_add()
        self.pump()
        self.assertEqual(list(bpy.data.objects["Cube"].keys()), [])

    def test_a_saved_placeholder_gets_its_asset_in_a_later_blender(self) -> None:
        bpy.ops.maquette.generate(prompt="a chair")
        self.pump()
        bpy.data.objects["a chair (coming)"].location = (2, 0, 0)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "kitchen.blend")
            bpy.ops.wm.save_as_mainfile(filepath=path)
            self.assertEqual(self.link.labels[-1].split(", ")[1], "kitchen.blend")
            harness.empty_scene()
            instance = self.session.instance
            self.session.__init__()
            self.assertNotEqual(self.session.instance, instance)
            self.session.link = self.link
            self.link.answers["job/get"] = lambda params: {"job": self.finished(params["job"], requester=None)}
            bpy.ops.wm.open_mainfile(filepath=path)
        self.pump()
        self.assertEqual(tuple(self.landed("one")[0].matrix_world.translation), (2, 0, 0))

    def test_a_file_that_is_opened_again_knows_what_is_in_it(self) -> None:
        bpy.ops.maquette.generate(prompt="a chair")
        self.pump()
        self.assertFalse(self.session.deliveries.has_landed("one"))
        self.tell(self.finished("one"))
        self.assertTrue(self.session.deliveries.has_landed("one"))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "kitchen.blend")
            bpy.ops.wm.save_as_mainfile(filepath=path)
            harness.empty_scene()
            self.assertFalse(self.session.deliveries.has_landed("one"))
            bpy.ops.wm.open_mainfile(filepath=path)
        self.assertTrue(self.session.deliveries.has_landed("one"))

    def test_a_placeholder_of_a_job_nobody_knows_is_left_alone(self) -> None:
        box = bpy.data.objects.new("Wanted", None)
        box["maquette_awaits"] = "gone"
        bpy.context.collection.objects.link(box)

        def refuse(_params: object) -> None:
            raise harness.addon_module("wire.errors").BridgeError("INPUT_INVALID", "There is no such job.")

        self.link.answers["job/get"] = refuse
        self.session.deliveries.look_for_awaited()
        self.pump()
        self.assertEqual((self.names(), self.session.notice), (["Wanted"], None))
