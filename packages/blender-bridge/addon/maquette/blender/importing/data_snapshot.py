"""What a .blend holds at one moment, so that everything newer can be found, and taken out again."""

from __future__ import annotations

import bpy

# Everything an import creates, users before what they use. Types a Blender version lacks are skipped.
KINDS = (
    "scenes",
    "collections",
    "objects",
    "meshes",
    "armatures",
    "cameras",
    "lights",
    "curves",
    "pointclouds",
    "actions",
    "materials",
    "textures",
    "node_groups",
    "images",
    "texts",
)


class DataSnapshot:
    """Remembers which data-blocks exist. Holds references: throw it away before the next undo or file load."""

    def __init__(self) -> None:
        self._known = {kind: set(getattr(bpy.data, kind)) for kind in KINDS if hasattr(bpy.data, kind)}

    def new(self, kind: str) -> list[bpy.types.ID]:
        """Data-blocks of a kind ("objects", "materials", …) made since, in the file's order (by name)."""
        known = self._known.get(kind)
        return [] if known is None else [block for block in getattr(bpy.data, kind) if block not in known]

    def remove_new(self, kinds: tuple[str, ...] = KINDS, keep: frozenset[bpy.types.ID] = frozenset()) -> None:
        """Take out everything made since, but `keep`."""
        blocks = [block for kind in kinds for block in self.new(kind) if block not in keep]
        if blocks:
            bpy.data.batch_remove(blocks)
