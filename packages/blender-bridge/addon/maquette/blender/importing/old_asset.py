"""Assets of ours that give way to a newer one: what of them goes, and what of them nothing may stand in for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bpy

from ...wire.errors import BridgeError
from .asset_library import LIBRARY_PROPERTY, takes_objects


@dataclass(frozen=True)
class OldSplat:
    """A root, its levels and their collection: all of it goes.

    root: what stands in the scene. levels: its children that we made. collection: of them all, if it still is.
    """

    root: bpy.types.Object
    levels: tuple[bpy.types.Object, ...]
    collection: bpy.types.Collection | None

    def places(self) -> list[bpy.types.Collection]:
        """Where the splat as a whole is, in scenes and collections."""
        if self.collection is None:
            return [place for place in self.root.users_collection if takes_objects(place)]
        every = [*(scene.collection for scene in bpy.data.scenes), *bpy.data.collections]
        return [place for place in every if self.collection in set(place.children) and takes_objects(place)]

    def is_instanced(self) -> bool:
        """Whether something shows or reads the collection from elsewhere: an instance, nodes, particles."""
        if self.collection is None:
            return False
        users = bpy.data.user_map(subset=[self.collection])[self.collection]
        return not all(isinstance(user, _HOLDERS) for user in users)

    def remove(self, successor: bpy.types.Collection | None) -> None:
        """Take the levels, their meshes and the collection out of the file; the root has been replaced.

        What the artist put into the collection keeps it there, and so does the newer asset if it is in it.

        successor: collection that instances of the old one show from now on; None leaves them as they are.
        """
        self._release_copies()
        meshes = {level.data for level in self.levels}
        bpy.data.batch_remove(self.levels)
        bpy.data.batch_remove([mesh for mesh in meshes if mesh.users == 0])
        if self.collection is None:
            return
        stays = bool(self.collection.objects or self.collection.children)
        if successor is not None and self.is_instanced():
            self._hand_over(successor, stays)
        if not stays:
            bpy.data.collections.remove(self.collection)
        elif self.collection.asset_data is not None:
            # its picture and description are those of the splat
            self.collection.asset_clear()

    def _release_copies(self) -> None:
        """Let copies of coarser levels stay as they are: their switch goes, and a dead driver cannot be overruled."""
        for entry in bpy.data.objects:
            is_copy = "maquette_level" in entry and entry not in self.levels and entry.library is None
            if is_copy and not _switches_of(entry).isdisjoint(self.levels):
                for path in _SWITCHED:
                    entry.driver_remove(path)

    def _hand_over(self, successor: bpy.types.Collection, stays: bool) -> None:
        successor.instance_offset = self.collection.instance_offset
        # the successor stands in these places already, so all that is left to be remapped is what shows it elsewhere
        places = self.places()
        for place in places:
            place.children.unlink(self.collection)
        self.collection.user_remap(successor)
        for place in places if stays else ():
            place.children.link(self.collection)


_SWITCHED = ("hide_viewport", "hide_render")
# scenes and collections hold it as their child; windows know it while their outliner lists it
_HOLDERS = (
    bpy.types.Scene,
    bpy.types.Collection,
    bpy.types.Screen,
    bpy.types.WorkSpace,
    bpy.types.WindowManager,
)


def find_old_splat(placeholder: bpy.types.Object) -> OldSplat | None:
    """The splat that an object is the root or a level of; None for anything else, copies of levels among it.

    A level is what a click in the viewport selects.
    """
    if placeholder.get("maquette_kind") != "splat":
        return None
    root = placeholder.parent if "maquette_level" in placeholder else placeholder
    if root is None or root.get("maquette_manifest") != placeholder["maquette_manifest"]:
        return None
    levels = _original_levels(root)
    if not levels or placeholder != root and placeholder not in levels:
        return None
    whole = {root, *levels}
    collection = next((each for each in root.users_collection if whole <= set(each.objects)), None)
    return OldSplat(root, levels, collection)


def _original_levels(root: bpy.types.Object) -> tuple[bpy.types.Object, ...]:
    """The levels of a splat as they were imported, finest first.

    Shift+D gives a copy the same parent and the same properties, so those do not tell it from the level; which object
    the levels are switched by does, and then the name, which the copy had to leave to the level.
    """
    children: dict[int, list[bpy.types.Object]] = {}
    for child in root.children:
        if "maquette_level" in child and child.get("maquette_manifest") == root["maquette_manifest"]:
            children.setdefault(child["maquette_level"], []).append(child)
    coarser = [child for number, group in children.items() if number > 0 for child in group]
    finest_ones = children.get(0, [])
    finest = _original(finest_ones, [sum(one in _switches_of(child) for child in coarser) for one in finest_ones])
    levels = [] if finest is None else [finest]
    for number in sorted(children.keys() - {0}):
        switches = [(child, _switches_of(child)) for child in children[number]]
        # switched by another object it is one of a copied set; by none, the artist may have taken its drivers away
        own = [(child, by) for child, by in switches if not by or finest is None or finest in by]
        found = _original([child for child, _ in own], [len(by) for _, by in own])
        if found is not None:
            levels.append(found)
    return tuple(levels)


def _original(candidates: Sequence[bpy.types.Object], votes: Sequence[int]) -> bpy.types.Object | None:
    """The one with most votes; among equals the one that is named, or whose mesh is, as the import did it."""

    def rank(entry: tuple[bpy.types.Object, int]) -> tuple[int, bool, bool]:
        level, count = entry
        ending = f"_LOD{level['maquette_level']}"
        return count, level.name.endswith(ending), level.data.name.endswith(ending)

    return max(zip(candidates, votes), key=rank)[0] if candidates else None


def _switches_of(level: bpy.types.Object) -> set[bpy.types.Object]:
    """The objects whose numbers decide whether a level is hidden: level 0 of its own asset, as a rule."""
    drivers = level.animation_data.drivers if level.animation_data is not None else ()
    targets = {
        target.id
        for curve in drivers
        if curve.data_path in _SWITCHED
        for variable in curve.driver.variables
        for target in variable.targets
    }
    return {target for target in targets if isinstance(target, bpy.types.Object)}


def check_library_part(placeholder: bpy.types.Object) -> None:
    """raises: BridgeError("IMPORT_FAILED") for a level or skeleton in the library: an asset in its place would be seen
    by nobody, and in every instance of the old one."""
    is_part = "maquette_level" in placeholder or placeholder.type == "ARMATURE"
    if placeholder.get("maquette_kind") != "mesh" or not is_part:
        return
    libraries = [collection for collection in bpy.data.collections if LIBRARY_PROPERTY in collection]
    kept = {collection for library in libraries for collection in (library, *library.children_recursive)}
    if not kept.isdisjoint(placeholder.users_collection):
        raise BridgeError(
            "IMPORT_FAILED",
            f"“{placeholder.name}” is a part of an asset and not what stands in the scene.",
            "Choose the asset's instance in the scene instead.",
        )
