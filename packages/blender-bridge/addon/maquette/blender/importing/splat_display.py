"""Shows splats in the viewport and in renders, by a group of geometry nodes that is built here by script.

    Mode               0 points, 1 ellipsoids, 2 discs
    Display Share      share of the gaussians with their shape, the others being points
    Opacity Threshold  gaussians below are not shown
    Scale              of shapes and points
    Crop               shows only what lies inside of …
      Crop Object      … the bounds of this object, turned as it is (an empty: the cube of its size 1), or without one …
      Crop Min, Max    … this box in the splat's own frame
    Material           of all of it

Nothing is taken away: the mesh of the object keeps all gaussians and attributes. The group reads `color`, `opacity`, `scale`
and `rotation`, so it works on edited splats, joined ones, and ones of other add-ons that call them so.
"""

from __future__ import annotations

from typing import Any

import bpy

from .splat_material import COLOR_ATTRIBUTE, CORNER_ATTRIBUTE, splat_material
from .splat_nodes import NodeTreeBuilder, output_of

GROUP_NAME = "Maquette Splat Display"
MODIFIER_NAME = "Splat Display"

MODE_POINTS, MODE_ELLIPSOIDS, MODE_DISCS = 0, 1, 2

SHAPES_SHOWN = 100_000
"""Gaussians of an object that get a shape until somebody asks for more."""


def add_splat_display(level: bpy.types.Object, gaussians: int) -> bpy.types.Modifier:
    """Add the display to an object, with a share that leaves it responsive.

    level: mesh of loose vertices with the attributes above. gaussians: in it.
    """
    modifier = level.modifiers.new(MODIFIER_NAME, "NODES")
    modifier.node_group = splat_display_group()
    set_splat_display(modifier, "Display Share", min(1.0, SHAPES_SHOWN / max(1, gaussians)))
    return modifier


def splat_display_group() -> bpy.types.NodeTree:
    """The group all splats share, found by its name or built."""
    found = bpy.data.node_groups.get(GROUP_NAME)
    if found is not None:
        return found
    tree = bpy.data.node_groups.new(GROUP_NAME, "GeometryNodeTree")
    try:
        _build(NodeTreeBuilder(tree), splat_material())
    except Exception:
        bpy.data.node_groups.remove(tree)
        raise
    return tree


def set_splat_display(modifier: bpy.types.Modifier, name: str, value: Any) -> None:
    """Set an input of the display by its name.

    raises: KeyError for a name the group does not have.
    """
    modifier[_identifier_of(modifier, name)] = value
    modifier.id_data.update_tag()


def splat_display_value(modifier: bpy.types.Modifier, name: str) -> Any:
    """Value of an input of the display by its name. raises: KeyError for a name the group does not have."""
    return modifier[_identifier_of(modifier, name)]


def _identifier_of(modifier: bpy.types.Modifier, name: str) -> str:
    tree = modifier.node_group
    sockets = tree.interface.items_tree if hasattr(tree, "interface") else tree.inputs
    for socket in sockets:
        if socket.name == name and getattr(socket, "in_out", "INPUT") == "INPUT":
            return socket.identifier
    raise KeyError(name)


def _build(build: NodeTreeBuilder, material: bpy.types.Material) -> None:
    build.add_input("NodeSocketGeometry", "Geometry")
    build.add_input("NodeSocketInt", "Mode", MODE_ELLIPSOIDS, 0, 2, "0 points, 1 ellipsoids, 2 discs")
    build.add_input("NodeSocketFloatFactor", "Display Share", 1.0, 0.0, 1.0, "Gaussians shown with their shape")
    build.add_input("NodeSocketFloatFactor", "Opacity Threshold", 0.05, 0.0, 1.0, "Fainter gaussians are not shown")
    build.add_input("NodeSocketFloatUnsigned", "Scale", 1.0, 0.0, 100.0, "Size of shapes and points")
    build.add_input("NodeSocketBool", "Crop", False, hint="Show only what lies inside of the crop box")
    build.add_input("NodeSocketVectorTranslation", "Crop Min", (-1.0, -1.0, 0.0), hint="Used without a crop object")
    build.add_input("NodeSocketVectorTranslation", "Crop Max", (1.0, 1.0, 2.0), hint="Used without a crop object")
    build.add_input("NodeSocketObject", "Crop Object", hint="Its bounds are the crop box; an empty is a cube")
    build.add_input("NodeSocketMaterial", "Material", material)
    build.add_output("NodeSocketGeometry", "Geometry")

    group = build.node("NodeGroupInput")
    build.next_column()
    cloud = _bare_cloud(build, output_of(group, "Geometry"))
    build.next_column()
    is_shown = build.both(
        build.compare("FLOAT", "GREATER_EQUAL", _named(build, "opacity", "FLOAT"), output_of(group, "Opacity Threshold")),
        _is_inside(build, group),
    )
    is_hidden = build.first("FunctionNodeBooleanMath", {0: is_shown}, operation="NOT")
    cloud = build.first("GeometryNodeDeleteGeometry", {"Geometry": cloud, "Selection": is_hidden}, domain="POINT")
    build.next_column()
    size = build.math("MULTIPLY", output_of(group, "Scale"), _reach(build))
    has_shape = build.both(
        build.first("FunctionNodeRandomValue", {"Probability": output_of(group, "Display Share")}, data_type="BOOLEAN"),
        build.compare("INT", "GREATER_THAN", output_of(group, "Mode"), MODE_POINTS),
    )
    parts = build.node("GeometryNodeSeparateGeometry", {"Geometry": cloud, "Selection": has_shape}, domain="POINT")
    build.next_column()
    shapes = _shapes(build, output_of(parts, 0), size, output_of(group, "Mode"))
    points = _points(build, output_of(parts, 1), size)
    build.next_column()
    both = build.node("GeometryNodeJoinGeometry")
    build.tree.links.new(points, both.inputs[0])
    build.tree.links.new(shapes, both.inputs[0])
    build.next_column()
    dressed = build.first(
        "GeometryNodeSetMaterial", {"Geometry": output_of(both, 0), "Material": output_of(group, "Material")}
    )
    build.next_column()
    build.node("NodeGroupOutput", {0: dressed})


def _named(build: NodeTreeBuilder, name: str, kind: str) -> bpy.types.NodeSocket:
    return build.first("GeometryNodeInputNamedAttribute", {"Name": name}, data_type=kind)


def _bare_cloud(build: NodeTreeBuilder, splat: bpy.types.NodeSocket) -> bpy.types.NodeSocket:
    """Points with only the attributes that are shown: deleting and realising would copy up to 45 harmonics for each corner."""
    size = build.node("GeometryNodeAttributeDomainSize", {"Geometry": splat}, component="MESH")
    index = build.first("GeometryNodeInputIndex")

    def sample(value: bpy.types.NodeSocket, kind: str) -> bpy.types.NodeSocket:
        inputs = {"Geometry": splat, "Value": value, "Index": index}
        return build.first("GeometryNodeSampleIndex", inputs, data_type=kind, domain="POINT")

    positions = sample(build.first("GeometryNodeInputPosition"), "FLOAT_VECTOR")
    build.next_column()
    cloud = build.first("GeometryNodePoints", {"Count": output_of(size, "Point Count"), "Position": positions})
    for name, kind in (
        (COLOR_ATTRIBUTE, "FLOAT_COLOR"),
        ("opacity", "FLOAT"),
        ("scale", "FLOAT_VECTOR"),
        ("rotation", "FLOAT_COLOR"),
    ):
        build.next_column()
        value = sample(_named(build, name, kind), kind)
        inputs = {"Geometry": cloud, "Name": name, "Value": value}
        cloud = build.first("GeometryNodeStoreNamedAttribute", inputs, data_type=kind, domain="POINT")
    return cloud


def _is_inside(build: NodeTreeBuilder, group: bpy.types.Node) -> bpy.types.NodeSocket:
    """Whether a point lies in the crop box, or there is none."""
    box = output_of(group, "Crop Object")
    there = build.node("GeometryNodeObjectInfo", {"Object": box}, transform_space="RELATIVE")
    own = build.node("GeometryNodeObjectInfo", {"Object": box}, transform_space="ORIGINAL")
    bounds = build.node("GeometryNodeBoundBox", {"Geometry": output_of(own, "Geometry")})
    build.next_column()
    # an object that is not there has scale 0; one without geometry, such as an empty, has bounds of size 0
    has_box = build.math("GREATER_THAN", build.vector("LENGTH", output_of(there, "Scale")), 0.0)
    extent = build.vector("SUBTRACT", output_of(bounds, "Max"), output_of(bounds, "Min"))
    has_bounds = build.math("GREATER_THAN", build.vector("LENGTH", extent), 0.0)
    position = build.first("GeometryNodeInputPosition")
    from_box = build.vector("SUBTRACT", position, output_of(there, "Location"))
    turned = build.first(
        "ShaderNodeVectorRotate",
        {"Vector": from_box, "Rotation": output_of(there, "Rotation")},
        rotation_type="EULER_XYZ",
        invert=True,
    )
    build.next_column()
    in_box = build.switch("VECTOR", has_box, position, build.vector("DIVIDE", turned, output_of(there, "Scale")))
    insides = []
    for side, sign, without in (("Min", 1.0, (-1.0, -1.0, -1.0)), ("Max", -1.0, (1.0, 1.0, 1.0))):
        own_side = build.switch("VECTOR", has_bounds, without, output_of(bounds, side))
        limit = build.switch("VECTOR", has_box, output_of(group, f"Crop {side}"), own_side)
        # how far inside, negative where it is outside
        inward = build.vector("SCALE", build.vector("SUBTRACT", in_box, limit), Scale=sign)
        xyz = build.node("ShaderNodeSeparateXYZ", {0: inward})
        least = build.math("MINIMUM", xyz.outputs[0], build.math("MINIMUM", xyz.outputs[1], xyz.outputs[2]))
        insides.append(build.compare("FLOAT", "GREATER_EQUAL", least, 0.0))
        build.next_column()
    return build.switch("BOOLEAN", output_of(group, "Crop"), True, build.both(*insides))


def _reach(build: NodeTreeBuilder) -> bpy.types.NodeSocket:
    """Standard deviations at which a solid shape ends: where opacity o was, 1 + 2·o of it is seen, so faint ones are small."""
    visible = build.math("MULTIPLY_ADD", _named(build, "opacity", "FLOAT"), 2.0, 1.0)
    return build.math("SQRT", build.math("MULTIPLY", build.math("LOGARITHM", visible, 2.718281828), 2.0))


def _points(build: NodeTreeBuilder, cloud: bpy.types.NodeSocket, size: bpy.types.NodeSocket) -> bpy.types.NodeSocket:
    mean = build.vector("DOT_PRODUCT", _named(build, "scale", "FLOAT_VECTOR"), (1 / 3, 1 / 3, 1 / 3))
    radius = build.math("MULTIPLY", mean, size)
    return build.first("GeometryNodeSetPointRadius", {0: cloud, "Radius": radius})


def _shapes(
    build: NodeTreeBuilder, cloud: bpy.types.NodeSocket, size: bpy.types.NodeSocket, mode: bpy.types.NodeSocket
) -> bpy.types.NodeSocket:
    ball = build.first("GeometryNodeSetShadeSmooth", {0: build.first("GeometryNodeMeshIcoSphere", {"Subdivisions": 1})})
    scale = build.vector("SCALE", _named(build, "scale", "FLOAT_VECTOR"), Scale=size)
    instances = build.first(
        "GeometryNodeInstanceOnPoints",
        {"Points": cloud, "Instance": ball, "Rotation": _euler(build), "Scale": scale},
    )
    build.next_column()
    return build.first("GeometryNodeRealizeInstances", {0: instances})


def _euler(build: NodeTreeBuilder) -> bpy.types.NodeSocket:
    """The attribute `rotation` as Euler angles X, Y, Z: rotation sockets came with 4.0, and these convert to them.

    source: Diebel, Representing attitude, 2006, section 5.6 for the sequence of Blender's XYZ.
    """
    parts = build.node("FunctionNodeSeparateColor", {0: _named(build, "rotation", "FLOAT_COLOR")})
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
