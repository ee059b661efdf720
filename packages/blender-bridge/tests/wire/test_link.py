"""The link against a service that is killed, refuses, falls silent and comes back."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from support import HERE, BridgeError, end_helpers, node_path, wait_for

from maquette_wire import link as link_module
from maquette_wire.helper_process import HelperSettings
from maquette_wire.link import Link

CLIENT = {
    "name": "maquette-blender",
    "version": "1.0.0",
    "kind": "engine",
    "instance": "instance-0001",
    "label": "Blender 4.3.2, kitchen.blend",
    "capabilities": ["engine/import"],
}


class LinkTestCase(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.home = Path(folder)
        self.addCleanup(end_helpers, self.home)
        self.node = node_path()
        self.states: list[str] = []
        self.link = self.make_link()

    def make_link(self) -> Link:
        script = Path(HERE) / "helper-stand-in.mjs"
        link = Link(CLIENT, lambda: HelperSettings(script, Path("/nowhere"), self.node, str(self.home)))
        link.on_state(lambda: self.states.append(link.state))
        self.addCleanup(link.close)
        return link

    def log(self) -> list[dict[str, Any]]:
        path = self.home / "stand-in.log"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def requests(self, method: str) -> list[Any]:
        return [entry["params"] for entry in self.log() if entry.get("method") == method]

    def until(self, condition: Callable[[], Any]) -> Any:
        return wait_for(condition, self.link.drain)

    def open(self) -> None:
        self.link.connect()
        self.until(lambda: self.link.state == "open")

    def crash(self) -> None:
        """Kill the service as it stands, and wait until the link has noticed."""
        pid = self.link.service["service"]["pid"]
        os.kill(pid, 9)
        self.until(lambda: self.link.state != "open" or self.link.service["service"]["pid"] != pid)


class Connecting(LinkTestCase):
    def test_nothing_happens_before_it_is_asked_for(self) -> None:
        before = threading.active_count()
        self.make_link().drain()
        self.assertEqual((self.link.state, self.link.sentence), ("idle", "Not connected."))
        self.assertEqual(threading.active_count(), before)
        self.assertEqual(self.log(), [])

    def test_from_nothing_to_open(self) -> None:
        self.open()
        self.until(lambda: self.states[-1] == "open")
        self.assertIsNone(self.link.error)
        (hello,) = [entry for entry in self.log() if "hello" in entry]
        self.assertEqual((hello["hello"], hello["protocol"]), (CLIENT, {"major": 1, "minor": 0}))
        self.link.connect()
        self.assertEqual(len([entry for entry in self.log() if "started" in entry]), 1)

    def test_first_request_connects_by_itself(self) -> None:
        got: list[Any] = []
        self.link.request("test/anything", {"a": 1}, got.append)
        self.until(lambda: got)
        self.assertEqual(got, [{"a": 1}])

    def test_answer_can_be_waited_for_without_draining(self) -> None:
        self.assertEqual(self.link.request("test/anything", {"a": 1}).wait(20), {"a": 1})

    def test_request_that_was_given_up_before_the_connection_is_never_sent(self) -> None:
        with self.assertRaises(BridgeError) as caught:
            self.link.request("test/given-up", {}).wait(0)
        self.assertEqual(caught.exception.code, "TIMED_OUT")
        self.assertEqual(self.link.request("test/anything", {}).wait(20), {})
        self.assertEqual(self.requests("test/given-up"), [])

    def test_two_blenders_share_one_service(self) -> None:
        self.open()
        other = self.make_link()
        other.connect()
        wait_for(lambda: other.state == "open", other.drain)
        self.assertEqual(other.service["service"]["pid"], self.link.service["service"]["pid"])

    def test_label_changes_now_and_later(self) -> None:
        self.open()
        self.link.rename("Blender 4.3.2, cellar.blend")
        self.until(lambda: self.requests("peer/rename"))
        self.crash()
        self.until(lambda: self.link.state == "open")
        hellos = [entry["hello"] for entry in self.log() if "hello" in entry]
        self.assertEqual(hellos[-1]["label"], "Blender 4.3.2, cellar.blend")


class Failing(LinkTestCase):
    def test_no_node_waits_for_a_person_and_fails_what_waits(self) -> None:
        self.node = "/nowhere/node"
        errors: list[BridgeError] = []
        self.link.request("test/anything", {}, self.fail, errors.append)
        self.until(lambda: errors)
        self.assertEqual((self.link.state, errors[0].code), ("failed", "CONFIG_MISSING"))
        self.assertIn("/nowhere/node", self.link.sentence)
        self.assertIn("nodejs.org", self.link.sentence)
        self.node = node_path()
        self.open()

    def test_other_version_waits_for_a_person(self) -> None:
        (self.home / "refuse-hello").touch()
        self.link.connect()
        self.until(lambda: self.link.state == "failed")
        self.assertEqual(self.link.sentence, "Another version. Update.")
        self.open()

    def test_a_home_that_cannot_be_used_is_told_at_once(self) -> None:
        with mock.patch.dict(os.environ, {"STAND_IN_FAULT": "tells"}):
            self.link.connect()
            self.until(lambda: self.link.state == "failed")
        self.assertEqual(len(self.log()), 1)
        self.assertEqual(self.link.sentence, "The store is newer. Update.")

    def test_helper_that_always_crashes_is_not_started_for_ever(self) -> None:
        with (
            mock.patch.dict(os.environ, {"STAND_IN_FAULT": "crash"}),
            mock.patch.object(link_module, "_BACK_OFF", (0.01, 0.02)),
        ):
            self.link.connect()
            self.until(lambda: self.link.state == "failed")
        self.assertEqual(len(self.log()), 3)
        self.assertIn("on purpose", self.link.sentence)
        self.assertIn("lost", self.states)

    def test_fault_of_our_own_is_told(self) -> None:
        with mock.patch.object(link_module, "start_helper", side_effect=ZeroDivisionError), mock.patch.object(
            link_module, "_BACK_OFF", ()
        ):
            self.link.connect()
            self.until(lambda: self.link.state == "failed")
        self.assertEqual(self.link.error.code, "INTERNAL")

    def test_too_many_requests_do_not_wait(self) -> None:
        with mock.patch.dict(os.environ, {"STAND_IN_FAULT": "silent"}):
            self.link.connect()
            with self.assertRaises(BridgeError):
                for _ in range(1000):
                    self.link.request("test/anything", {})


class Reconnecting(LinkTestCase):
    def test_every_event_comes_exactly_once_over_crashes_of_the_service(self) -> None:
        seen: list[int] = []
        self.link.handle_notification("job/event", lambda params: seen.append(params["seq"]))
        self.link.subscribe("growing")
        for _ in range(3):
            count = len(seen)
            self.until(lambda count=count: len(seen) > count + 20 and self.link.state == "open")
            self.crash()
        count = len(seen)
        # events that came before the last crash may still wait in the inbox: open again, and then more
        self.until(lambda: len(seen) > count + 20 and self.link.state == "open")
        self.assertEqual(seen, list(range(1, len(seen) + 1)))
        subscriptions = self.requests("job/subscribe")
        self.assertEqual(subscriptions[0], {"job": "growing", "afterSeq": 0})
        self.assertGreater(subscriptions[-1]["afterSeq"], subscriptions[1]["afterSeq"])
        hellos = [entry for entry in self.log() if "hello" in entry]
        self.assertEqual(len({entry["pid"] for entry in hellos}), 4)
        self.assertEqual({entry["hello"]["instance"] for entry in hellos}, {CLIENT["instance"]})

    def test_short_break_needs_no_new_process(self) -> None:
        self.open()
        pid = self.link.service["service"]["pid"]
        self.link.request("test/close", {"code": 1013, "reason": "Too much is waiting."})
        self.until(lambda: "lost" in self.states)
        self.until(lambda: self.link.state == "open")
        self.assertEqual(self.link.service["service"]["pid"], pid)
        self.assertEqual(len([entry for entry in self.log() if "started" in entry]), 1)

    def test_request_without_an_answer_is_never_sent_twice(self) -> None:
        self.open()
        errors: list[str] = []
        self.link.request("test/crash", {}, self.fail, lambda error: errors.append(error.code))
        self.until(lambda: errors)
        self.until(lambda: self.link.state == "open")
        self.assertEqual(self.link.request("test/anything", {}).wait(20), {})
        self.assertEqual(errors, ["PEER_GONE"])
        self.assertEqual(len(self.requests("test/crash")), 1)

    def test_request_during_a_break_is_sent_once_it_is_over(self) -> None:
        self.open()
        self.crash()
        self.assertNotEqual(self.link.state, "open")
        self.assertEqual(self.link.request("test/anything", {"b": 2}).wait(20), {"b": 2})
        self.assertEqual(self.requests("test/anything"), [{"b": 2}])

    def test_watch_begins_again_with_a_new_list(self) -> None:
        lists: list[Any] = []
        self.link.watch_jobs(lists.append)
        self.until(lambda: lists)
        self.crash()
        self.until(lambda: len(lists) == 2)
        self.assertGreater(lists[1]["jobs"][0]["seq"], lists[0]["jobs"][0]["seq"])

    def test_subscription_that_was_refused_is_told_and_not_asked_for_again(self) -> None:
        errors: list[BridgeError] = []
        self.open()
        self.link.subscribe("no-such-job", 5, errors.append)
        self.until(lambda: errors)
        self.assertEqual(errors[0].code, "INPUT_INVALID")
        self.crash()
        self.until(lambda: self.link.state == "open")
        self.link.request("test/anything", {}).wait(20)
        self.assertEqual(self.requests("job/subscribe"), [{"job": "no-such-job", "afterSeq": 5}])

    def test_refusal_of_a_subscription_made_before_the_connection_is_told(self) -> None:
        errors: list[BridgeError] = []
        self.link.subscribe("no-such-job", 0, errors.append)
        self.until(lambda: errors)
        self.assertEqual(errors[0].code, "INPUT_INVALID")

    def test_what_is_followed_no_longer_does_not_come(self) -> None:
        seen: list[int] = []
        self.link.handle_notification("job/event", lambda params: seen.append(params["seq"]))
        self.link.subscribe("growing")
        self.until(lambda: len(seen) > 5)
        self.link.unsubscribe("growing")
        self.link.request("test/anything", {}).wait(20)
        self.link.drain()
        count = len(seen)
        self.crash()
        self.until(lambda: self.link.state == "open")
        self.link.request("test/anything", {}).wait(20)
        self.link.drain()
        self.assertEqual(len(seen), count)


class FromTheService(LinkTestCase):
    def test_only_the_newest_view_of_each_job_is_handled(self) -> None:
        views: list[Any] = []

        def take(params: dict[str, Any]) -> None:
            views.append((params["job"]["job"], params["job"]["seq"]))

        self.link.handle_notification("job/changed", take)
        self.open()
        self.link.request("test/changed", {"count": 600}).wait(20)
        self.link.drain()
        self.assertEqual(views, [("job-1", 598), ("job-2", 599), ("job-0", 600)])

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        got: list[Any] = []
        self.link.request("test/ask", {"method": method, "params": params}, got.append)
        self.until(lambda: got)
        return got[0]

    def test_requests_are_answered_on_the_draining_thread(self) -> None:
        threads: list[Any] = []

        def select(params: dict[str, Any]) -> Any:
            threads.append(threading.current_thread())
            return {"objects": [params]}

        self.link.handle_request("engine/selection", select)
        self.open()
        self.assertEqual(self.ask("engine/selection", {"a": 1})["result"], {"objects": [{"a": 1}]})
        self.assertEqual(threads, [threading.current_thread()])

    def test_errors_of_handlers_are_answers(self) -> None:
        def refuse(_params: dict[str, Any]) -> None:
            raise BridgeError("IMPORT_FAILED", "The file is broken.", "Make it anew.")

        def break_down(_params: dict[str, Any]) -> None:
            raise KeyError("on purpose")

        self.link.handle_request("engine/import", refuse)
        self.link.handle_request("engine/selection", break_down)
        self.link.handle_request("engine/placeholder", lambda _params: {"bad": object()})
        self.open()
        self.assertEqual(self.ask("engine/import", {})["error"]["data"]["code"], "IMPORT_FAILED")
        with mock.patch("traceback.print_exc") as printed:
            answer = self.ask("engine/selection", {})["error"]["data"]
        self.assertEqual(answer["code"], "INTERNAL")
        self.assertNotIn("on purpose", json.dumps(answer))
        self.assertTrue(printed.called)
        self.assertEqual(self.ask("engine/placeholder", {})["error"]["data"]["code"], "INPUT_INVALID")
        self.assertEqual(self.ask("engine/unknown", {})["error"]["code"], -32601)


class Closing(LinkTestCase):
    def test_after_close_nothing_arrives_and_no_thread_stays(self) -> None:
        before = set(threading.enumerate())
        seen: list[Any] = []
        self.link.handle_notification("job/event", seen.append)
        self.link.subscribe("growing")
        self.until(lambda: seen)
        self.link.close()
        count = len(seen)
        self.assertEqual(self.link.drain(), 0)
        self.assertEqual(len(seen), count)
        self.assertEqual(self.link.state, "closed")
        ours = [thread for thread in threading.enumerate() if thread not in before and thread.name != "maquette-helper"]
        wait_for(lambda: not any(thread.is_alive() for thread in ours))
        with self.assertRaises(BridgeError):
            self.link.request("test/anything", {})
        self.link.connect()
        self.link.close()
        self.assertEqual(self.link.state, "closed")

    def test_close_while_starting_lets_nobody_wait(self) -> None:
        reply = self.link.request("test/anything", {})
        self.link.close()
        with self.assertRaises(BridgeError) as caught:
            reply.wait(20)
        self.assertEqual(caught.exception.code, "PEER_GONE")
        time.sleep(0.5)
        self.assertEqual(self.link.state, "closed")

    def test_service_goes_on_without_us(self) -> None:
        self.open()
        pid = self.link.service["service"]["pid"]
        self.link.close()
        other = self.make_link()
        other.connect()
        wait_for(lambda: other.state == "open", other.drain)
        self.assertEqual(other.service["service"]["pid"], pid)


if __name__ == "__main__":
    unittest.main()
