"""What the tests of the add-on share: the enabled add-on, a clean file, and a link whose other side the test plays."""

from __future__ import annotations

import time
import unittest
from collections.abc import Callable
from typing import Any

import bpy
import harness


class PlayedLink:
    """Stands where wire.link.Link stands, with the real inbox. The test answers what was asked, and tells what changed."""

    def __init__(self, providers: list[dict[str, Any]]) -> None:
        self.inbox = harness.addon_module("wire.inbox").Inbox()
        self.state, self.error, self.sentence = "open", None, "Connected."
        self.service = {"service": {"home": "/home/somebody/maquette"}}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.labels: list[str] = []
        self.answers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "provider/list": lambda _params: {"providers": providers},
        }
        self._handlers: dict[str, Callable[[dict[str, Any]], Any]] = {}

    def request(self, method: str, params: dict[str, Any], on_done: Any = None, on_error: Any = None) -> None:
        self.asked.append((method, params))
        try:
            result = self.answers[method](params)
        except harness.addon_module("wire.errors").BridgeError as refusal:
            error = refusal
            self.inbox.put_now(lambda: on_error(error))
            return
        self.inbox.put_now(lambda: on_done(result))

    def handle_request(self, method: str, handler: Callable[[dict[str, Any]], Any]) -> None:
        self._handlers[method] = handler

    def ask_blender(self, method: str, params: dict[str, Any]) -> Any:
        """Asks as the service does. Returns the answer, or a Later."""
        return self._handlers[method](params)

    def drain(self, limit: int = 1000, seconds: float = 0.02) -> int:
        return self.inbox.drain(limit, seconds)

    def wait(self, seconds: float) -> bool:
        return self.inbox.wait(seconds)

    def notify(self, method: str, params: dict[str, Any]) -> None:
        self.told.append((method, params))

    def rename(self, label: str) -> None:
        self.labels.append(label)

    def connect(self) -> None:
        pass

    def close(self) -> None:
        self.state = "closed"


LOCAL = {
    "id": "local",
    "name": "Built-in",
    "credit": "Generated with Maquette",
    "licence": "CC0-1.0",
    "offline": True,
    "isDefault": True,
    "outputs": {"text": ["mesh"], "image": []},
    "models": [],
    "price": "free",
    "canCancel": True,
    "canAdopt": False,
    "options": [],
}
CLOUD = {
    **LOCAL,
    "id": "cloud",
    "name": "A Cloud",
    "offline": False,
    "isDefault": False,
    "outputs": {"text": ["splat"], "image": ["mesh", "splat"]},
    "key": "missing",
}


class AddonCase(unittest.TestCase):
    """Begins with an empty file and a played link that is open."""

    def setUp(self) -> None:
        harness.enable_addon()
        harness.empty_scene()
        self.session = harness.session()
        self.session.__init__()
        self.link = PlayedLink([LOCAL, CLOUD])
        self.session.link = self.link
        harness.addon_module("blender.engine_requests").register_at(self.link, self.session)
        self.session.refresh_providers()
        self.link.answers["job/create"] = lambda _params: {"job": self.view("one")}
        self.pump()

    def tearDown(self) -> None:
        self.session.close()

    def pump(self, times: int = 6) -> None:
        for _ in range(times):
            self.session.drain_inbox()

    def view(self, job: str, **changes: Any) -> dict[str, Any]:
        """A view of a running job of this Blender. A change to None leaves a member out."""
        now = time.time() * 1000
        view = {
            "job": job,
            "seq": 1,
            "state": "running",
            "stage": "Generating",
            "progress": 0.5,
            "summary": "",
            "prompt": "a chair",
            "name": "a chair",
            "provider": "local",
            "providerName": "Built-in",
            "output": "mesh",
            "createdAt": now,
            "updatedAt": now,
            "cost": "free",
            "credit": "Generated with Maquette",
            "licence": "CC0-1.0",
            "warnings": [],
            "actions": ["cancel"],
            "requester": {"instance": self.session.instance, "label": "this one"},
            **changes,
        }
        return {name: value for name, value in view.items() if value is not None}

    def finished(self, job: str, **changes: Any) -> dict[str, Any]:
        """A view of a job whose asset is there."""
        ended = {"state": "succeeded", "seq": 9, "endedAt": time.time() * 1000, "actions": ["import"], "progress": 1}
        return self.view(job, **{"folder": harness.asset("chair"), **ended, **changes})

    def failed(self, job: str) -> dict[str, Any]:
        error = {"code": "OPERATION_FAILED", "message": "It did not work.", "remedy": "Try another prompt.", "retry": "never"}
        return self.view(job, state="failed", seq=9, endedAt=time.time() * 1000, actions=["retry"], error=error)

    def tell(self, view: dict[str, Any]) -> None:
        """As a job/changed does."""
        self.session.take_job(view)
        self.pump()

    def names(self, beginning: str = "") -> list[str]:
        return sorted(one.name for one in bpy.data.objects if one.name.startswith(beginning))

    def landed(self, job: str) -> list[bpy.types.Object]:
        """Roots of the assets of that job in the file."""
        return [
            one for one in bpy.data.objects if one.get("maquette_job") == job and one.instance_collection is not None
        ]
