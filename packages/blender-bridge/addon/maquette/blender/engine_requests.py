"""What the service asks of this Blender: to import, and what is selected. Answers are in glTF's frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bpy
from mathutils import Vector

from ..wire.errors import BridgeError
from ..wire.later import Later
from .importing.import_context import objects_of

if TYPE_CHECKING:
    from ..wire.link import Link
    from .session import Session

# An answer is one message: the objects of a large scene are not told one by one.
_MAX_OBJECTS = 200


def register_at(link: Link, session: Session) -> None:
    """Answers the service on that link."""
    link.handle_request("engine/import", lambda params: _import(session, params))
    link.handle_request("engine/selection", lambda _params: {"objects": _selection()})
    link.handle_request("engine/placeholder", lambda _params: {"placeholder": _placeholder()})


def _import(session: Session, params: dict[str, Any]) -> Later:
    answer = Later()

    def settle(receipt: dict[str, Any] | None, error: BridgeError | None) -> None:
        answer.settle({"receipt": receipt}, error)

    session.deliveries.request(params["job"], params["folder"], params.get("replaces", ""), settle)
    return answer


def _selected() -> list[bpy.types.Object]:
    layer = bpy.context.view_layer
    return [candidate for candidate in objects_of(layer) if candidate.select_get(view_layer=layer)] if layer else []


def _selection() -> list[dict[str, Any]]:
    objects = []
    for selected in _selected()[:_MAX_OBJECTS]:
        told: dict[str, Any] = {"name": selected.name, "type": selected.type}
        bounds = to_bounds(selected)
        if bounds is not None:
            told["bounds"] = bounds
        if isinstance(selected.get("maquette_job"), str):
            told["job"] = selected["maquette_job"]
        objects.append(told)
    return objects


def _placeholder() -> dict[str, Any] | None:
    active = bpy.context.view_layer.objects.active if bpy.context.view_layer else None
    if active is None or active not in _selected():
        return None
    bounds = to_bounds(active)
    return None if bounds is None else {"name": active.name, "bounds": bounds}


def to_bounds(measured: bpy.types.Object) -> dict[str, list[float]] | None:
    """Box of an object in the canonical frame: metres, +Y up. None for what has no size, for instance a light.

    An empty has the size of its drawing. A collection instance has the size of what it shows.
    """
    corners = _corners(measured, 0)
    if not corners:
        return None
    metres = bpy.context.scene.unit_settings.scale_length
    # Blender is Z up: (x, y, z) is (x, z, -y) in glTF.
    turned = [(corner.x * metres, corner.z * metres, -corner.y * metres) for corner in corners]
    return {
        "min": [min(corner[axis] for corner in turned) for axis in range(3)],
        "max": [max(corner[axis] for corner in turned) for axis in range(3)],
    }


def _corners(measured: bpy.types.Object, depth: int) -> list[Vector]:
    matrix = measured.matrix_world
    if measured.type == "EMPTY":
        collection = measured.instance_collection
        if measured.instance_type == "COLLECTION" and collection is not None and depth < 8:
            shift = collection.instance_offset
            return [
                matrix @ (corner - shift) for inner in collection.all_objects for corner in _corners(inner, depth + 1)
            ]
        half = measured.empty_display_size
        return [matrix @ Vector((x, y, z)) for x in (-half, half) for y in (-half, half) for z in (-half, half)]
    if measured.type in {"MESH", "CURVE", "SURFACE", "META", "FONT", "CURVES", "POINTCLOUD", "VOLUME", "GPENCIL"}:
        return [matrix @ Vector(corner) for corner in measured.bound_box]
    return []
