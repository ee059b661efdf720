"""One GLB level becomes one object, by Blender's own importer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import bpy
from mathutils import Matrix

from ...wire.errors import BridgeError
from .asset_names import level_name
from .data_snapshot import DataSnapshot
from .glb_file import check_glb
from .import_hook import hook_at_work
from .importer_traces import no_traces
from .manifest import AssetManifest, Level
from .mesh_pieces import REMEDY, apply_transforms, join, take_out_of_scene
from .shared_materials import SharedMaterials


@dataclass
class MeshLevels:
    """What the importer brought, put in order.

    levels: one mesh object for each level, finest first, transforms applied, the base's centre at the origin.
    armature: the skeleton that deforms them all, None for things without one.
    """

    levels: list[bpy.types.Object] = field(default_factory=list)
    armature: bpy.types.Object | None = None
    notes: list[str] = field(default_factory=list)


def import_mesh_levels(
    manifest: AssetManifest,
    name: str,
    workshop: bpy.types.Collection,
    scale_length: float,
    on_level: Callable[[int, int], None] | None = None,
) -> MeshLevels:
    """Read every level, with `workshop` as the active collection, and leave nothing but the objects returned, in no
    collection.

    name: the asset's name in this file; level n is called `<name>_LOD<n>`.
    scale_length: metres in a unit of the scene they are for.
    on_level: called with (number of the level, number of levels) before each.
    raises: BridgeError("IMPORT_FAILED", "ASSET_UNREADABLE"); what was made until then is the caller's to remove.
    """
    for level in manifest.levels:
        check_glb(level.path, level.size_bytes)
    materials, result = SharedMaterials(), MeshLevels()
    for number, level in enumerate(manifest.levels):
        if on_level is not None:
            on_level(number, len(manifest.levels))
        snapshot = DataSnapshot()
        if _read_file(level, scale_length):
            _note(result, "The parts of the model moved: its animation was left out, as every level is one object.")
        materials.adopt(snapshot)
        result.levels.append(_tidy_level(snapshot, level, level_name(name, number), workshop, result))
        # every call of an operator evaluates what changed in the scene: levels that are done would be evaluated
        # again and again, half of the importer's own time in 3.4
        take_out_of_scene(result.levels[-1])
        if result.armature is not None:
            take_out_of_scene(result.armature)
    return result


def _read_file(level: Level, scale_length: float) -> bool:
    """Have Blender's importer read a level. Returns whether animations were left out."""
    options = {"filepath": level.path, "import_pack_images": True, "import_shading": "NORMALS"}
    try:
        available = bpy.ops.import_scene.gltf.get_rna_type().properties
    except KeyError as error:
        raise BridgeError(
            "IMPORT_FAILED",
            "Blender's glTF importer is switched off.",
            "Enable “glTF 2.0 format” in the preferences.",
        ) from error
    # bone shapes are balls in a hidden collection of their own; a scene's extras would land on the artist's scene
    wanted = {"disable_bone_shape": True, "import_scene_extras": False, "import_scene_as_collection": False}
    options.update({option: value for option, value in wanted.items() if option in available})
    try:
        with no_traces(scale_length), hook_at_work() as hook:
            outcome = bpy.ops.import_scene.gltf(**options)
    except RuntimeError as error:
        reason = _last_line(error)
        raise BridgeError("IMPORT_FAILED", f"Blender could not read {level.path}: {reason}", REMEDY) from error
    if "FINISHED" not in outcome:
        raise BridgeError("IMPORT_FAILED", f"Blender could not read {level.path}.", REMEDY)
    return hook.had_animations


def _last_line(error: RuntimeError) -> str:
    lines = [line.strip() for line in str(error).splitlines()]
    # 3.4 ends with the place in its own code where the operator was called
    told = [line for line in lines if line and not line.startswith("Location:")]
    return told[-1] if told else "no reason given"


def _tidy_level(
    snapshot: DataSnapshot, level: Level, name: str, workshop: bpy.types.Collection, result: MeshLevels
) -> bpy.types.Object:
    objects = snapshot.new("objects")
    # 4.3 links what it makes to the scene itself, 3.4 and 5.2 to the active collection; shapes of bones lie elsewhere
    places = {workshop, bpy.context.scene.collection}
    pieces = [piece for piece in objects if piece.type == "MESH" and places.intersection(piece.users_collection)]
    pieces = [piece for piece in pieces if len(piece.data.polygons) > 0]
    if not pieces:
        raise BridgeError("IMPORT_FAILED", f"{level.path} holds no mesh.", "Look at the file with maquette inspect.")
    armatures = [entry for entry in objects if entry.type == "ARMATURE"]
    armature = armatures[0] if len(armatures) == 1 else None
    if len(armatures) > 1:
        _note(result, "The model has several skeletons: its animation was left out.")
    elif armature is None and any(piece.animation_data for piece in objects):
        _note(result, "The parts of the model moved: its animation was left out, as every level is one object.")
    apply_transforms(pieces, armature)
    whole = join(pieces)
    whole.name = name
    whole.data.name = name
    kept = _keep_armature(whole, armature, result)
    for key in [*whole.keys(), *whole.data.keys()]:
        _drop_property(whole, key)
        _drop_property(whole.data, key)
    keep = {whole, whole.data}
    if kept is armature and armature is not None:
        keep |= {armature, armature.data, *_actions(armature)}
    snapshot.remove_new(("scenes", "collections", "objects"), keep=frozenset(keep))
    # what is left without an owner: meshes of the pieces, skeletons and actions of the lower levels
    snapshot.remove_new(("meshes", "armatures", "cameras", "lights", "actions"), keep=frozenset(keep))
    return whole


def _drop_property(block: bpy.types.ID, key: str) -> None:
    """glTF extras of the file would land beside our own properties, under any name."""
    if key in block.keys() and key != "cycles":
        del block[key]


def _note(result: MeshLevels, sentence: str) -> None:
    if sentence not in result.notes:
        result.notes.append(sentence)


def _keep_armature(
    whole: bpy.types.Object, armature: bpy.types.Object | None, result: MeshLevels
) -> bpy.types.Object | None:
    """All levels hang on the skeleton of level 0, so that one pose moves them all. Returns the one that stays."""
    if armature is None:
        return None
    if result.armature is None and not result.levels:
        result.armature = armature
    kept = result.armature
    if kept is None or set(kept.data.bones.keys()) != set(armature.data.bones.keys()):
        _note(result, "The levels have unlike skeletons: the lower ones stand still.")
        return None
    whole.parent = kept
    whole.matrix_parent_inverse = Matrix.Identity(4)
    whole.modifiers.new("Armature", "ARMATURE").object = kept
    return kept


def _actions(armature: bpy.types.Object) -> set[bpy.types.Action]:
    animation = armature.animation_data
    if animation is None:
        return set()
    strips = [strip.action for track in animation.nla_tracks for strip in track.strips]
    return {action for action in [animation.action, *strips] if action is not None}
