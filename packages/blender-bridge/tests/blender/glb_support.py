"""Writes small GLB files with what a test is about: nodes that mirror, pieces on bones, animations."""

from __future__ import annotations

import json
import struct
from typing import Any

FLOAT, BYTE, SHORT = 5126, 5121, 5123
_CODES = {FLOAT: "f", BYTE: "B", SHORT: "H"}
_WIDTHS = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}

Rows = list[tuple[float, ...]]

# Eight corners with a normal each that is not the one of the faces: what has to be kept must be told from what is made.
CORNERS: Rows = [(x, y, z) for x in (-1.0, 1.0) for y in (0.0, 2.0) for z in (-1.0, 1.0)]
NORMALS: Rows = [(x * 0.48, (y - 1) * 0.6, z * 0.64) for x, y, z in CORNERS]
FACES = [0, 1, 3, 0, 3, 2, 4, 6, 7, 4, 7, 5, 0, 4, 5, 0, 5, 1, 2, 3, 7, 2, 7, 6, 0, 2, 6, 0, 6, 4, 1, 5, 7, 1, 7, 3]


class GlbWriter:
    """Collects a document; `document` may be changed freely before `bytes`."""

    def __init__(self) -> None:
        self._binary = bytearray()
        self.document: dict[str, Any] = {
            "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": []}],
            "nodes": [], "meshes": [], "accessors": [], "bufferViews": [],
        }  # fmt: skip

    def accessor(self, rows: Rows, kind: str, component: int = FLOAT) -> int:
        """Add values. kind: SCALAR, VEC3, VEC4 or MAT4. Returns the accessor's number."""
        data = struct.pack(f"<{len(rows) * _WIDTHS[kind]}{_CODES[component]}", *(value for row in rows for value in row))
        self._binary += b"\0" * (-len(self._binary) % 4)
        self.document["bufferViews"].append({"buffer": 0, "byteOffset": len(self._binary), "byteLength": len(data)})
        self._binary += data
        entry = {"componentType": component, "count": len(rows), "type": kind}
        if component == FLOAT and kind in ("SCALAR", "VEC3"):
            entry.update(min=[min(column) for column in zip(*rows)], max=[max(column) for column in zip(*rows)])
        return self._add("accessors", {**entry, "bufferView": len(self.document["bufferViews"]) - 1})

    def box(self, material: str = "", color: tuple[float, ...] = (), bone: int | None = None) -> int:
        """Add a mesh of 2 × 2 × 2 on the ground. bone: joint that bends all of it. Returns its number."""
        attributes = {"POSITION": self.accessor(CORNERS, "VEC3"), "NORMAL": self.accessor(NORMALS, "VEC3")}
        if color:
            attributes["COLOR_0"] = self.accessor([color] * len(CORNERS), "VEC4")
        if bone is not None:
            attributes["JOINTS_0"] = self.accessor([(bone, 0, 0, 0)] * len(CORNERS), "VEC4", BYTE)
            attributes["WEIGHTS_0"] = self.accessor([(1.0, 0.0, 0.0, 0.0)] * len(CORNERS), "VEC4")
        indices = self.accessor([(index,) for index in FACES], "SCALAR", SHORT)
        primitive: dict[str, Any] = {"attributes": attributes, "indices": indices}
        if material:
            primitive["material"] = self._add("materials", {"name": material})
        return self._add("meshes", {"primitives": [primitive]})

    def node(self, parent: int | None = None, **members: Any) -> int:
        """Add a node, of the scene or of another node. Returns its number."""
        number = self._add("nodes", members)
        owner = self.document["scenes"][0].setdefault("nodes", []) if parent is None else self._children(parent)
        owner.append(number)
        return number

    def skin(self, joints: list[int]) -> int:
        """Add a skeleton whose joints stand at the origin when it is bound."""
        unit = tuple(float(row == column) for row in range(4) for column in range(4))
        return self._add("skins", {"joints": joints, "inverseBindMatrices": self.accessor([unit] * len(joints), "MAT4")})

    def move(self, node: int, to: tuple[float, float, float]) -> None:
        """Add an animation that moves a node from the origin, in a second."""
        times, places = self.accessor([(0.0,), (1.0,)], "SCALAR"), self.accessor([(0.0, 0.0, 0.0), to], "VEC3")
        channel = {"sampler": 0, "target": {"node": node, "path": "translation"}}
        self._add("animations", {"name": "Move", "channels": [channel], "samplers": [{"input": times, "output": places}]})

    def bytes(self) -> bytes:
        """The file. source: glTF 2.0 §4.4."""
        binary = bytes(self._binary) + b"\0" * (-len(self._binary) % 4)
        text = json.dumps({**self.document, "buffers": [{"byteLength": len(binary)}]}).encode()
        text += b" " * (-len(text) % 4)
        head = struct.pack("<4sIIII", b"glTF", 2, 28 + len(text) + len(binary), len(text), 0x4E4F534A)
        return head + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary

    def _add(self, group: str, entry: dict[str, Any]) -> int:
        self.document.setdefault(group, []).append(entry)
        return len(self.document[group]) - 1

    def _children(self, node: int) -> list[int]:
        return self.document["nodes"][node].setdefault("children", [])
