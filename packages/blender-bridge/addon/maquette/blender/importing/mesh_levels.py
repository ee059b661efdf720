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
from .import_hook import meshes_held_back
from .manifest import AssetManifest, Level
from .shared_materials import SharedMaterials

FLAT_LIMIT = 1e-12
REMEDY = "The asset is safe on disk: try again, or import the file by hand to see the importer's own message."


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
    manifest: AssetManifest, name: str, workshop: bpy.types.Collection, on_level: Callable[[int, int], None] | None = None
) -> MeshLevels:
    """Read every level, with `workshop` as the active collection, and leave nothing but the objects returned, in no
    collection.

    name: the asset's name in this file; level n is called `<name>_LOD<n>`.
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
        _read_file(level)
        materials.adopt(snapshot)
        result.levels.append(_tidy_level(snapshot, level, level_name(name, number), workshop, result))
        # every call of an operator evaluates what changed in the scene: levels that are done would be evaluated
        # again and again, half of the importer's own time in 3.4
        _take_out_of_scene(result.levels[-1])
        if result.armature is not None:
            _take_out_of_scene(result.armature)
    return result


def _take_out_of_scene(entry: bpy.types.Object) -> None:
    for collection in entry.users_collection:
        collection.objects.unlink(entry)


def _read_file(level: Level) -> None:
    options = {"filepath": level.path, "import_pack_images": True, "import_shading": "NORMALS"}
    try:
        available = bpy.ops.import_scene.gltf.get_rna_type().properties
    except KeyError as error:
        raise BridgeError(
            "IMPORT_FAILED", "Blender's glTF importer is switched off.", "Enable “glTF 2.0 format” in the preferences."
        ) from error
    # bone shapes are balls in a hidden collection of their own; a scene's extras would land on the artist's scene
    wanted = {"disable_bone_shape": True, "import_scene_extras": False, "import_scene_as_collection": False}
    options.update({option: value for option, value in wanted.items() if option in available})
    try:
        with meshes_held_back():
            outcome = bpy.ops.import_scene.gltf(**options)
    except RuntimeError as error:
        raise BridgeError("IMPORT_FAILED", f"Blender could not read {level.path}: {_last_line(error)}", REMEDY) from error
    if "FINISHED" not in outcome:
        raise BridgeError("IMPORT_FAILED", f"Blender could not read {level.path}.", REMEDY)


def _last_line(error: RuntimeError) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


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
    _apply_transforms(pieces, armature)
    whole = _join(pieces, armature)
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


def _apply_transforms(pieces: list[bpy.types.Object], armature: bpy.types.Object | None) -> None:
    """Move every piece's transform into its mesh; with a skeleton the meshes end in its space, else in the scene's."""
    if armature is not None:
        # only bones need the dependency graph; without them it would evaluate a million triangles for nothing
        bpy.context.view_layer.update()
    matrices = [piece.matrix_world.copy() if armature is not None else _world_matrix(piece) for piece in pieces]
    if armature is not None:
        into = armature.matrix_world.inverted_safe()
        armature.parent, armature.matrix_world = None, armature.matrix_world.copy()
    else:
        into = Matrix.Identity(4)
    for piece, matrix in zip(pieces, matrices):
        if piece.data.users > 1:
            piece.data = piece.data.copy()
        _weigh_by_parent_bone(piece, armature)
        piece.animation_data_clear()
        piece.parent = None
        piece.matrix_world = Matrix.Identity(4)
        _transform_mesh(piece.data, into @ matrix)


def _world_matrix(entry: bpy.types.Object) -> Matrix:
    """The matrix from basis and parents, without waiting for the dependency graph."""
    matrix = entry.matrix_basis.copy()
    while entry.parent is not None:
        matrix = entry.parent.matrix_basis @ entry.matrix_parent_inverse @ matrix
        entry = entry.parent
    return matrix


def _transform_mesh(mesh: bpy.types.Mesh, matrix: Matrix) -> None:
    if matrix == Matrix.Identity(4):
        return
    mesh.transform(matrix, shape_keys=True)
    if matrix.determinant() < -FLAT_LIMIT:
        mesh.flip_normals()


def _weigh_by_parent_bone(piece: bpy.types.Object, armature: bpy.types.Object | None) -> None:
    """A rigid piece that hangs on a bone would stop following it once joined: give it to the bone by weight."""
    if armature is None or piece.parent is not armature or piece.parent_type != "BONE":
        return
    if not any(modifier.type == "ARMATURE" for modifier in piece.modifiers):
        group = piece.vertex_groups.new(name=piece.parent_bone)
        group.add(range(len(piece.data.vertices)), 1.0, "REPLACE")


def _join(pieces: list[bpy.types.Object], armature: bpy.types.Object | None) -> bpy.types.Object:
    # the first by name and not the largest: levels then have their material slots in the same order
    whole = pieces[0]
    for modifier in list(whole.modifiers):
        whole.modifiers.remove(modifier)
    if len(pieces) > 1:
        # out of the scene: before and after an operator Blender evaluates all that is in it and changed
        for piece in pieces:
            _take_out_of_scene(piece)
        with bpy.context.temp_override(
            object=whole, active_object=whole, selected_objects=pieces, selected_editable_objects=pieces
        ):
            if bpy.ops.object.join() != {"FINISHED"}:
                raise BridgeError("IMPORT_FAILED", "Blender could not join the parts of a level.", REMEDY)
    return whole


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
