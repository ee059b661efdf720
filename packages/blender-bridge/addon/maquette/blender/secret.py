"""A key between the field it is typed into and the service: for seconds in this module, in no property ever."""

from __future__ import annotations

import bpy

# What the field shows instead. Blender also writes a field's value into its info log, as this getter tells it.
_MASK = "\N{BULLET}"
_MASK_LENGTH = 12

_typed = ""


def is_typed() -> bool:
    return bool(_typed)


def take() -> str:
    """The typed key. It is forgotten here."""
    global _typed
    value, _typed = _typed, ""
    return value


def get_masked(_owner: bpy.types.bpy_struct) -> str:
    """What the field reads: nothing, or bullets whose number says nothing about the key."""
    return _MASK * _MASK_LENGTH if _typed else ""


def set_typed(_owner: bpy.types.bpy_struct, value: str) -> None:
    """What the field writes. Bullets that were left standing when it was typed into again are not part of a key."""
    global _typed
    if value != _MASK * _MASK_LENGTH:
        _typed = value.replace(_MASK, "").strip()
