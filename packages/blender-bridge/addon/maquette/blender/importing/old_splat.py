"""A splat of ours that gives way to a newer asset. It is a root, its levels and their collection: all of it goes."""

from __future__ import annotations

from dataclasses import dataclass

import bpy

from .asset_library import takes_objects


@dataclass(frozen=True)
class OldSplat:
    """root: what stands in the scene. levels: its children that we made. collection: of them all, if it still is."""

    root: bpy.types.Object
    levels: tuple[bpy.types.Object, ...]
    collection: bpy.types.Collection | None

    def places(self) -> list[bpy.types.Collection]:
        """Where the splat as a whole is, in scenes and collections."""
        if self.collection is None:
            return [place for place in self.root.users_collection if takes_objects(place)]
        every = [*(scene.collection for scene in bpy.data.scenes), *bpy.data.collections]
        return [place for place in every if self.collection in set(place.children) and takes_objects(place)]

    def remove(self) -> None:
        """Take the levels, their meshes and the collection out of the file; the root has been replaced.

        What the artist put into the collection keeps it there.
        """
        meshes = {level.data for level in self.levels}
        bpy.data.batch_remove(self.levels)
        bpy.data.batch_remove([mesh for mesh in meshes if mesh.users == 0])
        if self.collection is not None and not self.collection.objects and not self.collection.children:
            bpy.data.collections.remove(self.collection)


def find_old_splat(placeholder: bpy.types.Object) -> OldSplat | None:
    """The splat that an object is the root or a level of; None for anything else.

    A level is what a click in the viewport selects.
    """
    if placeholder.get("maquette_kind") != "splat":
        return None
    root = placeholder.parent if "maquette_level" in placeholder else placeholder
    if root is None or root.get("maquette_manifest") != placeholder["maquette_manifest"]:
        return None
    levels = tuple(
        child
        for child in root.children
        if "maquette_level" in child and child.get("maquette_manifest") == root["maquette_manifest"]
    )
    whole = {root, *levels}
    collection = next((each for each in root.users_collection if whole <= set(each.objects)), None)
    return OldSplat(root, levels, collection) if levels else None
