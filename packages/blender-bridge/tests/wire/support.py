"""What the tests of the wire need: the package under test without the add-on around it, Node, and the test servers."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import unittest
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "../../../.."))
ADDON = os.path.abspath(os.path.join(HERE, "../../addon/maquette"))
WIRE = os.path.join(ADDON, "wire")
TOKEN = "a-token-of-this-launch"


def _load_wire() -> None:
    """Makes the wire importable as `maquette_wire`: the add-on around it imports bpy, and the wire must not need it."""
    if "maquette_wire" in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(
        "maquette_wire", os.path.join(WIRE, "__init__.py"), submodule_search_locations=[WIRE]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["maquette_wire"] = module
    spec.loader.exec_module(module)


sys.dont_write_bytecode = True
_load_wire()

from maquette_wire.errors import BridgeError  # noqa: E402
from maquette_wire.websocket import WebSocket  # noqa: E402


def node_path() -> str:
    """The Node of the checkout, else the one on PATH; skips where there is none."""
    pinned = os.path.join(ROOT, "node_modules/.bin/node" + (".exe" if os.name == "nt" else ""))
    path = pinned if os.path.exists(pinned) else shutil.which("node")
    if path is None:
        raise unittest.SkipTest("needs Node.js: run npm install in the checkout")
    return path


class TestServer:
    """server.mjs as a process: real `ws`, and raw bytes where a real server would never send them."""

    __test__ = False

    def __init__(self) -> None:
        self._sockets: list[WebSocket] = []
        self._process = subprocess.Popen(
            [node_path(), os.path.join(HERE, "server.mjs"), TOKEN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the test server did not start")
        self.port = json.loads(line)["port"]

    def url(self, path: str, **query: str) -> str:
        """WebSocket address of one of the server's behaviours."""
        text = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        return f"ws://127.0.0.1:{self.port}{path}{'?' + text if text else ''}"

    def connect(self, path: str, token: str = TOKEN, options: dict[str, Any] | None = None, **query: str) -> WebSocket:
        """Connect to one of the server's behaviours."""
        socket = WebSocket(self.url(path, **query), token, **(options or {}))
        self._sockets.append(socket)
        return socket

    def get(self, path: str) -> Any:
        """JSON answer of an HTTP request."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
            return json.load(response)

    def stop(self) -> None:
        for socket in self._sockets:
            socket._socket.close()  # a thread that receives does it; most tests have none
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


class ServerTestCase(unittest.TestCase):
    """Tests against one test server for each class."""

    server: TestServer

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = TestServer()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stop()

    def assert_fails(self, code: str, work: Callable[[], Any]) -> BridgeError:
        """Check that `work` raises a BridgeError of this code that reads as a sentence. Returns it."""
        with self.assertRaises(BridgeError) as caught:
            work()
        self.assertEqual(caught.exception.code, code, str(caught.exception))
        self.assertRegex(caught.exception.message, r"^[A-Z].*[.…]$")
        self.assertNotIn(TOKEN, str(caught.exception))
        return caught.exception


def wait_for(condition: Callable[[], Any], pump: Callable[[], Any] | None = None, seconds: float = 20.0) -> Any:
    """Wait until `condition` gives something true, and return that. `pump` is called meanwhile."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError("waited in vain")
        if pump is not None:
            pump()
        time.sleep(0.005)
    return value


def in_thread(work: Callable[[], Any]) -> Callable[[], Any]:
    """Run `work` beside; the returned function waits for it and gives its result or raises what it raised."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome[:] = [work(), None]
        except BaseException as error:
            outcome[:] = [None, error]

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def join() -> Any:
        thread.join(20)
        if thread.is_alive():
            raise AssertionError("a thread hangs")
        if outcome[1] is not None:
            raise outcome[1]
        return outcome[0]

    return join


def end_helpers(home: Path) -> None:
    """End the helpers that were started with this folder as their home, by the numbers they wrote there."""
    log = home / "stand-in.log"
    for line in log.read_text().splitlines() if log.exists() else []:
        with contextlib.suppress(ProcessLookupError):
            os.kill(json.loads(line)["pid"], 9)
