"""Starting the local service: a process of its own, which outlives Blender while jobs run."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from .errors import BridgeError
from .loopback import parse_loopback_url
from .node_runtime import find_node

_START_SECONDS = 30.0
_MAX_LINE_BYTES = 64 * 1024
_ALLOCATOR = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "32768", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""glibc's allocator would keep 50 MB of what a job took, as long as the helper lives; so it gives them back, for 3 % of a
job's time. Other systems know nothing of these names. source: mallopt(3)."""


@dataclass(frozen=True)
class HelperSettings:
    """Where the helper is and how it runs.

    script: helper.mjs. executable: a helper that needs no Node.js, used if the file exists.
    node: path of a Node.js from the preferences, or "". home: MAQUETTE_HOME from the preferences, or "" for the usual.
    """

    script: Path
    executable: Path
    node: str = ""
    home: str = ""


@dataclass(frozen=True)
class Listening:
    """Where the local service listens. The token and the panel's link are secrets: repr() leaves them out."""

    url: str
    token: str = field(repr=False)
    panel: str = field(repr=False)

    @property
    def websocket_url(self) -> str:
        """Address for WebSocket, e.g. "ws://127.0.0.1:4123/rpc"."""
        return "ws" + self.url.removeprefix("http").rstrip("/") + "/rpc"


def start_helper(settings: HelperSettings, seconds: float = _START_SECONDS) -> Listening:
    """Start the helper, or find the service that runs already: the helper itself knows which.

    Blocks until it listens: not for the main thread.
    raises: BridgeError CONFIG_MISSING (no Node.js, no helper), TIMED_OUT, PEER_GONE (it ended at once; says why).
    """
    command = _command(settings)
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_environment(settings),
                # Any folder that nobody wants to remove: Windows keeps it while the helper lives.
                cwd=_quiet_folder(),
                # Its own session: Ctrl-C in Blender's terminal and Blender's end do not reach it.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
                | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except (OSError, ValueError) as cause:
            raise BridgeError(
                "CONFIG_MISSING", "The local service cannot be started.", "Install the add-on again."
            ) from cause
        line = _FirstLine(process)
        if not line.arrived.wait(seconds):
            process.kill()
            raise BridgeError("TIMED_OUT", "The local service took too long to start.", "Connect again.")
        return _read_line(line.text, errors)


def _command(settings: HelperSettings) -> list[str]:
    if not settings.node and settings.executable.is_file():
        _allow_to_run(settings.executable)
        return [str(settings.executable), "serve", "--json"]
    if not settings.script.is_file():
        raise BridgeError("CONFIG_MISSING", "The add-on is incomplete: its helper is missing.", "Install it again.")
    return [find_node(settings.node), str(settings.script), "serve", "--json"]


def _allow_to_run(executable: Path) -> None:
    """Blender unpacks zips with Python's zipfile, which forgets who may run a file."""
    if os.access(executable, os.X_OK):
        return
    with contextlib.suppress(OSError):  # starting it fails then, and says so
        executable.chmod(0o755)


def _environment(settings: HelperSettings) -> dict[str, str]:
    environment = {**_ALLOCATOR, **os.environ}
    if settings.home:
        environment["MAQUETTE_HOME"] = os.path.abspath(os.path.expanduser(settings.home))
    return environment


def _quiet_folder() -> str:
    home = os.path.expanduser("~")
    return home if os.path.isdir(home) else tempfile.gettempdir()


class _FirstLine:
    """Reads one line of a process on a thread, because pipes have no time-out on every system.

    Afterwards the thread waits for the end of the process, so that it does not stay as a zombie.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.arrived = threading.Event()
        self.text = b""
        self._process = process
        threading.Thread(target=self._read, name="maquette-helper", daemon=True).start()

    def _read(self) -> None:
        with self._process.stdout as stream:  # type: ignore[union-attr]
            self.text = stream.readline(_MAX_LINE_BYTES)
            if not self.text:
                self._process.wait()  # What it wrote about its end is complete then.
            self.arrived.set()
        self._process.wait()


def _read_line(line: bytes, errors: IO[bytes]) -> Listening:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict):
        if isinstance(told.get("code"), str) and isinstance(told.get("message"), str):
            raise BridgeError(told["code"], told["message"], str(told.get("remedy") or ""))
        url, token, panel = told.get("url"), told.get("token"), told.get("panel", "")
        if told.get("type") == "listening" and all(isinstance(value, str) for value in (url, token, panel)):
            parse_loopback_url(url, "http")
            return Listening(url, token, panel)
    reason = _last_words(errors)
    raise BridgeError(
        "PEER_GONE",
        f"The local service ended as it started{f': {reason}' if reason else '.'}",
        "Connect again; if it stays so, run the doctor of the command line.",
    )


def _last_words(errors: IO[bytes]) -> str:
    """The line of the error output that says most, at most 300 characters."""
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - 8192))
    lines = [line.strip() for line in errors.read(8192).decode("utf-8", "replace").splitlines() if line.strip()]
    telling = next((line for line in lines if "Error:" in line or line.startswith("error")), lines[-1] if lines else "")
    return telling[:300]
