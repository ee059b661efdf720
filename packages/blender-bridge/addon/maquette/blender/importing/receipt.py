"""What an import left in the scene."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import bpy


@dataclass(frozen=True)
class ImportReceipt:
    """What an import left in the scene. The references die with the next undo or file load, as all of bpy's do; the
    names stay.

    name: the asset's name in this file, unique; the collection has it, and as a rule the root.
    kind: "mesh" or "splat".
    root: the object that stands in the scene: an instance of the collection, the object with a level switch, or the
    splat.
    collection: the collection that holds the levels; None where a kind needs none.
    objects: every object made, the root first.
    notes: sentences on what could not be kept, for people; empty as a rule.
    """

    name: str
    kind: str
    root: bpy.types.Object
    collection: bpy.types.Collection | None
    objects: tuple[bpy.types.Object, ...] = field(default_factory=tuple)
    notes: tuple[str, ...] = field(default_factory=tuple)
