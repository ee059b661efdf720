"""Names for what an import makes: unique in the file, and never cut where it matters."""

from __future__ import annotations

import bpy

# Blender 3.4 to 4.x keep 63 bytes of a name. 5.x keeps more, but files travel back.
NAME_BYTES_LIMIT = 63
# room for ".001" and for "_LOD" with two digits
RESERVED_BYTES = 4 + 6


def unique_asset_name(wanted: str, level_count: int) -> str:
    """The name itself, or with .001, .002, … the first of which neither collection nor object nor level exists yet.

    wanted: any text without control characters. It is cut at a whole character where it is too long.
    """
    stem = _cut(wanted.strip(), NAME_BYTES_LIMIT - RESERVED_BYTES).strip() or "asset"
    number = 0
    while True:
        name = stem if number == 0 else f"{stem}.{number:03d}"
        if not _is_taken(name, level_count):
            return name
        number += 1


def level_name(asset: str, level: int) -> str:
    """The name of a level's object and mesh. product.md, "Editors and packages"."""
    return f"{asset}_LOD{level}"


def _is_taken(name: str, level_count: int) -> bool:
    if name in bpy.data.collections or name in bpy.data.objects:
        return True
    levels = [level_name(name, level) for level in range(level_count)]
    return any(level in bpy.data.objects or level in bpy.data.meshes for level in levels)


def _cut(text: str, limit: int) -> str:
    return text.encode("utf-8")[:limit].decode("utf-8", "ignore")
