"""The reader of splats: against the file's own numbers, against the definition of each turn, and against hostile files.

It needs no bpy, but NumPy, which Blender always has and the system's Python may not have.
"""

from __future__ import annotations

import importlib
import math
import os
import struct
import sys
import tempfile
import types
import unittest
from collections.abc import Callable
from typing import Any

import numpy as np

ADDON = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../addon/maquette"))
PACKAGE = "maquette_without_bpy"


def load(name: str) -> types.ModuleType:
    """A module of the add-on without its packages' own files, which import bpy."""
    for package in ("", ".wire", ".blender", ".blender.importing"):
        if PACKAGE + package not in sys.modules:
            module = types.ModuleType(PACKAGE + package)
            module.__path__ = [ADDON + package.replace(".", "/")]
            sys.modules[PACKAGE + package] = module
    return importlib.import_module(f"{PACKAGE}.{name}")


read_splat = load("blender.importing.splat_file").read_splat
BridgeError = load("wire.errors").BridgeError

BASE = ("x y z f_dc_0 f_dc_1 f_dc_2".split(), "opacity scale_0 scale_1 scale_2 rot_0 rot_1 rot_2 rot_3".split())
DC = 0.28209479177387814


def property_names(degree: int) -> list[str]:
    """Properties of a level as the SDK writes it."""
    return [*BASE[0], *(f"f_rest_{place}" for place in range(3 * ((degree + 1) ** 2 - 1))), *BASE[1]]


def header(names: list[str], count: int) -> bytes:
    lines = ["ply", "format binary_little_endian 1.0", f"element vertex {count}"]
    return "\n".join([*lines, *(f"property float {name}" for name in names), "end_header\n"]).encode()


def evaluate_harmonics(x: float, y: float, z: float) -> list[float]:
    """Orders 1 to 3 in a direction. source: graphdeco-inria/gaussian-splatting, utils/sh_utils.py, eval_sh."""
    xx, yy, zz = x * x, y * y, z * z
    return [
        -0.4886025119029199 * y,
        0.4886025119029199 * z,
        -0.4886025119029199 * x,
        1.0925484305920792 * x * y,
        -1.0925484305920792 * y * z,
        0.31539156525252005 * (2 * zz - xx - yy),
        -1.0925484305920792 * x * z,
        0.5462742152960396 * (xx - yy),
        -0.5900435899266435 * y * (3 * xx - yy),
        2.890611442640554 * x * y * z,
        -0.4570457994644658 * y * (4 * zz - xx - yy),
        0.3731763325901154 * z * (2 * zz - 3 * xx - 3 * yy),
        -0.4570457994644658 * x * (4 * zz - xx - yy),
        1.445305721320277 * z * (xx - yy),
        -0.5900435899266435 * x * (xx - 3 * yy),
    ]


def matrix_of(quaternion: Any) -> Any:
    """Rotation matrix of a quaternion w x y z."""
    w, x, y, z = (float(part) for part in quaternion)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


UPRIGHT = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
"""Blender's frame from glTF's: +90° about X, (x, y, z) becomes (x, -z, y)."""


class SplatFileCase(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "lod0.ply")

    def write(self, data: bytes) -> str:
        with open(self.path, "wb") as file:
            file.write(data)
        return self.path

    def random_rows(self, degree: int, count: int) -> Any:
        """Rows of a file, float32: anything goes but quaternions of length 0."""
        rows = np.random.default_rng(degree + 7).normal(size=(count, len(property_names(degree))))
        return rows.astype("<f4")

    def read_rows(self, rows: Any, names: list[str]) -> Any:
        return read_splat(self.write(header(names, len(rows)) + rows.tobytes()))


class ReadSplat(SplatFileCase):
    def test_every_number_of_every_degree_arrives(self) -> None:
        for degree in range(4):
            with self.subTest(degree=degree):
                names = property_names(degree)
                # more rows than a block has, and no multiple of it
                rows = self.random_rows(degree, 10_007)
                cloud = self.read_rows(rows, names)
                values = {name: rows[:, place].astype(np.float64) for place, name in enumerate(names)}
                self.assertEqual((cloud.count, cloud.degree), (10_007, degree))
                np.testing.assert_array_equal(cloud.positions, np.stack([values["x"], -values["z"], values["y"]], 1))
                scales = np.exp(np.stack([values[f"scale_{axis}"] for axis in range(3)], 1))
                np.testing.assert_allclose(cloud.scales, scales, rtol=1e-5)
                np.testing.assert_allclose(cloud.opacities, 1 / (1 + np.exp(-values["opacity"])), rtol=1e-5)
                np.testing.assert_array_equal(cloud.sh_dc, np.stack([values[f"f_dc_{c}"] for c in range(3)], 1))
                np.testing.assert_array_equal(cloud.colors[:, 3], cloud.opacities)
                self.assertEqual(cloud.sh_rest.shape, ((degree + 1) ** 2 - 1, 10_007, 3))
                # a turn changes no length of a band, so nothing was lost or counted twice
                for band in range(1, degree + 1):
                    places = range(band * band - 1, (band + 1) ** 2 - 1)
                    for channel in range(3):
                        size = (degree + 1) ** 2 - 1
                        before = sum(values[f"f_rest_{channel * size + place}"] ** 2 for place in places)
                        after = sum(cloud.sh_rest[place, :, channel].astype(np.float64) ** 2 for place in places)
                        np.testing.assert_allclose(after, before, rtol=1e-4)

    def test_arrays_can_go_to_blender_as_they_are(self) -> None:
        cloud = self.read_rows(self.random_rows(3, 100), property_names(3))
        for array in (cloud.positions, cloud.scales, cloud.rotations, cloud.opacities, cloud.colors, cloud.sh_dc):
            self.assertEqual((array.dtype, array.flags.c_contiguous), (np.float32, True))
        self.assertTrue(all(coefficients.flags.c_contiguous for coefficients in cloud.sh_rest))

    def test_gaussians_are_turned_with_their_places(self) -> None:
        rows = self.random_rows(0, 50)
        names = property_names(0)
        cloud = self.read_rows(rows, names)
        first = names.index("rot_0")
        for row, rotation in zip(rows[:, first : first + 4], cloud.rotations):
            self.assertAlmostEqual(float(np.linalg.norm(rotation)), 1, places=5)
            before = matrix_of(row / np.linalg.norm(row))
            np.testing.assert_allclose(matrix_of(rotation), UPRIGHT @ before, atol=1e-5)

    def test_light_is_turned_with_the_gaussians(self) -> None:
        rows = self.random_rows(3, 4)
        names = property_names(3)
        cloud = self.read_rows(rows, names)
        directions = np.random.default_rng(1).normal(size=(20, 3))
        for direction in directions / np.linalg.norm(directions, axis=1)[:, None]:
            in_file = np.array(evaluate_harmonics(*direction))
            in_blender = np.array(evaluate_harmonics(*(UPRIGHT @ direction)))
            for channel in range(3):
                first = names.index(f"f_rest_{15 * channel}")
                expected = rows[:, first : first + 15] @ in_file
                for band in ((0, 3), (3, 8), (8, 15)):
                    part = slice(*band)
                    turned = cloud.sh_rest[part, :, channel].T @ in_blender[part]
                    np.testing.assert_allclose(turned, rows[:, first : first + 15][:, part] @ in_file[part], atol=1e-4)
                np.testing.assert_allclose(cloud.sh_rest[:, :, channel].T @ in_blender, expected, atol=1e-4)

    def test_colours_are_those_of_the_display_made_linear(self) -> None:
        # display value, and what the sRGB standard makes of it
        known = ((0.0, 0.0), (0.04, 0.04 / 12.92), (0.5, 0.21404114), (1.0, 1.0), (-0.2, 0.0), (1.2, 1.5168374))
        names = property_names(0)
        rows = np.zeros((len(known), len(names)), "<f4")
        rows[:, names.index("rot_0")] = 1
        rows[:, names.index("f_dc_1")] = [(display - 0.5) / DC for display, _ in known]
        cloud = self.read_rows(rows, names)
        np.testing.assert_allclose(cloud.colors[:, 1], [linear for _, linear in known], atol=1e-5)
        np.testing.assert_allclose(cloud.colors[:, 0], 0.21404114, atol=1e-6)

    def test_columns_may_lie_in_any_order_and_normals_are_passed_over(self) -> None:
        names = property_names(1)
        rows = self.random_rows(1, 300)
        expected = self.read_rows(rows, names)
        order = np.random.default_rng(3).permutation(len(names))
        shuffled = np.ascontiguousarray(np.hstack([np.full((300, 3), 9, "<f4"), rows[:, order]]))
        actual = self.read_rows(shuffled, ["nx", "ny", "nz", *(names[place] for place in order)])
        for field in ("positions", "scales", "rotations", "opacities", "colors", "sh_dc", "sh_rest"):
            np.testing.assert_array_equal(getattr(actual, field), getattr(expected, field))

    def test_extreme_numbers_stay_finite(self) -> None:
        names = property_names(0)
        rows = np.zeros((4, len(names)), "<f4")
        for place, value in enumerate((3e38, -3e38, 1e-30, 0.0)):
            for name in ("opacity", "scale_0", "rot_0", "rot_2"):
                rows[place, names.index(name)] = value
        with np.errstate(over="ignore", under="ignore"):
            cloud = self.read_rows(rows, names)
        for array in (cloud.scales, cloud.rotations, cloud.opacities, cloud.colors):
            self.assertTrue(np.isfinite(array).all())
        np.testing.assert_allclose(np.linalg.norm(cloud.rotations, axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(cloud.opacities, [1, 0, 0.5, 0.5], atol=1e-6)

    def test_the_level_of_an_asset_agrees_with_a_reader_of_single_numbers(self) -> None:
        path = os.path.join(os.environ["MAQUETTE_TEST_ASSETS"], "eiffel", "lod0.ply")
        cloud = read_splat(path)
        self.assertEqual(cloud.count, 30_014)
        with open(path, "rb") as file:
            data = file.read()
        body = data.index(b"end_header\n") + len(b"end_header\n")
        for row in range(0, cloud.count, 997):
            numbers = struct.unpack_from("<14f", data, body + 56 * row)
            np.testing.assert_array_equal(cloud.positions[row], np.float32([numbers[0], -numbers[2], numbers[1]]))
            self.assertAlmostEqual(float(cloud.opacities[row]), 1 / (1 + math.exp(-numbers[6])), places=5)
            np.testing.assert_allclose(cloud.scales[row], np.exp(numbers[7:10]), rtol=1e-5)


class HostileSplat(SplatFileCase):
    def refuse(self, data: bytes, reason: str) -> None:
        with self.assertRaisesRegex(BridgeError, reason) as caught:
            read_splat(self.write(data))
        self.assertEqual(caught.exception.code, "ASSET_UNREADABLE")
        self.assertNotEqual(caught.exception.remedy, "")

    def whole(self, change: Callable[[bytes], bytes] = lambda text: text, names: list[str] | None = None) -> bytes:
        """A file of 5 gaussians whose header was changed."""
        names = names or property_names(0)
        rows = np.ones((5, len(names)), "<f4")
        return change(header(names, 5)) + rows.tobytes()

    def test_the_unchanged_file_is_read(self) -> None:
        self.assertEqual(read_splat(self.write(self.whole())).count, 5)

    def test_files_that_are_no_ply(self) -> None:
        for data in (b"", b"p", b"glTF\2\0\0\0", b"plywood\n", os.urandom(5000)):
            with self.subTest(data[:8]):
                self.refuse(data, "PLY")

    def test_headers_without_end(self) -> None:
        self.refuse(b"ply\nformat binary_little_endian 1.0\n", "no end")
        self.refuse(b"ply\n" + b"comment x\n" * 20_000 + self.whole()[4:], "no end")

    def test_other_encodings(self) -> None:
        for other in (b"ascii", b"binary_big_endian"):
            self.refuse(self.whole(lambda text, o=other: text.replace(b"binary_little_endian", o)), "little-endian")
        self.refuse(self.whole(lambda text: text.replace(b"float x", "float ä".encode())), "not text")

    def test_counts_that_the_file_does_not_hold(self) -> None:
        reasons = {
            "bytes where": (b"6", b"4", b"9999999"),
            "gaussians; 1 to": (b"0", b"10000001", b"999999999"),
            "vertices": (b"-5", b"5.0", b"1e3", b"", b"5 5", b"9" * 5000),
        }
        for reason, counts in reasons.items():
            for count in counts:
                with self.subTest(count[:10]):
                    self.refuse(self.whole(lambda text, c=count: text.replace(b"vertex 5", b"vertex " + c)), reason)

    def test_truncated_and_prolonged_files(self) -> None:
        self.refuse(self.whole()[:-1], "bytes where")
        self.refuse(self.whole() + b"\0", "bytes where")

    def test_property_tables_of_something_else(self) -> None:
        names = property_names(0)
        self.refuse(self.whole(names=names[:-1]), "no rot_3")
        self.refuse(self.whole(names=[*names, "x"]), "twice")
        self.refuse(self.whole(names=[*names, "a", "b", "c"]), "no splat has")
        self.refuse(self.whole(names=[*names, *(f"f_rest_{place}" for place in range(12))]), "degree")
        self.refuse(self.whole(names=[*names, *(f"f_rest_{place}" for place in range(1, 10))]), "no splat has")
        self.refuse(self.whole(lambda text: text.replace(b"float opacity", b"uchar opacity")), "one number")
        self.refuse(self.whole(lambda text: text.replace(b"float opacity", b"list uchar int opacity")), "one number")
        self.refuse(self.whole(lambda text: text.replace(b"property float x", b"element face 3")), "one number")

    def test_numbers_that_are_not_finite(self) -> None:
        for value in (math.nan, math.inf, -math.inf):
            rows = np.ones((5, 14), "<f4")
            rows[4, 13] = value
            self.refuse(header(property_names(0), 5) + rows.tobytes(), "not finite")

    def test_files_that_are_not_there(self) -> None:
        for path in (self.path + ".not", os.path.dirname(self.path)):
            with self.assertRaises(BridgeError) as caught:
                read_splat(path)
            self.assertEqual(caught.exception.code, "ASSET_UNREADABLE")


if __name__ == "__main__":
    unittest.main()
