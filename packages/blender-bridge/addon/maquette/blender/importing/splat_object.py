"""Makes Blender objects of the levels of a splat.

Door for `import_asset()`:

    splats = import_splat_set(context, manifest, folder, name)
    splats.collection   new collection called `name` (Blender adds .001 where that is taken), linked to NOTHING yet
    splats.levels       its objects `<name>_LOD0` … `<name>_LODn`, finest first
    splats.gaussians    gaussians of each

The caller links the collection where it belongs, writes custom properties, marks the asset and switches levels. Until
then level 0 is shown and the others have `hide_viewport` and `hide_render` set. Origins are at the pivot (centre of the
base), transforms are the identity, units are metres, +Z is up.

A level is a mesh of loose vertices, which is what works from Blender 3.4 on and what geometry nodes, Python and people
can all read. Its attributes, one value per vertex:

    position        centre
    scale           FLOAT_VECTOR  standard deviation along each own axis, metres, linear
    rotation        FLOAT_COLOR   unit quaternion w x y z in r g b a (3.4 has no quaternions)
    opacity         FLOAT         0 … 1, linear
    Color           FLOAT_COLOR   scene-linear red green blue of order 0 (seen from anywhere); alpha = opacity
    sh_dc           FLOAT_VECTOR  coefficients of order 0 as in the file
    sh_rest_0 … 14  FLOAT_VECTOR  coefficients of orders 1 to 3, red green blue, turned into the object's frame
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import bpy
import numpy as np

from ...wire.errors import BridgeError
from .splat_display import add_splat_display
from .splat_file import SplatCloud, read_splat
from .splat_material import COLOR_ATTRIBUTE, splat_material


@dataclass(frozen=True)
class SplatSet:
    """A splat in Blender. collection: linked to nothing. levels: finest first. gaussians: of each level."""

    collection: bpy.types.Collection
    levels: tuple[bpy.types.Object, ...]
    gaussians: tuple[int, ...]


def import_splat_set(context: bpy.types.Context, manifest: dict, folder: str, name: str) -> SplatSet:
    """Import all levels of a splat.

    context: any; nothing of it is changed.
    manifest: of an asset of kind "splat", checked by the caller; its levels name files of `folder`.
    name: of the asset; objects, meshes and the collection are named after it.
    raises: BridgeError("ASSET_UNREADABLE") for files that are no splats, BridgeError("IMPORT_FAILED") for anything
        Blender refuses; either way nothing is left behind.
    """
    # Files first: a bad one is found before anything is made.
    clouds = [read_splat(os.path.join(folder, level["file"])) for level in manifest["levels"]]
    levels: list[bpy.types.Object] = []
    collection = None
    try:
        collection = bpy.data.collections.new(name)
        for number, cloud in enumerate(clouds):
            level = splat_object(cloud, f"{name}_LOD{number}")
            levels.append(level)
            collection.objects.link(level)
            level.hide_viewport = level.hide_render = number > 0
            low, high = cloud.positions.min(axis=0), cloud.positions.max(axis=0)
            add_splat_display(level, cloud.count, (low.tolist(), high.tolist()))
    except Exception as error:
        _discard(collection, levels)
        raise BridgeError("IMPORT_FAILED", f"Blender could not take the splat: {error}.") from error
    return SplatSet(collection, tuple(levels), tuple(cloud.count for cloud in clouds))


def _discard(collection: bpy.types.Collection | None, levels: list[bpy.types.Object]) -> None:
    for level in levels:
        mesh = level.data
        bpy.data.objects.remove(level)
        bpy.data.meshes.remove(mesh)
    if collection is not None:
        bpy.data.collections.remove(collection)


def splat_object(cloud: SplatCloud, name: str) -> bpy.types.Object:
    """A mesh object of loose vertices with the attributes listed above, linked to nothing. name: of object and mesh."""
    mesh = bpy.data.meshes.new(name)
    try:
        _fill(mesh, cloud)
        mesh.materials.append(splat_material())
        return bpy.data.objects.new(name, mesh)
    except Exception:
        bpy.data.meshes.remove(mesh)
        raise


def _fill(mesh: bpy.types.Mesh, cloud: SplatCloud) -> None:
    mesh.vertices.add(cloud.count)
    if "position" in mesh.attributes:
        mesh.attributes["position"].data.foreach_set("vector", cloud.positions.ravel())
    else:  # 3.4 keeps positions in its vertices alone
        mesh.vertices.foreach_set("co", cloud.positions.ravel())
    _add(mesh, COLOR_ATTRIBUTE, "FLOAT_COLOR", "color", cloud.colors)
    _add(mesh, "opacity", "FLOAT", "value", cloud.opacities)
    _add(mesh, "scale", "FLOAT_VECTOR", "vector", cloud.scales)
    _add(mesh, "rotation", "FLOAT_COLOR", "color", cloud.rotations)
    _add(mesh, "sh_dc", "FLOAT_VECTOR", "vector", cloud.sh_dc)
    for place, coefficients in enumerate(cloud.sh_rest):
        _add(mesh, f"sh_rest_{place}", "FLOAT_VECTOR", "vector", coefficients)
    # `rotation` is a colour by type only; painting and solid view are to show the real one
    mesh.color_attributes.active_color = mesh.color_attributes[COLOR_ATTRIBUTE]
    mesh.update()


def _add(mesh: bpy.types.Mesh, name: str, kind: str, member: str, values: np.ndarray) -> None:
    mesh.attributes.new(name, kind, "POINT").data.foreach_set(member, values.ravel())
