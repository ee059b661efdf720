"""Width and height of a picture, told by its first bytes, before anything is decoded. Needs no bpy."""

from __future__ import annotations

import struct
from typing import BinaryIO

# A picture has a few dozen segments before its size: profiles and previews of cameras come in pieces of 64 kB. What has
# more was made to be slow.
_MAX_SEGMENTS = 1000

Size = tuple[int, int]


def picture_size(path: str) -> Size | None:
    """Width and height in pixels, both above 0, of a PNG, JPEG or WebP file, whatever its name ends in.

    returns: None for other formats, for a file that cannot be read or ends too early, and for one that says two sizes.
    """
    try:
        with open(path, "rb") as file:
            head = file.read(12)
            file.seek(0)
            if head.startswith(b"\x89PNG\r\n\x1a\n"):
                size = _png_size(file)
            elif head.startswith(b"\xff\xd8\xff"):
                size = _jpeg_size(file)
            elif head[:4] == b"RIFF" and head[8:] == b"WEBP":
                size = _webp_size(file)
            else:
                return None
    except (OSError, ValueError, struct.error):
        return None
    return size if size is not None and min(size) > 0 else None


def _png_size(file: BinaryIO) -> Size | None:
    """source: PNG (ISO 15948) §11.2.2 IHDR."""
    length, kind, width, height = struct.unpack(">I4sII", _take(file, 24, skip=8))
    return (width, height) if (length, kind) == (13, b"IHDR") else None


def _jpeg_size(file: BinaryIO) -> Size | None:
    """source: JPEG (ITU-T T.81) §B.1.1 markers, §B.2.2 frame header. A preview of the camera lies inside a segment."""
    file.seek(2)
    for _ in range(_MAX_SEGMENTS):
        start, marker = _take(file, 2)
        if start != 0xFF:
            return None
        if marker == 0xFF:
            file.seek(-1, 1)  # a byte that only fills
            continue
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            continue  # those without a length
        (length,) = struct.unpack(">H", _take(file, 2))
        # 0xC4, 0xC8 and 0xCC lie among the frame headers and are none.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            _, height, width = struct.unpack(">BHH", _take(file, 5))
            return width, height
        # The pixels, or the end, before any size.
        if length < 2 or marker in (0xD8, 0xD9, 0xDA):
            return None
        file.seek(length - 2, 1)
    return None


def _webp_size(file: BinaryIO) -> Size | None:
    """source: RFC 9649 §2.4 to 2.7; RFC 6386 §9.1 for the frame of VP8."""
    file.seek(12)
    canvas: Size | None = None
    for number in range(_MAX_SEGMENTS):
        kind, length = struct.unpack("<4sI", _take(file, 8))
        body = file.tell()
        if kind == b"VP8X" and number == 0:
            data = _take(file, 10)
            canvas = 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")
            if data[0] & 0x02:
                return canvas  # animated: its pictures lie within
        elif kind in (b"VP8 ", b"VP8L"):
            size = _webp_lossy_size(file) if kind == b"VP8 " else _webp_lossless_size(file)
            # Decoders go by the inner one.
            return size if canvas in (None, size) else None
        elif canvas is None:
            return None
        file.seek(body + length + length % 2)
    return None


def _webp_lossy_size(file: BinaryIO) -> Size | None:
    tag, start, width, height = struct.unpack("<3s3sHH", _take(file, 10))
    is_key_frame = not tag[0] & 1
    # The upper two bits of each are a scale that decoders pass over.
    return (width & 0x3FFF, height & 0x3FFF) if is_key_frame and start == b"\x9d\x01\x2a" else None


def _webp_lossless_size(file: BinaryIO) -> Size | None:
    signature, bits = struct.unpack("<BI", _take(file, 5))
    return (1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)) if signature == 0x2F else None


def _take(file: BinaryIO, count: int, skip: int = 0) -> bytes:
    """count: bytes to read. skip: how many of those are left out of the result, at its beginning.

    raises: ValueError where the file ends before.
    """
    data = file.read(count)
    if len(data) < count:
        raise ValueError("the file ends too early")
    return data[skip:]
