"""Small pictures in the sidebar: the reference, and thumbnails of finished assets."""

from __future__ import annotations

import os

import bpy
import bpy.utils.previews

# Larger files are not decoded for a preview: that would be felt.
_MAX_BYTES = 32 * 1024 * 1024
_MAX_PICTURES = 64

_pictures: bpy.utils.previews.ImagePreviewCollection | None = None


def icon_of(path: str) -> int:
    """Number of the icon that shows a picture, 0 where there is none. Blender decodes it off the main thread."""
    if _pictures is None or not path:
        return 0
    known = _pictures.get(path)
    if known is None:
        try:
            size = os.path.getsize(path)
        except OSError:
            return 0
        if not 0 < size <= _MAX_BYTES:
            return 0
        if len(_pictures) >= _MAX_PICTURES:
            _pictures.clear()
        known = _pictures.load(path, path, "IMAGE")
    return known.icon_id


def register() -> None:
    global _pictures
    _pictures = bpy.utils.previews.new()


def unregister() -> None:
    global _pictures
    if _pictures is not None:
        bpy.utils.previews.remove(_pictures)
        _pictures = None
