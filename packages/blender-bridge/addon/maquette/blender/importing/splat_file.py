"""Reads the levels of a splat, in Blender's frame and units. NumPy only: no bpy, so that plain Python can test it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import BinaryIO

import numpy as np

from .splat_header import SplatHeader, read_splat_header, unreadable

_BLOCK_FLOATS = 512 * 1024
"""2 MB are read and turned at a time: they stay in the processor's cache; no second copy of the file is needed."""

_LARGEST_LOG_SCALE = 30.0
"""Sizes beyond e^±30 m are brought there, so that squares of them remain finite float32 values."""

_DC_TO_DISPLAY = 0.28209479177387814
"""Value of the constant spherical harmonic."""

_HALF = sqrt(0.5)
_A, _B, _C, _D = sqrt(3) / 2, sqrt(10) / 4, sqrt(6) / 4, sqrt(15) / 4
_HARMONICS_TURN: tuple[tuple[tuple[int, float], ...], ...] = (
    ((1, 1.0),),
    ((0, -1.0),),
    ((2, 1.0),),
    ((6, 1.0),),
    ((4, -1.0),),
    ((5, -0.5), (7, -_A)),
    ((3, -1.0),),
    ((5, -_A), (7, 0.5)),
    ((11, -_B), (13, _C)),
    ((9, -1.0),),
    ((11, -_C), (13, -_B)),
    ((8, _B), (10, _C)),
    ((12, -0.25), (14, -_D)),
    ((8, -_C), (10, _B)),
    ((12, -_D), (14, 0.25)),
)
"""How +90° about X turns the harmonics of orders 1 to 3: for each coefficient, its sources and their factors, exactly.

From the integral of each harmonic times each one turned, in the signs and the sequence of 3D Gaussian splatting; a test
evaluates both sides of the identity in many directions."""


@dataclass(frozen=True)
class SplatCloud:
    """Gaussians in Blender's frame: right-handed, +Z up, metres. Arrays are float32, contiguous, owned by the holder.

    positions: (n, 3) centres.
    scales: (n, 3) standard deviations along each own axis, metres, linear.
    rotations: (n, 4) unit quaternions w x y z that turn own axes into the object's.
    opacities: (n,) in [0, 1], linear.
    colors: (n, 4) what order 0 shows, scene-linear red green blue as Blender mixes them (≥ 0), and the opacity.
    sh_dc: (n, 3) coefficients of order 0. Display value = 0.5 + 0.28209479177387814 · coefficient, before any light
        that depends on the direction is added.
    sh_rest: (k, n, 3) coefficients of orders 1 to `degree`, k = 0, 3, 8 or 15, turned with the frame: for directions
        in Blender's frame.
    """

    degree: int
    positions: np.ndarray
    scales: np.ndarray
    rotations: np.ndarray
    opacities: np.ndarray
    colors: np.ndarray
    sh_dc: np.ndarray
    sh_rest: np.ndarray

    @property
    def count(self) -> int:
        """Gaussians."""
        return len(self.opacities)


def read_splat(path: str) -> SplatCloud:
    """Read a 3DGS PLY in glTF's frame (+Y up), as Maquette writes levels, and turn it upright for Blender.

    path: the file. It is read once, in blocks; a truncated or growing file is noticed.
    raises: BridgeError("ASSET_UNREADABLE") when the file cannot be opened, is not such a PLY (see read_splat_header),
        or holds numbers that are not finite.
    """
    try:
        with open(path, "rb") as file:
            return _read_rows(file, read_splat_header(file))
    except OSError as error:
        raise unreadable(f"The splat file cannot be read ({error.strerror or error}).") from error


def _read_rows(file: BinaryIO, header: SplatHeader) -> SplatCloud:
    count = header.count
    cloud = SplatCloud(
        degree=header.degree,
        positions=np.empty((count, 3), np.float32),
        scales=np.empty((count, 3), np.float32),
        rotations=np.empty((count, 4), np.float32),
        opacities=np.empty(count, np.float32),
        colors=np.empty((count, 4), np.float32),
        sh_dc=np.empty((count, 3), np.float32),
        sh_rest=np.empty((header.harmonics, count, 3), np.float32),
    )
    rows = max(1, _BLOCK_FLOATS // header.width)
    buffer = np.empty((rows, header.width), "<f4")
    for first in range(0, count, rows):
        block = buffer[: min(rows, count - first)]
        if file.readinto(memoryview(block).cast("B")) != block.nbytes:
            raise unreadable("The splat file ends before its last gaussian.")
        if not np.isfinite(block).all():
            raise unreadable("The splat file holds numbers that are not finite.")
        _turn_block(block, header, cloud, slice(first, first + len(block)))
    return cloud


def _turn_block(block: np.ndarray, header: SplatHeader, cloud: SplatCloud, rows: slice) -> None:
    """Fill `rows` of the cloud from rows of the file."""
    columns = header.columns

    def column(name: str) -> np.ndarray:
        return block[:, columns[name]]

    cloud.positions[rows, 0] = column("x")
    np.negative(column("z"), out=cloud.positions[rows, 1])
    cloud.positions[rows, 2] = column("y")

    scales = cloud.scales[rows]
    for axis in range(3):
        scales[:, axis] = column(f"scale_{axis}")
    np.exp(np.clip(scales, -_LARGEST_LOG_SCALE, _LARGEST_LOG_SCALE, out=scales), out=scales)

    _turn_quaternions([column(f"rot_{place}") for place in range(4)], cloud.rotations[rows])

    # a logit beyond ±80 is 0 or 1 as float32 anyway; exp() of more would warn of an overflow
    logits = np.clip(column("opacity"), -80.0, 80.0)
    opacities = np.divide(1.0, 1.0 + np.exp(-logits), out=cloud.opacities[rows])

    coefficients = cloud.sh_dc[rows]
    for channel in range(3):
        coefficients[:, channel] = column(f"f_dc_{channel}")
    cloud.colors[rows, :3] = linear_from_display(np.float32(0.5) + np.float32(_DC_TO_DISPLAY) * coefficients)
    cloud.colors[rows, 3] = opacities

    size = header.harmonics
    if size == 0:
        return
    # the file has them channel by channel, wherever the columns lie
    channels = [[column(f"f_rest_{channel * size + place}") for place in range(size)] for channel in range(3)]
    for target, sources in enumerate(_HARMONICS_TURN[:size]):
        turned = cloud.sh_rest[target, rows]
        for channel in range(3):
            place, factor = sources[0]
            np.multiply(channels[channel][place], np.float32(factor), out=turned[:, channel])
            for place, factor in sources[1:]:
                turned[:, channel] += np.float32(factor) * channels[channel][place]


def _turn_quaternions(parts: list[np.ndarray], turned: np.ndarray) -> None:
    """Unit quaternions of `parts` (w x y z), then +90° about X, into `turned` (n, 4). Length 0 counts as no turn."""
    w, x, y, z = parts
    squares = w * w + x * x + y * y + z * z
    is_turn = (squares > 1e-30) & np.isfinite(squares)
    factor = np.divide(np.float32(_HALF), np.sqrt(squares), where=is_turn, out=np.zeros_like(squares))
    turned[:, 0] = (w - x) * factor
    turned[:, 1] = (w + x) * factor
    turned[:, 2] = (y - z) * factor
    turned[:, 3] = (y + z) * factor
    turned[~is_turn] = (_HALF, _HALF, 0.0, 0.0)


def linear_from_display(values: np.ndarray) -> np.ndarray:
    """Scene-linear values of display (sRGB) values; what is below 0 becomes 0, what is above 1 stays above.

    source: IEC 61966-2-1.
    """
    clipped = np.maximum(values, np.float32(0.0))
    curve = np.power((clipped + np.float32(0.055)) * np.float32(1 / 1.055), np.float32(2.4))
    return np.where(clipped <= np.float32(0.04045), clipped * np.float32(1 / 12.92), curve)
