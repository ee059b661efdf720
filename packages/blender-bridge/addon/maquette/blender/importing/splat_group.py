"""Builds the group of geometry nodes that shows splats."""

from __future__ import annotations

import bpy

from .splat_material import COLOR_ATTRIBUTE
from .splat_nodes import NodeTreeBuilder, output_of
from .splat_shapes import LOT_ATTRIBUTE, add_points, add_shapes, named

MODE_POINTS, MODE_ELLIPSOIDS, MODE_DISCS = 0, 1, 2


def build_splat_group(build: NodeTreeBuilder, material: bpy.types.Material) -> None:
    """Fill an empty tree of geometry nodes. material: of what is shown, until somebody chooses another."""
    build.add_input("NodeSocketGeometry", "Geometry")
    build.add_input("NodeSocketInt", "Mode", MODE_ELLIPSOIDS, 0, 2, "0 points, 1 ellipsoids, 2 discs")
    share = "NodeSocketFloatFactor"
    build.add_input(share, "Display Share", 1.0, 0.0, 1.0, "Gaussians shown with their shape; the others are flakes")
    build.add_input(share, "Flake Share", 1.0, 0.0, 1.0, "Of the others, those that are shown at all")
    build.add_input(share, "Opacity Threshold", 0.1, 0.0, 1.0, "Fainter gaussians are not shown")
    build.add_input("NodeSocketFloatUnsigned", "Scale", 1.0, 0.0, 100.0, "Size of shapes and points")
    build.add_input("NodeSocketBool", "Crop", False, hint="Show only what lies inside of the crop box")
    build.add_input("NodeSocketVectorTranslation", "Crop Min", (-1.0, -1.0, 0.0), hint="Used without a crop object")
    build.add_input("NodeSocketVectorTranslation", "Crop Max", (1.0, 1.0, 2.0), hint="Used without a crop object")
    build.add_input("NodeSocketObject", "Crop Object", hint="Its bounds are the crop box; an empty is a cube")
    build.add_input("NodeSocketMaterial", "Material", material)
    build.add_output("NodeSocketGeometry", "Geometry")

    group = build.node("NodeGroupInput")
    build.next_column()
    splat = build.part(
        "Maquette Splat Without Harmonics",
        {"Geometry": ("NodeSocketGeometry", output_of(group, "Geometry"))},
        "NodeSocketGeometry",
        _without_harmonics,
    )
    geometry = {"Geometry": ("NodeSocketGeometry", splat)}
    cloud = build.part("Maquette Splat Cloud", geometry, "NodeSocketGeometry", _bare_cloud)
    carrier = build.part("Maquette Splat Color Carrier", geometry, "NodeSocketGeometry", _color_carrier)
    build.next_column()
    has_shapes = build.compare("INT", "GREATER_THAN", output_of(group, "Mode"), MODE_POINTS)
    opacity = named(build, "opacity", "FLOAT")
    is_dense = build.compare("FLOAT", "GREATER_EQUAL", opacity, output_of(group, "Opacity Threshold"))
    crop = {
        "Crop": ("NodeSocketBool", output_of(group, "Crop")),
        "Crop Min": ("NodeSocketVectorTranslation", output_of(group, "Crop Min")),
        "Crop Max": ("NodeSocketVectorTranslation", output_of(group, "Crop Max")),
        "Crop Object": ("NodeSocketObject", output_of(group, "Crop Object")),
    }
    is_visible = build.both(is_dense, build.part("Maquette Splat Crop", crop, "NodeSocketBool", _is_inside))
    is_shown = build.both(is_visible, _is_drawn(build, group, has_shapes))
    is_hidden = build.first("FunctionNodeBooleanMath", {0: is_shown}, operation="NOT")
    cloud = build.first("GeometryNodeDeleteGeometry", {"Geometry": cloud, "Selection": is_hidden}, domain="POINT")
    build.next_column()
    points = add_points(build, cloud, group)
    build.next_column()
    is_disc = build.compare("INT", "EQUAL", output_of(group, "Mode"), MODE_DISCS)
    shapes = add_shapes(build, cloud, carrier, group, is_disc)
    build.next_column()
    shown = build.switch("GEOMETRY", has_shapes, points, shapes)
    build.next_column()
    build.node("NodeGroupOutput", {0: shown})


def _without_harmonics(build: NodeTreeBuilder, group: bpy.types.Node) -> bpy.types.NodeSocket:
    """The splat without what is not shown: up to 4.0 each look at a geometry copies all its attributes."""
    splat = output_of(group, "Geometry")
    # a property of the node in 4.3, an input in 5.x, and older ones have no patterns
    is_property = "pattern_mode" in bpy.types.GeometryNodeRemoveAttribute.bl_rna.properties
    has_patterns = is_property or bpy.app.version >= (5, 0, 0)
    rest = ["sh_rest_*"] if has_patterns else [f"sh_rest_{place}" for place in range(15)]
    for name in ["sh_dc", *rest]:
        node = build.node("GeometryNodeRemoveAttribute", {"Geometry": splat, "Name": name})
        if "*" in name and is_property:
            node.pattern_mode = "WILDCARD"
        elif "*" in name:
            node.inputs["Pattern Mode"].default_value = "Wildcard"
        splat = output_of(node, 0)
    return splat


def _color_carrier(build: NodeTreeBuilder, group: bpy.types.Node) -> bpy.types.NodeSocket:
    """One vertex of the splat.

    From 4.0 on solid view shows the colour attribute that is active in the first of joined meshes, and geometry nodes
    cannot choose one: this vertex brings the choice along.
    """
    others = build.compare("INT", "GREATER_THAN", build.first("GeometryNodeInputIndex"), 0)
    inputs = {"Geometry": output_of(group, "Geometry"), "Selection": others}
    return build.first("GeometryNodeDeleteGeometry", inputs, domain="POINT")


def _bare_cloud(build: NodeTreeBuilder, group: bpy.types.Node) -> bpy.types.NodeSocket:
    """Points with what is shown."""
    splat = output_of(group, "Geometry")
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
        value = sample(named(build, name, kind), kind)
        inputs = {"Geometry": cloud, "Name": name, "Value": value}
        cloud = build.first("GeometryNodeStoreNamedAttribute", inputs, data_type=kind, domain="POINT")
    # drawn once, before anything is taken out: a gaussian keeps its shape while the threshold changes
    lot = build.first("FunctionNodeRandomValue", {"Min": 0.0, "Max": 1.0}, data_type="FLOAT")
    inputs = {"Geometry": cloud, "Name": LOT_ATTRIBUTE, "Value": lot}
    return build.first("GeometryNodeStoreNamedAttribute", inputs, data_type="FLOAT", domain="POINT")


def _is_drawn(
    build: NodeTreeBuilder, group: bpy.types.Node, has_shapes: bpy.types.NodeSocket
) -> bpy.types.NodeSocket:
    """Whether a point is one of those that become shapes or flakes; round points are shown all."""
    share = output_of(group, "Display Share")
    others = build.math("MULTIPLY", build.math("SUBTRACT", 1.0, share), output_of(group, "Flake Share"))
    lot = named(build, LOT_ATTRIBUTE, "FLOAT")
    is_chosen = build.compare("FLOAT", "LESS_THAN", lot, build.math("ADD", share, others))
    return build.switch("BOOLEAN", has_shapes, True, is_chosen)


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
