"""From an order to the object in the scene: what lands, how often, and what is left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
import unittest.mock
from pathlib import Path
from typing import Any

import bpy
import harness
from addon_support import AddonCase


class Landing(AddonCase):
    def test_an_order_puts_a_box_at_the_cursor_and_its_asset_where_the_box_was_moved_to(self) -> None:
        bpy.context.scene.cursor.location = (1, 2, 3)
        self.assertEqual(bpy.ops.maquette.generate(prompt="a chair", height=1.2), {"FINISHED"})
        (box,) = bpy.data.objects
        self.assertEqual(box.name, "a chair (coming)")
        self.assertAlmostEqual(box.dimensions.z, 1.2, places=5)
        self.assertEqual([min(corner[2] for corner in box.bound_box), tuple(box.location)], [0.0, (1, 2, 3)])
        self.assertTrue(box.hide_render)
        self.pump()
        self.assertEqual(box["maquette_awaits"], "one")
        box.location = (5, 0, 0)
        box.rotation_euler.z = 1.0
        self.tell(self.finished("one"))
        (root,) = self.landed("one")
        self.assertEqual(tuple(root.matrix_world.translation), (5, 0, 0))
        self.assertAlmostEqual(root.matrix_world.to_euler().z, 1.0, places=5)
        self.assertEqual(self.names("a chair (coming)"), [])
        self.assertNotIn("Maquette placeholder", bpy.data.meshes)
        ((method, params),) = self.link.told
        self.assertEqual((method, params["receipt"]["job"], params["receipt"]["object"]), ("asset/imported", "one", root.name))

    def test_boxes_that_are_ordered_in_a_row_stand_in_a_row(self) -> None:
        bpy.context.scene.cursor.location = (1, 2, 3)
        for height in (1.0, 2.0, 1.0):
            bpy.ops.maquette.generate(prompt="a chair", height=height)
        bpy.context.view_layer.update()
        boxes = sorted(bpy.data.objects, key=lambda box: box.location.x)
        self.assertEqual([tuple(box.location.yz) for box in boxes], [(2, 3)] * 3)
        self.assertEqual((boxes[0].location.x, [round(box.dimensions.z) for box in boxes]), (1, [1, 2, 1]))
        for left, right in zip(boxes, boxes[1:]):
            gap = right.location.x - left.location.x - (left.dimensions.x + right.dimensions.x) / 2
            self.assertTrue(0 < gap < 0.2, gap)

    def test_a_job_lands_once_however_often_it_is_told(self) -> None:
        bpy.ops.maquette.generate(prompt="a chair")
        self.pump()
        for seq in (9, 9, 10):
            self.tell(self.finished("one", seq=seq))
        self.assertEqual(len(self.landed("one")), 1)

    def test_what_ended_before_the_answer_came_lands_too(self) -> None:
        bpy.ops.maquette.generate(prompt="a chair")
        self.session.take_job(self.finished("one"))
        self.pump()
        self.assertEqual(len(self.landed("one")), 1)

    def test_jobs_of_others_and_of_earlier_sessions_do_not_land_by_themselves(self) -> None:
        self.tell(self.finished("two", requester={"instance": "somebody-else", "label": "another"}))
        self.tell(self.finished("three", requester=None))
        self.assertEqual(self.names(), [])
        self.assertEqual(bpy.ops.maquette.import_job(job="two"), {"FINISHED"})
        self.assertEqual(self.session.deliveries.status("two"), "Importing …")
        self.pump()
        self.assertEqual(len(self.landed("two")), 1)

    def test_importing_by_hand_works_as_often_as_wished(self) -> None:
        self.tell(self.finished("two"))
        for count in (1, 2):
            bpy.ops.maquette.import_job(job="two")
            self.pump()
            self.assertEqual(len(self.landed("two")), count)

    def test_an_object_is_replaced_in_place(self) -> None:
        bpy.ops.mesh.primitive_cube_add(size=2, location=(4, 0, 1))
        bpy.context.object.name = "Stand-in"
        parent = bpy.data.objects.new("Room", None)
        bpy.context.collection.objects.link(parent)
        bpy.data.objects["Stand-in"].parent = parent
        bpy.ops.maquette.generate(prompt="a chair", replace="Stand-in")
        self.pump()
        self.assertEqual(self.names(), ["Room", "Stand-in"])
        self.tell(self.finished("one"))
        (root,) = self.landed("one")
        self.assertNotIn("Stand-in", bpy.data.objects)
        self.assertEqual(root.parent.name, "Room")
        self.assertLess((root.matrix_world.translation - parent.matrix_world.translation).xy.length - 4, 1e-4)

    def test_an_object_that_does_not_exist_is_refused_before_anything_is_ordered(self) -> None:
        with self.assertRaisesRegex(RuntimeError, 'no object "Nobody".*INPUT_INVALID'):
            bpy.ops.maquette.generate(prompt="a chair", replace="Nobody")
        self.assertNotIn("job/create", [method for method, _ in self.link.asked])


class FoldersOutOfSight(AddonCase):
    """A Blender in a sandbox does not see the folders of the service. Fetching itself: tests/wire/test_service.py."""

    def setUp(self) -> None:
        super().setUp()
        self.asked: list[tuple[str, Path, Any, Any]] = []
        deliveries = harness.addon_module("blender.deliveries")
        patch = unittest.mock.patch.object(deliveries, "fetch_asset", lambda _link, *asked: self.asked.append(asked))
        patch.start()
        self.addCleanup(patch.stop)
        bpy.ops.maquette.generate(prompt="a chair")
        self.pump()
        self.tell(self.finished("one", folder="/home/somebody/maquette/assets/chair"))

    def test_files_are_fetched_once_and_then_imported(self) -> None:
        self.pump()
        ((job, folder, arrived, _),) = self.asked
        self.assertEqual((job, self.landed("one")), ("one", []))
        self.assertIn("on their way", self.session.deliveries.status("one"))
        self.assertFalse(self.session.deliveries.waiting)
        self.assertTrue(str(folder).startswith(bpy.app.tempdir))
        shutil.copytree(harness.asset("chair"), folder)
        arrived(folder)
        self.pump()
        self.assertEqual((len(self.landed("one")), self.names("a chair (coming)")), (1, []))

    def test_what_cannot_be_fetched_is_said_and_not_tried_for_ever(self) -> None:
        error = harness.addon_module("wire.errors").BridgeError("ASSET_UNREADABLE", "The files are gone.", "Try again.")
        self.asked[0][3](error)
        self.pump()
        self.assertEqual((self.session.notice.message, len(self.asked)), ("The files are gone.", 1))
        self.assertEqual(self.session.deliveries.jobs(), [])


class Failing(AddonCase):
    def test_a_job_that_failed_takes_its_box_away(self) -> None:
        bpy.ops.maquette.generate(prompt="a chair")
        self.pump()
        self.tell(self.failed("one"))
        self.assertEqual((self.names(), len(bpy.data.meshes)), ([], 0))

    def test_a_job_that_was_cancelled_leaves_the_object_of_the_artist_as_it_was(self) -> None:
        bpy.ops.mesh.primitive_cube_add()
        cube = bpy.context.object
        bpy.ops.maquette.generate(prompt="a chair", replace=cube.name)
        self.pump()
        self.tell(self.view("one", state="cancelled", seq=9, endedAt=1.0, actions=["retry"], summary="Cancelled."))
        self.assertEqual([self.names(), list(cube.keys()), cube.display_type], [["Cube"], [], "TEXTURED"])

    def test_a_refused_order_takes_its_box_away_and_says_why(self) -> None:
        def refuse(_params: object) -> None:
            raise harness.addon_module("wire.errors").BridgeError("INPUT_INVALID", "The seed is too large.", "Choose another.")

        self.link.answers["job/create"] = refuse
        bpy.ops.maquette.generate(prompt="a chair", seed=5)
        self.pump()
        self.assertEqual(self.names(), [])
        notice = self.session.notice
        self.assertEqual((notice.message, notice.remedy, notice.is_error), ("The seed is too large.", "Choose another.", True))

    def test_trying_again_stands_where_the_first_box_stood(self) -> None:
        bpy.context.scene.cursor.location = (3, 3, 0)
        bpy.ops.maquette.generate(prompt="a chair")
        self.pump()
        self.tell(self.failed("one"))
        bpy.context.scene.cursor.location = (0, 0, 0)
        self.link.answers["job/retry"] = lambda params: {"job": self.view("again")}
        bpy.ops.maquette.retry(job="one")
        self.pump()
        (box,) = bpy.data.objects
        self.assertEqual((box["maquette_awaits"], tuple(box.location)), ("again", (3, 3, 0)))

    def test_a_folder_that_cannot_be_read_is_an_error_with_a_sentence(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(RuntimeError, r"\(ASSET_UNREADABLE\)"):
                bpy.ops.maquette.import_asset(folder=folder)
            bpy.ops.maquette.generate(prompt="a chair")
            self.pump()
            self.tell(self.finished("one", folder=folder))
        self.assertEqual(self.session.notice.code, "ASSET_UNREADABLE")
        self.assertEqual(self.names(), ["a chair (coming)"], "the place is kept for another try")
        self.assertFalse(self.session.deliveries.has_landed("one"), "the queue must not say that it is there")


class Waiting(AddonCase):
    def test_wait_returns_when_the_asset_is_in_the_scene(self) -> None:
        self.link.answers["job/create"] = lambda _params: {"job": self.finished("one")}
        self.assertEqual(bpy.ops.maquette.generate(prompt="a chair", wait=True), {"FINISHED"})
        self.assertEqual(len(self.landed("one")), 1)
        self.assertEqual(self.names("a chair (coming)"), [])

    def test_wait_raises_what_a_failed_job_says(self) -> None:
        self.link.answers["job/create"] = lambda _params: {"job": self.failed("one")}
        with self.assertRaisesRegex(RuntimeError, r"It did not work\. Try another prompt\. \(OPERATION_FAILED\)"):
            bpy.ops.maquette.generate(prompt="a chair", wait=True)

    def test_an_import_is_one_step_of_undo(self) -> None:
        bpy.ops.ed.undo_push(message="before")
        bpy.ops.maquette.generate(prompt="a chair")
        self.pump()
        bpy.ops.ed.undo_push(message="ordered")
        self.tell(self.finished("one"))
        self.assertEqual(len(self.landed("one")), 1)
        bpy.ops.ed.undo()
        self.assertEqual(self.names(), ["a chair (coming)"])
        self.pump(20)
        self.assertEqual(self.landed("one"), [], "it does not come back by itself")
        bpy.ops.ed.redo()
        self.assertEqual(len(self.landed("one")), 1)


class Ticking(AddonCase):
    def test_a_view_that_cannot_be_understood_does_not_end_the_timer(self) -> None:
        session = harness.addon_module("blender.session")
        self.session.jobs._views["odd"] = {"job": "odd", "seq": 1}
        with unittest.mock.patch("traceback.print_exc") as printed:
            self.assertEqual(session._tick(), session._IDLE_INTERVAL)
            # Where what goes wrong is the interval itself.
            with unittest.mock.patch.object(self.session, "drain_inbox", return_value=False):
                self.assertEqual(session._tick(), session._IDLE_INTERVAL)
        self.assertEqual(printed.call_count, 2)


class Asked(AddonCase):
    def test_the_service_can_have_an_asset_imported(self) -> None:
        bpy.ops.mesh.primitive_cube_add(location=(1, 0, 1))
        later = self.link.ask_blender("engine/import", {"job": "two", "folder": harness.asset("chair"), "replaces": "Cube"})
        answers: list[tuple[object, object]] = []
        later.send_by(lambda result, error: answers.append((result, error)))
        self.assertEqual(answers, [])
        self.pump()
        ((result, error),) = answers
        self.assertIsNone(error)
        self.assertEqual(result["receipt"]["object"], self.landed("two")[0].name)
        self.assertNotIn("Cube", bpy.data.objects)

    def test_another_file_settles_what_was_to_replace_an_object(self) -> None:
        bpy.ops.mesh.primitive_cube_add()
        params = {"job": "two", "folder": harness.asset("chair"), "replaces": "Cube"}
        later = self.link.ask_blender("engine/import", params)
        answers: list[tuple[object, Any]] = []
        later.send_by(lambda result, error: answers.append((result, error)))
        harness.empty_scene()
        ((_, error),) = answers
        self.assertEqual((error.code, self.session.deliveries.jobs()), ("IMPORT_FAILED", []))

    def test_an_object_that_is_not_there_is_refused_at_once(self) -> None:
        params = {"job": "two", "folder": harness.asset("chair"), "replaces": "Nobody"}
        with self.assertRaisesRegex(harness.addon_module("wire.errors").BridgeError, 'no object "Nobody"'):
            self.link.ask_blender("engine/import", params)
        self.assertEqual(self.session.deliveries.jobs(), [])

    def test_an_import_that_fails_is_refused(self) -> None:
        folder = os.path.dirname(harness.asset("chair"))
        later = self.link.ask_blender("engine/import", {"job": "two", "folder": folder})
        self.pump()
        codes: list[str] = []
        later.send_by(lambda _result, error: codes.append(error.code))
        self.assertEqual(codes, ["ASSET_UNREADABLE"])
