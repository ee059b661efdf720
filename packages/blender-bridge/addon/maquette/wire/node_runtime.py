"""Finding a Node.js that can run the helper."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .errors import BridgeError

MINIMUM = (22, 13)
_VERSION_SECONDS = 10.0
_GET_NODE = "Install Node.js 22.13 or newer from nodejs.org, or name one in the add-on's preferences."


def find_node(preferred: str) -> str:
    """Path of a Node.js that is new enough. Starts the ones it finds with --version: not for the main thread.

    preferred: path from the preferences; if not empty, it is this one or an error, never silently another.
    raises: BridgeError("CONFIG_MISSING") if there is none, naming those that are too old.
    """
    if preferred:
        path = os.path.abspath(os.path.expanduser(preferred))
        problem = check_node(path)
        if problem is None:
            return path
        raise BridgeError("CONFIG_MISSING", f"The Node.js in the preferences cannot be used: {problem}.", _GET_NODE)
    problems = []
    for path in _candidates():
        problem = check_node(path)
        if problem is None:
            return path
        problems.append(problem)
    if problems:
        found = "; ".join(problems)
        raise BridgeError("CONFIG_MISSING", f"No Node.js on this computer is new enough: {found}.", _GET_NODE)
    raise BridgeError("CONFIG_MISSING", "No Node.js was found on this computer.", _GET_NODE)


def check_node(path: str) -> str | None:
    """None if that program is a Node.js new enough, else what is wrong, for people."""
    try:
        told = subprocess.run(
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_VERSION_SECONDS,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).stdout[:100]
    except subprocess.TimeoutExpired:
        return f"{path} does not tell its version"
    except OSError as cause:
        return f"{path} cannot be started ({cause.strerror or 'unknown reason'})"
    except ValueError:  # a zero in the path
        return "the path is malformed"
    match = re.fullmatch(rb"v(\d{1,4})\.(\d{1,4})\.\S*", told.strip())
    if match is None:
        return f"{path} is not Node.js"
    if (int(match[1]), int(match[2])) < MINIMUM:
        version = told.strip()[1:].decode("ascii", "replace")
        return f"{path} is version {version}, and {MINIMUM[0]}.{MINIMUM[1]} is needed"
    return None


def _candidates() -> Iterator[str]:
    """PATH first; then where installers put it. A Blender started from the dock knows no PATH of a shell."""
    seen = set()
    for path in (shutil.which("node"), *_usual_places()):
        if path and os.path.isfile(path) and (real := os.path.realpath(path)) not in seen:
            seen.add(real)
            yield path


def _usual_places() -> Iterator[str]:
    if sys.platform == "win32":
        for variable in ("ProgramFiles", "LOCALAPPDATA"):
            if folder := os.environ.get(variable):
                yield os.path.join(folder, *(["Programs"] if variable == "LOCALAPPDATA" else []), "nodejs", "node.exe")
        return
    yield from ("/opt/homebrew/bin/node", "/usr/local/bin/node", "/usr/bin/node")
    home = Path(os.path.expanduser("~"))
    yield str(home / ".volta/bin/node")
    # Newest first, as numbers: 9 is older than 22.
    for pattern in (".nvm/versions/node/v*/bin/node", ".local/share/fnm/node-versions/v*/installation/bin/node"):
        found = [str(path) for path in home.glob(pattern)]
        yield from sorted(found, key=lambda path: [int(part) for part in re.findall(r"\d+", path)], reverse=True)[:3]
