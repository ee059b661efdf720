"""The geometry that stands for gaussians: part of the display's group of nodes."""

from __future__ import annotations

from math import pi
from typing import Any

import bpy

from .splat_material import COLOR_ATTRIBUTE, CORNER_ATTRIBUTE
from .splat_nodes import NodeTreeBuilder, output_of

DISC_CORNERS = 8
DISC_REACH = 2.6
"""Standard deviations at the corners of a disc; 3.4 % of the opacity is left there."""
FLAKE_RADIUS = 1.5
"""Of a triangle with about the area of a circle of radius 1."""

LOT_ATTRIBUTE = "splat_lot"
"""A number in [0, 1) that decides which gaussians have a shape, and which of the others are shown."""

_BALL, _DISCS, _FLAKES = 0, 1, 4
"""Places of the originals in the list that is picked from; discs and flakes take three each, across X, Y and Z."""


def named(build: NodeTreeBuilder, name: str, kind: str) -> bpy.types.NodeSocket:
    """Value of an attribute of the points at hand."""
    return build.first("GeometryNodeInputNamedAttribute", {"Name": name}, data_type=kind)


def reach(build: NodeTreeBuilder) -> bpy.types.NodeSocket:
    """Standard deviations at which a solid shape ends."""
    return build.part("Maquette Splat Reach", {}, "NodeSocketFloat", _reach)


def add_points(
    build: NodeTreeBuilder, cloud: bpy.types.NodeSocket, group: bpy.types.Node
) -> bpy.types.NodeSocket:
    """Round points. cloud: bare points of the gaussians. group: its node with the inputs of the display."""
    mean = build.vector("DOT_PRODUCT", named(build, "scale", "FLOAT_VECTOR"), (1 / 3, 1 / 3, 1 / 3))
    radius = build.math("MULTIPLY", mean, build.math("MULTIPLY", output_of(group, "Scale"), reach(build)))
    points = build.first("GeometryNodeSetPointRadius", {0: cloud, "Radius": radius})
    return build.first("GeometryNodeSetMaterial", {0: points, "Material": output_of(group, "Material")})


def add_shapes(
    build: NodeTreeBuilder,
    cloud: bpy.types.NodeSocket,
    carrier: bpy.types.NodeSocket,
    group: bpy.types.Node,
    is_disc: bpy.types.NodeSocket,
) -> bpy.types.NodeSocket:
    """One mesh of balls or discs, and of flakes for gaussians outside the share.

    Realised, because solid view takes the colour from the mesh that is drawn and not from instances. Flakes, because
    point clouds have no colour there (measured in 4.3.2).

    cloud: bare points of the gaussians that are shown.
    carrier: a vertex with the colour that solid view is to show.
    group: its node with the inputs of the display.
    """
    scale, share, flake_share = (output_of(group, name) for name in ("Scale", "Display Share", "Flake Share"))
    has_shape = build.compare("FLOAT", "LESS_THAN", named(build, LOT_ATTRIBUTE, "FLOAT"), share)
    sizes = named(build, "scale", "FLOAT_VECTOR")
    solid = build.vector("SCALE", sizes, Scale=build.math("MULTIPLY", scale, reach(build)))
    # a disc is soft, so it goes on to where nothing is seen any more
    soft = build.vector("SCALE", sizes, Scale=build.math("MULTIPLY", scale, DISC_REACH))
    # flakes cover for those that are left out
    larger = build.math("INVERSE_SQRT", build.math("MAXIMUM", flake_share, 0.01))
    flakes = build.vector("SCALE", solid, Scale=larger)
    axis = build.part(
        "Maquette Splat Thinnest Axis", {"Scale": ("NodeSocketVector", sizes)}, "NodeSocketFloat", _thinnest_axis
    )
    build.next_column()
    original = build.switch("INT", is_disc, _BALL, build.math("ADD", axis, _DISCS))
    original = build.switch("INT", has_shape, build.math("ADD", axis, _FLAKES), original)
    material = {"Material": ("NodeSocketMaterial", output_of(group, "Material"))}
    originals = build.part("Maquette Splat Originals", material, "NodeSocketGeometry", _originals)
    instances = build.first(
        "GeometryNodeInstanceOnPoints",
        {
            "Points": cloud,
            "Instance": originals,
            "Pick Instance": True,
            "Instance Index": original,
            "Rotation": build.part("Maquette Splat Euler Angles", {}, "NodeSocketVector", _euler),
            "Scale": build.switch("VECTOR", has_shape, flakes, build.switch("VECTOR", is_disc, solid, soft)),
        },
    )
    build.next_column()
    together = build.node("GeometryNodeJoinGeometry")
    for geometry in (instances, carrier):
        for name in ("opacity", "scale", "rotation", LOT_ATTRIBUTE):
            # No longer needed, and solid view is to find one colour only. Now: realised, a gaussian has twelve corners.
            geometry = build.first("GeometryNodeRemoveAttribute", {"Geometry": geometry, "Name": name})
        # the newest link of a socket that takes many is its first
        build.tree.links.new(geometry, together.inputs[0])
        build.next_column()
    return build.first("GeometryNodeRealizeInstances", {0: output_of(together, 0)})


def _originals(build: NodeTreeBuilder, group: bpy.types.Node) -> bpy.types.NodeSocket:
    """What is instanced, in the sequence of `_BALL`, `_DISCS`, `_FLAKES`."""
    material = output_of(group, "Material")
    ball = build.first("GeometryNodeSetShadeSmooth", {0: build.first("GeometryNodeMeshIcoSphere", {"Subdivisions": 1})})
    circle = build.first("GeometryNodeMeshCircle", {"Vertices": DISC_CORNERS}, fill_type="NGON")
    corner = build.vector("SCALE", build.first("GeometryNodeInputPosition"), Scale=DISC_REACH)
    inputs = {"Geometry": circle, "Name": CORNER_ATTRIBUTE, "Value": corner}
    disc = build.first("GeometryNodeStoreNamedAttribute", inputs, data_type="FLOAT_VECTOR", domain="POINT")
    flake = build.first("GeometryNodeMeshCircle", {"Vertices": 3, "Radius": FLAKE_RADIUS}, fill_type="NGON")
    build.next_column()
    originals = build.node("GeometryNodeGeometryToInstance")
    turns = ((0.0, pi / 2, 0.0), (pi / 2, 0.0, 0.0), (0.0, 0.0, 0.0))
    turned = [
        build.first("GeometryNodeTransform", {0: flat, "Rotation": turn}) for flat in (disc, flake) for turn in turns
    ]
    # the newest link is the first one
    for original in reversed([ball, *turned]):
        # Primitives have one slot with nothing in it. "Set Material" would add a second one, and the empty one would be
        # a slot of the whole; filled like this it is the same as that of the carrier.
        dressed = build.first("GeometryNodeReplaceMaterial", {"Geometry": original, "New": material})
        build.tree.links.new(dressed, originals.inputs[0])
    return output_of(originals, 0)


def _thinnest_axis(build: NodeTreeBuilder, group: bpy.types.Node) -> bpy.types.NodeSocket:
    """0, 1 or 2: the axis along which a gaussian is thinnest."""
    xyz = build.node("ShaderNodeSeparateXYZ", {0: output_of(group, "Scale")})
    x, y, z = xyz.outputs
    least = build.math("MINIMUM", x, build.math("MINIMUM", y, z))
    not_x = build.math("GREATER_THAN", x, least)
    not_y = build.math("GREATER_THAN", y, least)
    return build.math("MULTIPLY", not_x, build.math("ADD", 1.0, not_y))


def _reach(build: NodeTreeBuilder, _group: bpy.types.Node) -> bpy.types.NodeSocket:
    """Standard deviations at which a solid shape ends, √(2·ln(1 + 6·opacity²)): 2.0 for opacity 1, 0.3 for 0.1.

    Chosen by eye on splats of 404-GEN and on fur: surfaces are closed, texture stays sharp, and large faint veils do
    not stand before the surface as boulders, which they do with 1 + 6·opacity.
    """
    opacity = named(build, "opacity", "FLOAT")
    visible = build.math("MULTIPLY_ADD", build.math("MULTIPLY", opacity, opacity), 6.0, 1.0)
    return build.math("SQRT", build.math("MULTIPLY", build.math("LOGARITHM", visible, 2.718281828), 2.0))


def _euler(build: NodeTreeBuilder, _group: bpy.types.Node) -> bpy.types.NodeSocket:
    """The attribute `rotation` as Euler angles X, Y, Z: rotation sockets came with 4.0, and these convert to them.

    source: Diebel, Representing attitude, 2006, section 5.6 for the sequence of Blender's XYZ.
    """
    parts = build.node("FunctionNodeSeparateColor", {0: named(build, "rotation", "FLOAT_COLOR")})
    w, x, y, z = (output_of(parts, name) for name in ("Red", "Green", "Blue", "Alpha"))

    def products(a: Any, b: Any, sign: str, c: Any, d: Any) -> bpy.types.NodeSocket:
        return build.math("MULTIPLY", build.math(sign, build.math("MULTIPLY", a, b), build.math("MULTIPLY", c, d)), 2.0)

    build.next_column()
    about_x = build.math(
        "ARCTAN2", products(w, x, "ADD", y, z), build.math("SUBTRACT", 1.0, products(x, x, "ADD", y, y))
    )
    sine = build.math("MINIMUM", build.math("MAXIMUM", products(w, y, "SUBTRACT", z, x), -1.0), 1.0)
    about_z = build.math(
        "ARCTAN2", products(w, z, "ADD", x, y), build.math("SUBTRACT", 1.0, products(y, y, "ADD", z, z))
    )
    build.next_column()
    return build.first("ShaderNodeCombineXYZ", {0: about_x, 1: build.math("ARCSINE", sine), 2: about_z})
