"""Pictures in the sidebar: their size by their first bytes, and none that would hold Blender up."""

from __future__ import annotations

import base64
import os
import struct
import tempfile
import unittest
import zlib

import bpy
import harness


def chunk(kind: bytes, data: bytes) -> bytes:
    """Of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A picture of one bit for each pixel, black; without `rows` its header alone. rows: compressed."""
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return head + chunk(b"IDAT", rows) + chunk(b"IEND", b"") if rows else head


def black(width: int, height: int) -> bytes:
    return png(width, height, zlib.compress(bytes((1 + (width + 7) // 8) * height)))


def segment(marker: int, data: bytes) -> bytes:
    """Of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def frame(width: int, height: int, marker: int = 0xC0) -> bytes:
    return segment(marker, struct.pack(">BHHB", 8, height, width, 3) + bytes(9))


def jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + segment(0xDA, bytes(10))


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def lossy(width: int, height: int) -> tuple[bytes, bytes]:
    return b"VP8 ", b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)


def lossless(width: int, height: int) -> tuple[bytes, bytes]:
    return b"VP8L", struct.pack("<BI", 0x2F, (width - 1) | (height - 1) << 14)


def canvas(width: int, height: int, flags: int = 0) -> tuple[bytes, bytes]:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X", bytes([flags, 0, 0, 0]) + sides


# Real pictures of one pixel: lossy, lossless, with alpha, animated.
ONE_PIXEL = (
    "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA",
    "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==",
    "UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7mtQAAAA==",
    "UklGRlIAAABXRUJQVlA4WAoAAAASAAAAAAAAAAAAQU5JTQYAAAD/////AABBTk1GJgAAAAAAAAAAAAAAAAAAAGQAAABWUDhMDQAAAC8AAAAQBxAR"
    "EYiI/gcA",
)


class PictureCase(unittest.TestCase):
    def setUp(self) -> None:
        harness.enable_addon()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, data: bytes, name: str = "picture") -> str:
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path


class Sizes(PictureCase):
    def size(self, data: bytes) -> object:
        return harness.addon_module("blender.picture_size").picture_size(self.write(data))

    def test_every_format_tells_its_size(self) -> None:
        camera = segment(0xE1, b"Exif\0\0" + jpeg(frame(160, 120)))
        pictures = {
            "png": png(300, 200),
            "jpeg": jpeg(frame(300, 200)),
            "jpeg, progressive": jpeg(segment(0xC4, bytes(20)), frame(300, 200, 0xC2)),
            "jpeg with a preview within": jpeg(segment(0xE0, bytes(14)), camera, b"\xff\xff", frame(300, 200)),
            "webp, lossy": webp(lossy(300, 200)),
            "webp, lossy with a scale": webp(lossy(300 | 1 << 14, 200 | 2 << 14)),
            "webp, lossless": webp(lossless(300, 200)),
            "webp, extended": webp(canvas(300, 200), (b"ICCP", bytes(7)), lossy(300, 200)),
            "webp, extended lossless": webp(canvas(300, 200), lossless(300, 200)),
            "webp, animated": webp(canvas(300, 200, 0x02), (b"ANIM", bytes(6))),
        }
        for name, data in pictures.items():
            with self.subTest(name):
                self.assertEqual(self.size(data), (300, 200))
        for text in ONE_PIXEL:
            self.assertEqual(self.size(base64.b64decode(text)), (1, 1))

    def test_the_largest_sizes_are_told_as_they_are(self) -> None:
        self.assertEqual(self.size(png(2**31 - 1, 2**31 - 1)), (2**31 - 1, 2**31 - 1))
        self.assertEqual(self.size(jpeg(frame(65535, 65535))), (65535, 65535))
        self.assertEqual(self.size(webp(lossless(16384, 16384))), (16384, 16384))
        self.assertEqual(self.size(webp(canvas(2**24, 2**24, 0x02))), (2**24, 2**24))

    def test_what_blender_writes(self) -> None:
        image = bpy.data.images.new("Picture", 30, 20)
        self.addCleanup(bpy.data.images.remove, image)
        for kind in ("PNG", "JPEG"):
            image.filepath_raw, image.file_format = os.path.join(self.folder, kind), kind
            image.save()
            self.assertEqual(harness.addon_module("blender.picture_size").picture_size(image.filepath_raw), (30, 20))

    def test_a_file_that_ends_too_early_has_no_size(self) -> None:
        whole = (
            png(300, 200),
            jpeg(segment(0xE0, bytes(14)), frame(300, 200))[:30],
            webp(lossy(300, 200)),
            webp(lossless(300, 200)),
            webp(canvas(300, 200), lossless(300, 200)),
        )
        for data in whole:
            needed = next(count for count in range(len(data) + 1) if self.size(data[:count]) is not None)
            self.assertGreater(needed, 20)
            for count in range(needed):
                self.assertIsNone(self.size(data[:count]))

    def test_what_contradicts_itself_has_no_size(self) -> None:
        pictures = {
            "nothing": b"",
            "another format": b"GIF89a" + bytes(30),
            "png without a side": png(0, 200),
            "png whose header is another chunk": b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", bytes(13)),
            "png whose header is too long": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes([0, 0, 1, 0] * 5)),
            "jpeg that tells its height later": jpeg(frame(300, 0)),
            "jpeg without a size": jpeg(segment(0xE0, bytes(14))),
            "jpeg with something between": jpeg(b"\0", frame(300, 200)),
            "jpeg with an impossible length": b"\xff\xd8\xff\xe0\0\1" + frame(300, 200),
            "jpeg that ends at once": b"\xff\xd8\xff\xd9" + bytes(40),
            "jpeg of nothing but fillers": b"\xff\xd8" + b"\xff" * 1_000_000 + frame(300, 200),
            "jpeg of nothing but small segments": jpeg(segment(0xE0, b"") * 100_000, frame(300, 200)),
            "webp that is larger within": webp(canvas(10, 10), lossy(16000, 16000)),
            "webp that is larger within, lossless": webp(canvas(10, 10), lossless(16000, 16000)),
            "webp that begins in the middle": webp((b"VP8 ", b"\x11\0\0\x9d\x01\x2a" + bytes([9, 0, 9, 0]))),
            "webp of another kind": webp((b"ALPH", bytes(20)), lossy(300, 200)),
            "webp with another signature": webp((b"VP8L", bytes(5))),
            "webp without a picture": webp(canvas(300, 200), *[(b"EXIF", b"")] * 100_000, lossy(300, 200)),
        }
        for name, data in pictures.items():
            with self.subTest(name):
                self.assertIsNone(self.size(data))

    def test_what_is_no_file_has_no_size(self) -> None:
        size = harness.addon_module("blender.picture_size").picture_size
        self.assertIsNone(size(self.folder))
        self.assertIsNone(size(os.path.join(self.folder, "nowhere.png")))


class Previews(PictureCase):
    """In background a picture that is decoded has no icon: it is in the collection, and not otherwise."""

    def setUp(self) -> None:
        super().setUp()
        self.previews = harness.addon_module("blender.previews")
        self.symbol = bpy.types.UILayout.bl_rna.functions["label"].parameters["icon"].enum_items["FILE_IMAGE"].value

    def show(self, path: str) -> int:
        self.previews.prepare(path)
        return self.previews.icon_of(path)

    def test_a_picture_is_shown(self) -> None:
        path = self.write(black(300, 200), "small.png")
        self.assertNotEqual(self.show(path), self.symbol)
        self.assertGreater(min(self.previews._pictures[path].image_size), 0)

    def test_one_of_too_many_pixels_is_not_decoded_and_has_a_symbol(self) -> None:
        path = self.write(black(4000, 2001), "large.png")
        self.assertLess(os.path.getsize(path), 10_000)
        self.assertEqual((self.show(path), path in self.previews._pictures), (self.symbol, False))

    def test_one_that_was_made_smaller_is_shown_when_it_is_chosen_again(self) -> None:
        path = self.write(black(4000, 2001), "large.png")
        self.show(path)
        self.write(black(400, 200), "large.png")
        self.assertNotEqual(self.show(path), self.symbol)
        self.assertIn(path, self.previews._pictures)

    def test_what_has_no_size_is_not_shown(self) -> None:
        self.assertEqual(self.show(self.write(b"no picture", "broken.png")), 0)
        self.assertEqual(self.show(os.path.join(self.folder, "nowhere.png")), 0)
        image = bpy.data.images.new("Picture", 30, 20)
        self.addCleanup(bpy.data.images.remove, image)
        image.filepath_raw, image.file_format = os.path.join(self.folder, "picture.bmp"), "BMP"
        image.save()
        self.assertEqual((self.show(image.filepath_raw), image.filepath_raw in self.previews._pictures), (0, False))

    def test_a_huge_picture_of_the_form_does_not_hold_blender_up(self) -> None:
        path = self.write(black(16000, 16000), "huge.png")
        bpy.context.scene.maquette.image = path
        self.addCleanup(setattr, bpy.context.scene.maquette, "image", "")
        self.assertEqual(self.previews.icon_of(path), self.symbol)
