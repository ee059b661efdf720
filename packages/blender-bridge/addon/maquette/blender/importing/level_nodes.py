"""One mesh object whose levels are chosen by a geometry-nodes tree, built by script."""

from __future__ import annotations

from collections.abc import Sequence

import bpy

from .level_switch import RENDER_LEVEL, VIEWPORT_LEVEL, add_level_properties, add_level_variable

MODIFIER_NAME = "Maquette Levels"
COLUMN = 220


def create_level_object(name: str, levels: Sequence[bpy.types.Object], is_deformed: bool) -> bpy.types.Object:
    """Make an object that shows one of the levels, another one when it renders; each copy has its own choice.

    The mesh is level 0's, so the object stays the asset where geometry nodes do not run (other programs, an applied
    modifier), and edits of it are edits of level 0.

    levels: finest first; with a single one there is no modifier.
    is_deformed: whether the levels hang on a skeleton. Then level 0 too comes from its own, deformed object.
    """
    whole = bpy.data.objects.new(name, levels[0].data)
    if len(levels) < 2:
        return whole
    add_level_properties(whole, len(levels))
    modifier = whole.modifiers.new(MODIFIER_NAME, "NODES")
    tree, inputs = _build_tree(f"{name} Levels", levels, is_deformed)
    modifier.node_group = tree
    for property_name, identifier in inputs.items():
        driver = whole.driver_add(_input_path(modifier, identifier)).driver
        # the sum of one variable: no expression at all
        driver.type = "SUM"
        add_level_variable(driver, whole, property_name)
    return whole


def _input_path(modifier: bpy.types.Modifier, identifier: str) -> str:
    base = f'modifiers["{MODIFIER_NAME}"]'
    # 5.2 gave inputs a place of their own, and rewrites the paths of drivers in older files
    has_place = hasattr(modifier, "properties")
    return f"{base}.properties.inputs.{identifier}.value" if has_place else f'{base}["{identifier}"]'


def _build_tree(
    name: str, levels: Sequence[bpy.types.Object], is_deformed: bool
) -> tuple[bpy.types.NodeTree, dict[str, str]]:
    tree = bpy.data.node_groups.new(name, "GeometryNodeTree")
    if hasattr(tree, "is_modifier"):
        tree.is_modifier = True
    last = len(levels) - 1
    _add_socket(tree, "Geometry", "NodeSocketGeometry", "INPUT")
    inputs = {
        VIEWPORT_LEVEL: _add_socket(tree, "Viewport level", "NodeSocketInt", "INPUT", last),
        RENDER_LEVEL: _add_socket(tree, "Render level", "NodeSocketInt", "INPUT", last),
    }
    _add_socket(tree, "Geometry", "NodeSocketGeometry", "OUTPUT")
    group_input = _add_node(tree, "NodeGroupInput", 0, 0)
    level = _add_node(tree, "GeometryNodeSwitch", 1, 1, input_type="INT")
    is_viewport = _add_node(tree, "GeometryNodeIsViewport", 0, 1)
    choose, otherwise, chosen, number = _switch_sockets(level, "INT")
    tree.links.new(is_viewport.outputs[0], choose)
    tree.links.new(group_input.outputs[2], otherwise)
    tree.links.new(group_input.outputs[1], chosen)
    geometry = _level_geometry(tree, levels[last], last)
    for index in range(last - 1, -1, -1):
        column = 2 + 2 * (last - index)
        compare = _add_node(tree, "FunctionNodeCompare", column, 1, data_type="INT", operation="LESS_EQUAL")
        a, b = (socket for socket in compare.inputs if socket.type == "INT")
        tree.links.new(number, a)
        b.default_value = index
        switch = _add_node(tree, "GeometryNodeSwitch", column + 1, 0, input_type="GEOMETRY")
        choose, otherwise, chosen, result = _switch_sockets(switch, "GEOMETRY")
        own = group_input.outputs[0] if index == 0 and not is_deformed else _level_geometry(tree, levels[index], index)
        tree.links.new(compare.outputs[0], choose)
        tree.links.new(geometry, otherwise)
        tree.links.new(own, chosen)
        geometry = result
    group_output = _add_node(tree, "NodeGroupOutput", 2 * last + 4, 0)
    tree.links.new(geometry, group_output.inputs[0])
    return tree, {name: socket.identifier for name, socket in inputs.items()}


def _level_geometry(tree: bpy.types.NodeTree, level: bpy.types.Object, number: int) -> bpy.types.NodeSocket:
    node = _add_node(tree, "GeometryNodeObjectInfo", 1, -1 - number)
    node.transform_space = "ORIGINAL"
    node.inputs["Object"].default_value = level
    return node.outputs["Geometry"]


def _add_socket(
    tree: bpy.types.NodeTree, name: str, kind: str, side: str, highest: int | None = None
) -> bpy.types.NodeSocket:
    if hasattr(tree, "interface"):
        socket = tree.interface.new_socket(name, in_out=side, socket_type=kind)
    else:
        socket = (tree.inputs if side == "INPUT" else tree.outputs).new(kind, name)
    if highest is not None:
        socket.min_value, socket.max_value, socket.default_value = 0, highest, 0
    return socket


def _add_node(tree: bpy.types.NodeTree, kind: str, column: int, row: int, **settings: str) -> bpy.types.Node:
    node = tree.nodes.new(kind)
    node.location = (column * COLUMN, row * 160)
    for name, value in settings.items():
        setattr(node, name, value)
    return node


def _switch_sockets(node: bpy.types.Node, kind: str) -> tuple[bpy.types.NodeSocket, ...]:
    """Condition, value if false, value if true, output. Until 4.0 a switch carried the sockets of all types at once."""
    conditions = {socket.identifier: socket for socket in node.inputs if socket.identifier.startswith("Switch")}
    condition = conditions.get("Switch_001") if kind == "GEOMETRY" else None
    values = [socket for socket in node.inputs if socket.type == kind and socket not in conditions.values()]
    outputs = [socket for socket in node.outputs if socket.type == kind]
    return (condition or conditions["Switch"], values[0], values[1], outputs[0])
