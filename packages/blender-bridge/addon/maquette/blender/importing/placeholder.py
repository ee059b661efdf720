"""The object an asset takes the place of. docs/decisions/2026-11-21-blender-levels.md holds the rule for its size."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import bpy
from mathutils import Euler, Matrix, Quaternion, Vector

from ...wire.errors import BridgeError
from .asset_library import takes_objects

# an object of ours that is replaced by a newer asset hands on everything but what it said about itself
OWN_PREFIX = "maquette_"
WITHOUT_VOLUME = frozenset({"EMPTY", "LIGHT", "LIGHT_PROBE", "CAMERA", "SPEAKER", "ARMATURE"})
CHANNELS = (
    "location", "rotation_euler", "rotation_quaternion", "rotation_axis_angle", "scale",
    "delta_location", "delta_rotation_euler", "delta_rotation_quaternion", "delta_scale",
)  # fmt: skip
# what ties a child to its parent, in the order Blender wants it written
TIES = ("parent", "parent_type", "parent_bone", "parent_vertices", "matrix_parent_inverse", *CHANNELS)


@dataclass(frozen=True)
class Volume:
    """The space a placeholder fills. base: centre of its underside, world. height: along its own z axis, units of
    the scene."""

    base: Vector
    height: float


def check_placeholder(placeholder: bpy.types.Object) -> None:
    """raises: BridgeError("IMPORT_FAILED") for an object that is gone, or that another file owns or places."""
    try:
        is_linked = placeholder.library is not None or placeholder.override_library is not None
        is_linked = is_linked or not all(takes_objects(collection) for collection in placeholder.users_collection)
    except ReferenceError as error:
        raise BridgeError(
            "IMPORT_FAILED", "The placeholder is gone.", "Import again without one, or choose another object."
        ) from error
    if is_linked:
        raise BridgeError(
            "IMPORT_FAILED",
            f"The placeholder “{placeholder.name}” belongs to a linked file.",
            "Make it local (Object ▸ Relations ▸ Make Local), or choose another object.",
        )


def volume_of(placeholder: bpy.types.Object) -> Volume | None:
    """What a block-out object fills, modifiers included; None for empties, lights, and assets of ours.

    The underside is that of its own axes: a box that lies on its side has it at the side.
    """
    if placeholder.type in WITHOUT_VOLUME or f"{OWN_PREFIX}manifest" in placeholder:
        return None
    bpy.context.view_layer.update()
    evaluated = placeholder.evaluated_get(bpy.context.evaluated_depsgraph_get())
    corners = [Vector(corner) for corner in evaluated.bound_box]
    low = Vector(min(corner[axis] for corner in corners) for axis in range(3))
    high = Vector(max(corner[axis] for corner in corners) for axis in range(3))
    if (high - low).length <= 0:
        return None
    matrix = evaluated.matrix_world
    base = matrix @ Vector(((low.x + high.x) / 2, (low.y + high.y) / 2, low.z))
    return Volume(base, (high.z - low.z) * abs(matrix.to_scale().z))


def replace_placeholder(
    placeholder: bpy.types.Object,
    root: bpy.types.Object,
    asset_height: float,
    fit_height: bool = False,
    left_behind: Collection[bpy.types.Object] = (),
) -> None:
    """Put `root` where the placeholder stands, and take the placeholder out of the file.

    root: new, in the collections where it belongs.
    asset_height: units of the scene.
    fit_height: scale the asset to the height of what the placeholder fills; off, it keeps its real size.
    left_behind: children that do not come along.
    Kept: parent (bone and inverse too), collections, constraints, custom properties, children where they are, and
    whatever else of the file points at the placeholder.
    raises: what Blender raises; the placeholder and its children are as before then, and `root` is the caller's.
    """
    volume = volume_of(placeholder)
    bpy.context.view_layer.update()
    old_world = placeholder.matrix_world.copy()
    root.parent = placeholder.parent
    root.parent_type = placeholder.parent_type
    root.parent_bone = placeholder.parent_bone
    if placeholder.parent_type in {"VERTEX", "VERTEX_3"}:
        root.parent_vertices = placeholder.parent_vertices
    root.matrix_parent_inverse = placeholder.matrix_parent_inverse.copy()
    root.rotation_mode = placeholder.rotation_mode
    if volume is None:
        new_world = old_world
        for channel in CHANNELS:
            setattr(root, channel, getattr(placeholder, channel))
    else:
        scale = volume.height / asset_height if fit_height and volume.height > 0 and asset_height > 0 else 1.0
        new_world = Matrix.LocRotScale(volume.base, old_world.to_quaternion(), Vector((scale, scale, scale)))
        root.matrix_world = new_world
    for constraint in placeholder.constraints:
        root.constraints.copy(constraint)
    _copy_properties(placeholder, root)
    children = [child for child in placeholder.children if child not in left_behind]
    _adopt_children(children, root, new_world.inverted_safe() @ old_world)
    for collection in placeholder.users_collection:
        collection.objects.unlink(placeholder)
    placeholder.user_remap(root)
    bpy.data.objects.remove(placeholder)


def _copy_properties(placeholder: bpy.types.Object, root: bpy.types.Object) -> None:
    for name in placeholder.keys():
        if name.startswith(OWN_PREFIX) or name == "cycles":
            continue
        root[name] = placeholder[name]
        try:
            root.id_properties_ui(name).update_from(placeholder.id_properties_ui(name))
        except TypeError:
            pass  # groups and references have no settings of their own (limits, tooltip) to take along


def _adopt_children(children: Sequence[bpy.types.Object], root: bpy.types.Object, correction: Matrix) -> None:
    moved: list[tuple[bpy.types.Object, dict[str, Any]]] = []
    try:
        for child in children:
            moved.append((child, {name: _copy_value(getattr(child, name)) for name in TIES}))
            _adopt_child(child, root, correction)
    except Exception:
        for child, ties in moved:
            for name, value in ties.items():
                setattr(child, name, value)
        raise


def _adopt_child(child: bpy.types.Object, root: bpy.types.Object, correction: Matrix) -> None:
    inverse = child.matrix_parent_inverse.copy()
    vertex = child.matrix_world.copy() if child.parent_type in {"VERTEX", "VERTEX_3"} else None
    child.parent = root
    child.parent_type = "OBJECT"
    # the child's own channels stay as the artist left them; the difference goes into the inverse
    child.matrix_parent_inverse = correction @ inverse
    if vertex is not None:
        child.matrix_world = vertex


def _copy_value(value: Any) -> Any:
    """A value that stays when its object changes: vectors, matrices and rows of numbers are views of it."""
    if isinstance(value, (Euler, Matrix, Quaternion, Vector)):
        return value.copy()
    return tuple(value) if isinstance(value, bpy.types.bpy_prop_array) else value
