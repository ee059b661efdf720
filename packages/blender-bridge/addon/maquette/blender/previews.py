"""Small pictures in the sidebar: the reference that was chosen."""

from __future__ import annotations

import os

import bpy
import bpy.utils.previews

# Larger files are not decoded for a preview: that would be felt.
_MAX_BYTES = 32 * 1024 * 1024
_MAX_PICTURES = 16

_pictures: bpy.utils.previews.ImagePreviewCollection | None = None


def icon_of(path: str) -> int:
    """Number of the icon that shows a picture, 0 where there is none. For drawing code: decodes nothing."""
    known = _pictures.get(path) if _pictures is not None and path else None
    return known.icon_id if known is not None else 0


def prepare(path: str) -> None:
    """Decodes a picture that was chosen just now, so that drawing finds it."""
    if _pictures is None or not path or path in _pictures:
        return
    try:
        size = os.path.getsize(path)
    except OSError:
        return
    if not 0 < size <= _MAX_BYTES:
        return
    if len(_pictures) >= _MAX_PICTURES:
        _pictures.clear()
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
        _pictures = None
