"""The link against the real service, as the add-on starts it: real jobs, killed processes, real downloads."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support import HERE, BridgeError, node_path, wait_for

from maquette_wire.asset_download import fetch_asset
from maquette_wire.helper_process import HelperSettings, start_helper
from maquette_wire.link import Link
from maquette_wire.node_runtime import check_node
from maquette_wire.websocket import WebSocket

SECONDS = 90.0


class ServiceTestCase(unittest.TestCase):
    """Starts the packaged helper, and ends every service that was seen."""

    @classmethod
    def setUpClass(cls) -> None:
        problem = check_node(node_path())
        if problem is not None:
            raise unittest.SkipTest(problem)
        folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.helper = Path(folder) / "helper.mjs"
        # As it is packaged: one file, and nothing beside it.
        bundling = [node_path(), os.path.join(HERE, "bundle-helper.mjs"), str(cls.helper)]
        subprocess.run(bundling, check=True, stdin=subprocess.DEVNULL, timeout=120)

    def setUp(self) -> None:
        self.home = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.pids: set[int] = set()
        self.addCleanup(self.end_services)
        self.link = self.make_link("instance-0001")

    def settings(self) -> HelperSettings:
        return HelperSettings(self.helper, Path("/nowhere"), node_path(), str(self.home))

    def make_link(self, instance: str, kind: Any = "engine", capabilities: Any = ()) -> Link:
        link = Link(
            {
                "name": "maquette-blender",
                "version": "1.0.0",
                "kind": kind,
                "instance": instance,
                "label": f"Blender 4.3.2, {instance}.blend",
                "capabilities": list(capabilities),
            },
            self.settings,
        )
        self.addCleanup(link.close)
        return link

    def open(self, link: Link) -> int:
        """Connect. Returns the process id of the service."""
        link.connect()
        wait_for(lambda: link.state == "open", link.drain, SECONDS)
        pid = link.service["service"]["pid"]
        self.pids.add(pid)
        return pid

    def until(self, condition: Callable[[], Any]) -> Any:
        return wait_for(condition, self.link.drain, SECONDS)

    def end_services(self) -> None:
        for pid in self.pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def create(self, prompt: str) -> str:
        return self.link.request("job/create", {"prompt": prompt, "provider": "local"}).wait(SECONDS)["job"]["job"]

    def finished(self, job: str) -> Any:
        view = self.link.request("job/get", {"job": job}).wait(SECONDS)["job"]
        return view if "endedAt" in view else None


def load_tests(_loader: unittest.TestLoader, standard: unittest.TestSuite, _pattern: str | None) -> unittest.TestSuite:
    """None of these inside Blender, where the whole add-on is tested against the service."""
    return unittest.TestSuite() if "bpy" in sys.modules else standard


class RealService(ServiceTestCase):
    def test_order_is_followed_to_its_end(self) -> None:
        views: dict[str, Any] = {}
        events: list[Any] = []
        self.link.watch_jobs(lambda result: views.update({view["job"]: view for view in result["jobs"]}))
        self.link.handle_notification("job/changed", lambda params: views.update({params["job"]["job"]: params["job"]}))
        self.link.handle_notification("job/event", events.append)
        self.open(self.link)
        job = self.create("a wooden chair")
        self.link.subscribe(job)
        self.until(lambda: views.get(job, {}).get("endedAt"))
        self.assertEqual(views[job]["state"], "succeeded", views[job]["summary"])
        self.assertTrue((Path(views[job]["folder"]) / "manifest.json").is_file())
        self.until(lambda: len(events) == views[job]["seq"])
        self.assertEqual([event["seq"] for event in events], list(range(1, len(events) + 1)))
        self.assertEqual(views[job]["requester"]["instance"], "instance-0001")

    def test_job_outlives_the_service_that_is_killed_under_it(self) -> None:
        seen: list[int] = []
        self.link.handle_notification("job/event", lambda params: seen.append(params["seq"]))
        first = self.open(self.link)
        job = self.create("a stone tower")
        self.link.subscribe(job)
        self.until(lambda: len(seen) >= 2)
        os.kill(first, signal.SIGKILL)
        self.until(lambda: self.link.state == "open" and self.link.service["service"]["pid"] != first)
        self.pids.add(self.link.service["service"]["pid"])
        view = self.until(lambda: self.finished(job))
        self.assertEqual(view["state"], "succeeded", view["summary"])
        self.until(lambda: len(seen) >= view["seq"])
        self.assertEqual(seen, list(range(1, view["seq"] + 1)))

    def test_next_blender_finds_the_service_and_the_jobs(self) -> None:
        pid = self.open(self.link)
        job = self.create("a wooden barrel")
        self.until(lambda: self.finished(job))
        self.link.close()
        other = self.make_link("instance-0002")
        self.assertEqual(self.open(other), pid)
        jobs = other.request("job/list", {}).wait(SECONDS)["jobs"]
        self.assertEqual([view["job"] for view in jobs], [job])

    def test_asset_is_fetched_where_its_folder_cannot_be_seen(self) -> None:
        self.open(self.link)
        job = self.create("a wooden table")
        folder = Path(self.until(lambda: self.finished(job))["folder"])
        outcome: list[Any] = []
        target = self.home / "fetched"
        fetch_asset(self.link, job, target, outcome.append, outcome.append)
        self.until(lambda: outcome)
        self.assertEqual(outcome, [target])
        self.assertIn("lod0.glb", os.listdir(target))
        for name in os.listdir(target):
            self.assertEqual((target / name).read_bytes(), (folder / name).read_bytes(), name)

    def test_service_asks_the_engine_that_is_meant(self) -> None:
        asked: list[Any] = []

        def take(params: dict[str, Any]) -> Any:
            asked.append(params)
            return {"receipt": {"job": params["job"], "object": "Chair", "objects": ["Chair", "Chair_LOD0"]}}

        engine = self.make_link("instance-0003", capabilities=["engine/import"])
        engine.handle_request("engine/import", take)
        self.open(self.link)
        self.open(engine)
        job = self.create("a wooden chair")
        folder = self.until(lambda: self.finished(job))["folder"]
        reply = self.link.request("asset/import", {"job": job, "target": "instance-0003"})
        wait_for(lambda: reply.arrived, engine.drain)
        self.assertEqual(reply.wait(1)["receipt"]["object"], "Chair")
        self.assertEqual((asked[0]["job"], asked[0]["folder"]), (job, folder))

    def test_errors_of_the_service_have_code_and_remedy(self) -> None:
        self.open(self.link)
        with self.assertRaises(BridgeError) as caught:
            self.link.request("job/get", {"job": "no-such-job"}).wait(SECONDS)
        self.assertEqual(caught.exception.code, "INPUT_INVALID")
        self.assertTrue(caught.exception.message and caught.exception.remedy)
        with self.assertRaises(BridgeError) as caught:
            self.link.request("job/create", {"prompt": "x" * 2_000_000}).wait(SECONDS)
        self.assertEqual(caught.exception.code, "INPUT_INVALID")
        self.assertEqual(self.link.request("job/list", {}).wait(SECONDS), {"jobs": []})

    def test_wrong_token_is_refused_and_the_right_one_let_in(self) -> None:
        listening = start_helper(self.settings())
        self.open(self.link)
        with self.assertRaises(BridgeError) as caught:
            WebSocket(listening.websocket_url, "x" * 43)
        self.assertEqual(caught.exception.code, "AUTH_REJECTED")
        self.assertIn("token", caught.exception.message)


if __name__ == "__main__":
    unittest.main()
