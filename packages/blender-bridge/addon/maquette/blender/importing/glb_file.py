"""A first look at a GLB before Blender's own importer reads it: whole, self-contained, no way out of the folder."""

from __future__ import annotations

import json
import struct
from typing import Any

from ...wire.errors import BridgeError

# The structure of a level is some kB to some MB; binary data lie in the second chunk, which is not read here.
JSON_BYTES_LIMIT = 256 * 1024 * 1024
HEADER = struct.Struct("<4sIIII")
JSON_CHUNK = 0x4E4F534A


def check_glb(path: str, size_bytes: int) -> None:
    """Refuse what is no glTF 2.0 binary, is cut short, or refers to files outside itself.

    A glTF may name buffers and images by path; Blender's importer would follow "../../secret" as well as "texture.png".
    Levels written by Maquette hold everything themselves.
    raises: BridgeError("ASSET_UNREADABLE").
    source: glTF 2.0 §4.4 (GLB), §3.6.1.1 (buffer.uri), §3.8.3 (image.uri).
    """
    try:
        with open(path, "rb") as file:
            magic, version, length, json_length, json_type = HEADER.unpack(file.read(HEADER.size))
            if magic != b"glTF" or version != 2 or json_type != JSON_CHUNK:
                raise ValueError("it is no glTF 2.0 binary")
            if length != size_bytes or json_length > min(JSON_BYTES_LIMIT, size_bytes - HEADER.size):
                raise ValueError("it is cut short")
            document = json.loads(file.read(json_length))
    except (OSError, struct.error, ValueError, RecursionError) as error:
        raise _unreadable(f"{path} cannot be read: {error}.") from error
    for group in ("buffers", "images"):
        for entry in _entries(document, group):
            uri = entry.get("uri") if isinstance(entry, dict) else None
            if uri is not None and not (isinstance(uri, str) and uri.startswith("data:")):
                raise _unreadable(f"{path} refers to another file, which levels made by Maquette never do.")

def _entries(document: Any, group: str) -> list[Any]:
    entries = document.get(group) if isinstance(document, dict) else None
    return entries if isinstance(entries, list) else []


def _unreadable(message: str) -> BridgeError:
    return BridgeError("ASSET_UNREADABLE", message, "Make the levels again, for instance with maquette lod.")
