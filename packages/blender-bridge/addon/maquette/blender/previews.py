"""Small pictures in the sidebar: the reference that was chosen."""

from __future__ import annotations

import os

import bpy
import bpy.utils.previews

from .picture_size import picture_size

# Larger ones are not decoded for a preview: that would be felt. Few bytes may hold many pixels: a PNG of 0.8 MB with
# 16000 × 16000 held Blender up for 18 s.
_MAX_BYTES = 32 * 1024 * 1024
_MAX_PIXELS = 8_000_000
_MAX_PICTURES = 16

# Those that are too large to be decoded.
_large: set[str] = set()
_pictures: bpy.utils.previews.ImagePreviewCollection | None = None


def icon_of(path: str) -> int:
    """Number of the icon that shows a picture, 0 where there is none. For drawing code: decodes nothing.

    One that is too large for a preview has the symbol of pictures: there is nothing wrong with it.
    """
    if path in _large:
        return bpy.types.UILayout.bl_rna.functions["label"].parameters["icon"].enum_items["FILE_IMAGE"].value
    known = _pictures.get(path) if _pictures is not None and path else None
    return known.icon_id if known is not None else 0


def prepare(path: str) -> None:
    """Decodes a picture that was chosen just now, so that drawing finds it."""
    if _pictures is None or not path or path in _pictures:
        return
    _large.discard(path)
    try:
        size = os.path.getsize(path)
    except OSError:
        return
    # What is no plain file has no size, and opening it might wait for ever.
    pixels = picture_size(path) if size else None
    if pixels is None:
        return
    if len(_pictures) + len(_large) >= _MAX_PICTURES:
        _pictures.clear()
        _large.clear()
    if size > _MAX_BYTES or pixels[0] * pixels[1] > _MAX_PIXELS:
        _large.add(path)
        return
    picture = _pictures.load(path, path, "IMAGE")
    # Loading is put off until somebody asks for the size or draws it.
    if not picture.image_size[0]:
        del _pictures[path]


def register() -> None:
    global _pictures
    _pictures = bpy.utils.previews.new()


def unregister() -> None:
    global _pictures
    if _pictures is not None:
        bpy.utils.previews.remove(_pictures)
        _large.clear()
        _pictures = None
