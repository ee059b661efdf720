"""Shows splats in the viewport and in renders, by a group of geometry nodes that is built here by script.

    Mode               0 points, 1 ellipsoids, 2 discs
    Display Share      share of the gaussians with their shape, the others being flakes
    Flake Share        share of those others that are shown at all, larger the fewer they are
    Opacity Threshold  gaussians below are not shown
    Scale              of shapes and points
    Crop               shows only what lies inside of …
      Crop Object      … the bounds of this object, turned as it is (an empty: the cube of its size 1), or without one …
      Crop Min, Max    … this box in the splat's own frame
    Material           of all of it

Nothing is taken away: the mesh of the object keeps all gaussians and attributes. The group reads `Color`, `opacity`,
`scale` and `rotation`, so it works on edited splats, joined ones, and ones of other add-ons that call them so.
"""

from __future__ import annotations

from typing import Any

import bpy

from .splat_group import build_splat_group
from .splat_material import is_of_this_file, splat_material
from .splat_nodes import NodeTreeBuilder

GROUP_VERSION = 1
"""Grows with every change of the group after the first release: splats of older files keep theirs."""
_VERSION_KEY = "maquette_splat_display"
GROUP_NAME = "Maquette Splat Display"
MODIFIER_NAME = "Splat Display"

SHAPES_SHOWN = 100_000
"""Gaussians of an object that get a shape until somebody asks for more."""
FLAKES_SHOWN = 200_000
"""Gaussians without a shape that are shown until somebody asks for more."""


def add_splat_display(
    level: bpy.types.Object, gaussians: int, bounds: tuple[list[float], list[float]]
) -> bpy.types.Modifier:
    """Add the display to an object, with shares that leave it responsive.

    level: mesh of loose vertices with the attributes above. gaussians: in it.
    bounds: lowest and highest corner around their centres, where the crop box begins.
    """
    modifier = level.modifiers.new(MODIFIER_NAME, "NODES")
    modifier.node_group = splat_display_group()
    others = max(1, gaussians - SHAPES_SHOWN)
    set_splat_display(modifier, "Display Share", min(1.0, SHAPES_SHOWN / max(1, gaussians)))
    set_splat_display(modifier, "Flake Share", min(1.0, FLAKES_SHOWN / others))
    set_splat_display(modifier, "Crop Min", bounds[0])
    set_splat_display(modifier, "Crop Max", bounds[1])
    return modifier


def splat_display_group() -> bpy.types.NodeTree:
    """The group all splats of this version share, found or built."""
    for found in bpy.data.node_groups:
        if found.get(_VERSION_KEY) == GROUP_VERSION and is_of_this_file(found):
            return found
    tree = bpy.data.node_groups.new(GROUP_NAME, "GeometryNodeTree")
    build = NodeTreeBuilder(tree)
    try:
        build_splat_group(build, splat_material())
    except Exception:
        bpy.data.batch_remove([tree, *build.parts.values()])
        raise
    tree[_VERSION_KEY] = GROUP_VERSION
    return tree


def find_splat_display(level: bpy.types.Object) -> bpy.types.Modifier | None:
    """The display of a level; None where the artist has taken it away, or its group, or put another one there."""
    for modifier in level.modifiers:
        if modifier.type == "NODES" and {"Mode", "Crop"} <= splat_display_inputs(modifier).keys():
            return modifier
    return None


def splat_display_inputs(modifier: bpy.types.Modifier) -> dict[str, str]:
    """Identifiers of the inputs of a modifier of nodes, by name. Without a group there are none."""
    tree = modifier.node_group
    if tree is None:
        return {}
    sockets = tree.interface.items_tree if hasattr(tree, "interface") else tree.inputs
    # panels are among the items too, and have no identifier
    inputs = [socket for socket in sockets if getattr(socket, "in_out", "INPUT") == "INPUT"]
    return {socket.name: socket.identifier for socket in reversed(inputs) if hasattr(socket, "identifier")}


def set_splat_display(modifier: bpy.types.Modifier, name: str, value: Any) -> None:
    """Set an input of the display by its name.

    raises: KeyError for a name the group does not have.
    """
    identifier = splat_display_inputs(modifier)[name]
    if hasattr(modifier, "properties"):
        getattr(modifier.properties.inputs, identifier).value = value
    elif hasattr(modifier[identifier], "__len__"):
        # in place: 3.4 takes floats of single precision only, and the property has them
        modifier[identifier][:] = value
    elif isinstance(modifier[identifier], (bool, int, float)):
        modifier[identifier] = type(modifier[identifier])(value)
    else:
        modifier[identifier] = value
    modifier.id_data.update_tag()


def splat_display_value(modifier: bpy.types.Modifier, name: str) -> Any:
    """Value of an input of the display by its name. raises: KeyError for a name the group does not have."""
    identifier = splat_display_inputs(modifier)[name]
    if hasattr(modifier, "properties"):
        return getattr(modifier.properties.inputs, identifier).value
    return modifier[identifier]
