"""The objects the importer makes of one file become one object: transforms applied, pieces joined, looks kept."""

from __future__ import annotations

import bpy
import numpy as np
from mathutils import Matrix

from ...wire.errors import BridgeError

FLAT_LIMIT = 1e-12
UNIFORM_LIMIT = 1e-4
REMEDY = "The asset is safe on disk: try again, or import the file by hand to see the importer's own message."


def apply_transforms(pieces: list[bpy.types.Object], armature: bpy.types.Object | None) -> None:
    """Move every piece's transform into its mesh; with a skeleton the meshes end in its space, else in the scene's."""
    if armature is not None:
        # Pieces that hang on bones stand as these are posed; at rest, they are what the modifier will pose.
        armature.data.pose_position = "REST"
        # only bones need the dependency graph; without them it would evaluate a million triangles for nothing
        bpy.context.view_layer.update()
    matrices = [piece.matrix_world.copy() if armature is not None else _world_matrix(piece) for piece in pieces]
    bones = [_bone_above(piece, armature) for piece in pieces]
    if armature is not None:
        into = armature.matrix_world.inverted_safe()
        armature.parent, armature.matrix_world = None, armature.matrix_world.copy()
        armature.data.pose_position = "POSE"
    else:
        into = Matrix.Identity(4)
    for piece, matrix, bone in zip(pieces, matrices, bones):
        if piece.data.users > 1:
            piece.data = piece.data.copy()
        if bone:
            _weigh(piece, bone)
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


def _bone_above(entry: bpy.types.Object, armature: bpy.types.Object | None) -> str:
    """The bone a piece hangs on, itself or by what it hangs on; "" for none."""
    while armature is not None and entry.parent is not None:
        if entry.parent is armature:
            return entry.parent_bone if entry.parent_type == "BONE" else ""
        entry = entry.parent
    return ""


def _weigh(piece: bpy.types.Object, bone: str) -> None:
    """A rigid piece that hangs on a bone would stop following it once joined: give it to the bone by weight."""
    if not any(modifier.type == "ARMATURE" for modifier in piece.modifiers):
        group = piece.vertex_groups.new(name=bone)
        group.add(range(len(piece.data.vertices)), 1.0, "REPLACE")


def _transform_mesh(mesh: bpy.types.Mesh, matrix: Matrix) -> None:
    """Move the vertices, with faces and normals looking where they did."""
    if matrix == Matrix.Identity(4):
        return
    # Blender keeps normals as angles to those of the faces, which is right for turns and sizes and nothing else
    normals = None if _is_similarity(matrix) else _vertex_normals(mesh)
    mesh.transform(matrix, shape_keys=True)
    if matrix.determinant() < -FLAT_LIMIT:
        mesh.flip_normals()
    if normals is not None:
        turned = normals @ np.array(matrix.to_3x3().inverted_safe())  # rows by the inverse: columns by its transpose
        lengths = np.linalg.norm(turned, axis=1, keepdims=True)
        mesh.normals_split_custom_set_from_vertices((turned / np.maximum(lengths, 1e-20)).tolist())


def _is_similarity(matrix: Matrix) -> bool:
    """Whether it only turns, moves, and scales alike in all directions."""
    linear = np.array(matrix.to_3x3())
    square = linear.T @ linear
    size = np.trace(square) / 3
    return np.linalg.det(linear) > 0 and bool(np.abs(square - size * np.eye(3)).max() <= UNIFORM_LIMIT * size)


def _vertex_normals(mesh: bpy.types.Mesh) -> np.ndarray | None:
    """Normals of its own, shape (vertices, 3), float32; None without. In glTF a vertex has one normal."""
    if not mesh.has_custom_normals:
        return None
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    found = np.empty(3 * len(mesh.loops), np.float32)
    if hasattr(mesh, "corner_normals"):
        mesh.corner_normals.foreach_get("vector", found)
    else:  # up to 4.0
        mesh.calc_normals_split()
        mesh.loops.foreach_get("normal", found)
    normals = np.zeros((len(mesh.vertices), 3), np.float32)
    normals[corners] = found.reshape(-1, 3)
    return normals


def join(pieces: list[bpy.types.Object]) -> bpy.types.Object:
    """One object of them all, the first, without modifiers. Slots of materials follow the pieces."""
    # the first by name and not the largest: levels then have their material slots in the same order
    whole = pieces[0]
    for modifier in list(whole.modifiers):
        whole.modifiers.remove(modifier)
    if len(pieces) == 1:
        return whole
    _fill_slots(pieces)
    _fill_colors(pieces)
    # out of the scene: before and after an operator Blender evaluates all that is in it and changed
    for piece in pieces:
        take_out_of_scene(piece)
    with bpy.context.temp_override(
        object=whole, active_object=whole, selected_objects=pieces, selected_editable_objects=pieces
    ):
        if bpy.ops.object.join() != {"FINISHED"}:
            raise BridgeError("IMPORT_FAILED", "Blender could not join the parts of a level.", REMEDY)
    return whole


def take_out_of_scene(entry: bpy.types.Object) -> None:
    """Unlink an object from every collection."""
    for collection in entry.users_collection:
        collection.objects.unlink(entry)


def _fill_slots(pieces: list[bpy.types.Object]) -> None:
    """A piece without material would take the first one of the others (3.4, 4.3)."""
    if any(piece.data.materials for piece in pieces):
        for piece in pieces:
            if not piece.data.materials:
                piece.data.materials.append(None)


def _fill_colors(pieces: list[bpy.types.Object]) -> None:
    """A piece without vertex colours would become black and clear among others that have some (5.2): it is white."""
    wanted = {
        attribute.name: (attribute.data_type, attribute.domain)
        for piece in pieces
        for attribute in piece.data.color_attributes
    }
    for piece in pieces:
        for name, (kind, domain) in wanted.items():
            if name not in piece.data.attributes:
                data = piece.data.color_attributes.new(name, kind, domain).data
                data.foreach_set("color", np.ones(4 * len(data), np.float32))
