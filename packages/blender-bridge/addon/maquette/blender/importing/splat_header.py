"""The text at the beginning of a splat file, read as hostile input. Plain Python: no bpy, no NumPy."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import BinaryIO

from ...wire.errors import BridgeError

MAX_GAUSSIANS = 10_000_000
"""Limit of the SDK's own reader; a gaussian takes about 250 bytes of memory at degree 3."""
MAX_HEADER_BYTES = 64 * 1024

HARMONICS_OF_DEGREE = (0, 3, 8, 15)
"""Coefficients per colour above order 0."""

_REQUIRED = (
    *("x", "y", "z"),
    *("f_dc_0", "f_dc_1", "f_dc_2"),
    "opacity",
    *("scale_0", "scale_1", "scale_2"),
    *("rot_0", "rot_1", "rot_2", "rot_3"),
)
_IGNORED = ("nx", "ny", "nz")
"""Normals, which training programs write as zeros."""
_FLOAT_TYPES = ("float", "float32")
_LITTLE_ENDIAN = "format binary_little_endian 1.0"


@dataclass(frozen=True)
class SplatHeader:
    """Where the numbers of a splat file lie.

    count: gaussians, 1 to MAX_GAUSSIANS.
    degree: highest order of the spherical harmonics, 0 to 3.
    columns: place of each property in a row of little-endian float32.
    width: float32 values in a row.
    body: bytes before the first row.
    """

    count: int
    degree: int
    columns: dict[str, int]
    width: int
    body: int

    @property
    def harmonics(self) -> int:
        """Coefficients per colour above order 0."""
        return HARMONICS_OF_DEGREE[self.degree]


def unreadable(reason: str) -> BridgeError:
    """The error for a file that is not a splat as Maquette writes it. reason: one sentence."""
    return BridgeError("ASSET_UNREADABLE", reason, "Make the asset's levels again, or convert the file to a 3DGS PLY.")


def read_splat_header(file: BinaryIO) -> SplatHeader:
    """Read the header and check it against the size of the file; the file then stands at its first row.

    file: opened for reading in binary mode, at its beginning.
    raises: BridgeError("ASSET_UNREADABLE") for anything but a binary little-endian 3DGS PLY of float properties, for a
        number of gaussians outside 1 … MAX_GAUSSIANS, and for a file shorter or longer than its header says.
    source: graphdeco-inria/gaussian-splatting, scene/gaussian_model.py, construct_list_of_attributes.
    """
    lines, body = _header_lines(file)
    if lines[0] != "ply" or len(lines) < 3 or lines[1] != _LITTLE_ENDIAN:
        raise unreadable("This file is not a binary little-endian PLY.")
    count, names = _element_and_names(lines[2:])
    columns = {name: place for place, name in enumerate(names)}
    degree = _degree_of(names, columns)
    expected = body + 4 * len(names) * count
    actual = os.fstat(file.fileno()).st_size
    if actual != expected:
        raise unreadable(f"This splat file has {actual} bytes where its header announces {expected}.")
    return SplatHeader(count, degree, columns, len(names), body)


def _header_lines(file: BinaryIO) -> tuple[list[str], int]:
    start = file.read(MAX_HEADER_BYTES)
    if not start.startswith(b"ply"):
        raise unreadable("This file is not a PLY.")
    end = start.find(b"\nend_header\n")
    if end < 0:
        raise unreadable("The header of this PLY has no end.")
    try:
        text = start[:end].decode("ascii")
    except UnicodeDecodeError:
        raise unreadable("The header of this PLY is not text.") from None
    body = end + len(b"\nend_header\n")
    file.seek(body)
    lines = [line.strip() for line in text.split("\n")]
    return [line for line in lines if not line.startswith(("comment ", "obj_info "))], body


def _element_and_names(lines: list[str]) -> tuple[int, list[str]]:
    first = lines[0].split()
    if len(first) != 3 or first[:2] != ["element", "vertex"] or not first[2].isdigit() or len(first[2]) > 9:
        raise unreadable("The header of this PLY does not begin with its vertices.")
    count = int(first[2])
    if not 1 <= count <= MAX_GAUSSIANS:
        raise unreadable(f"This splat has {count} gaussians; 1 to {MAX_GAUSSIANS} can be imported.")
    names = []
    for line in lines[1:]:
        words = line.split()
        if len(words) != 3 or words[0] != "property" or words[1] not in _FLOAT_TYPES:
            raise unreadable("The header of this PLY holds something other than one number per gaussian.")
        names.append(words[2])
    return count, names


def _degree_of(names: list[str], columns: dict[str, int]) -> int:
    if len(columns) != len(names):
        raise unreadable("The header of this PLY names a property twice.")
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        raise unreadable(f"This PLY holds no gaussians: it has no {missing[0]}.")
    rest = len(names) - sum(name in columns for name in (*_REQUIRED, *_IGNORED))
    is_numbered = all(f"f_rest_{place}" in columns for place in range(rest))
    if rest % 3 or rest // 3 not in HARMONICS_OF_DEGREE or not is_numbered:
        raise unreadable("This PLY has properties that no splat has, or harmonics of a degree that is not 0 to 3.")
    return HARMONICS_OF_DEGREE.index(rest // 3)
