"""Builds node trees by script, with one code for the interfaces of Blender 3.4, 4.x and 5.x."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy

Value = Any
"""A socket to link from, or a constant for the socket's field."""

_SOCKET_TYPES = {
    "NodeSocketFloatFactor": ("NodeSocketFloat", "FACTOR"),
    "NodeSocketFloatUnsigned": ("NodeSocketFloat", "NONE"),
    "NodeSocketVectorTranslation": ("NodeSocketVector", "TRANSLATION"),
}


class NodeTreeBuilder:
    """Adds nodes to one tree and lays them out in columns, left to right, as they come.

    parts: groups inside of it, and inside of them, by name.
    """

    def __init__(self, tree: bpy.types.NodeTree, parts: dict[str, bpy.types.NodeTree] | None = None) -> None:
        self.tree = tree
        self.parts: dict[str, bpy.types.NodeTree] = {} if parts is None else parts
        self._column = 0
        self._row = 0

    def add_input(
        self,
        kind: str,
        name: str,
        default: Any = None,
        low: float | None = None,
        high: float | None = None,
        hint: str = "",
    ) -> None:
        """Add an input of the group.

        kind: name of a socket class of 3.4, e.g. "NodeSocketFloatFactor"; later versions get base type and subtype.
        hint: what it does, one sentence.
        """
        if hasattr(self.tree, "interface"):
            base, subtype = _SOCKET_TYPES.get(kind, (kind, None))
            socket = self.tree.interface.new_socket(name, in_out="INPUT", socket_type=base)
            if subtype:
                socket.subtype = subtype
        else:
            socket = self.tree.inputs.new(kind, name)
        if default is not None:
            socket.default_value = default
        if low is not None:
            socket.min_value = low
        if high is not None:
            socket.max_value = high
        if hint and hasattr(socket, "description"):
            socket.description = hint

    def add_output(self, kind: str, name: str) -> None:
        """Add an output of the group."""
        if hasattr(self.tree, "interface"):
            self.tree.interface.new_socket(name, in_out="OUTPUT", socket_type=kind)
        else:
            self.tree.outputs.new(kind, name)

    def next_column(self) -> None:
        """Go on to the right."""
        self._column += 1
        self._row = 0

    def node(self, kind: str, inputs: dict[str | int, Value] | None = None, **settings: Any) -> bpy.types.Node:
        """Add a node.

        inputs: by name among the sockets in use, or by place among them. Sockets are linked, constants are set.
        settings: properties of the node; they are set first, as they decide which sockets are in use.
        """
        node = self.tree.nodes.new(kind)
        node.location = (220 * self._column, -190 * self._row)
        self._row += 1
        for name, value in settings.items():
            setattr(node, name, value)
        for key, value in (inputs or {}).items():
            socket = _socket_of(node.inputs, key)
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, socket)
            else:
                socket.default_value = value
        return node

    def first(self, kind: str, inputs: dict[str | int, Value] | None = None, **settings: Any) -> bpy.types.NodeSocket:
        """Add a node; its first output in use."""
        return output_of(self.node(kind, inputs, **settings), 0)

    def part(
        self,
        name: str,
        inputs: dict[str, tuple[str, Value]],
        output: str,
        fill: Callable[[NodeTreeBuilder, bpy.types.Node], bpy.types.NodeSocket],
    ) -> bpy.types.NodeSocket:
        """Add a node that is a group of its own, and build that the first time the name is used.

        For people a large tree is easier to read so, and Blender walks through a whole tree at every single change of
        it: 200 nodes in parts are made four times as fast.

        inputs: kinds of sockets as for `add_input`, and what goes in. output: kind of the only output.
        fill: adds the nodes; it gets the group's builder and its node of inputs, and returns what comes out.
        """
        if name not in self.parts:
            # hidden from the menus, where only the whole is of use
            tree = self.parts[name] = bpy.data.node_groups.new(f".{name}", self.tree.bl_idname)
            build = NodeTreeBuilder(tree, self.parts)
            for title, (kind, _) in inputs.items():
                build.add_input(kind, title)
            build.add_output(output, "Result")
            group = build.node("NodeGroupInput")
            build.next_column()
            result = fill(build, group)
            build.next_column()
            build.node("NodeGroupOutput", {0: result})
        node_kind = self.tree.bl_idname.replace("NodeTree", "NodeGroup")
        values = {title: value for title, (_, value) in inputs.items()}
        return self.first(node_kind, values, node_tree=self.parts[name])

    def math(self, operation: str, *values: Value) -> bpy.types.NodeSocket:
        """One number from one to three: `ShaderNodeMath`."""
        return self.first("ShaderNodeMath", dict(enumerate(values)), operation=operation)

    def vector(self, operation: str, *values: Value, **named: Value) -> bpy.types.NodeSocket:
        """A vector, or for DOT_PRODUCT and LENGTH a number: `ShaderNodeVectorMath`. named: e.g. Scale=2.0."""
        return self.first("ShaderNodeVectorMath", {**dict(enumerate(values)), **named}, operation=operation)

    def both(self, left: Value, right: Value) -> bpy.types.NodeSocket:
        """True where both are."""
        return self.first("FunctionNodeBooleanMath", {0: left, 1: right}, operation="AND")

    def compare(self, kind: str, operation: str, left: Value, right: Value) -> bpy.types.NodeSocket:
        """A comparison. kind: FLOAT or INT."""
        return self.first("FunctionNodeCompare", {0: left, 1: right}, data_type=kind, operation=operation)

    def switch(self, kind: str, condition: Value, when_false: Value, when_true: Value) -> bpy.types.NodeSocket:
        """One of two. kind: e.g. FLOAT, VECTOR, GEOMETRY."""
        inputs = {"Switch": condition, "False": when_false, "True": when_true}
        return self.first("GeometryNodeSwitch", {k: v for k, v in inputs.items() if v is not None}, input_type=kind)


def _socket_of(sockets: Any, key: str | int) -> bpy.types.NodeSocket:
    in_use = [socket for socket in sockets if socket.enabled]
    if isinstance(key, int):
        return in_use[key]
    for socket in in_use:
        if socket.name == key:
            return socket
    raise KeyError(f"{key} is not among {[socket.name for socket in in_use]}")


def output_of(node: bpy.types.Node, key: str | int) -> bpy.types.NodeSocket:
    """An output in use, by name or by place among them."""
    return _socket_of(node.outputs, key)
