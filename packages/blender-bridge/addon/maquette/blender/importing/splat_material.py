"""The material of displayed splats: their own light, no light of the scene."""

from __future__ import annotations

import bpy

from .splat_nodes import NodeTreeBuilder, output_of

MATERIAL_NAME = "Maquette Splat"
MATERIAL_VERSION = 1
"""Grows with every change of the material after the first release: splats of older files keep theirs."""
_VERSION_KEY = "maquette_splat_material"

COLOR_ATTRIBUTE = "Color"
"""Blender's usual name. Not `color`: Cycles finds no attribute of that name (measured in 3.4.1, 4.3.2 and 5.2.2)."""
CORNER_ATTRIBUTE = "splat_corner"
"""Place on a disc in standard deviations, x and y; absent (zero) on what is solid."""


def splat_material() -> bpy.types.Material:
    """The material all splats of this version share, found or made."""
    for found in bpy.data.materials:
        if found.get(_VERSION_KEY) == MATERIAL_VERSION and is_of_this_file(found):
            return found
    material = bpy.data.materials.new(MATERIAL_NAME)
    try:
        _build(material)
    except Exception:
        bpy.data.materials.remove(material)
        raise
    material[_VERSION_KEY] = MATERIAL_VERSION
    return material


def is_of_this_file(block: bpy.types.ID) -> bool:
    """Whether a data-block needs no other file: what is linked from one is missing as soon as that one is."""
    return block.library is None and block.override_library is None


def _build(material: bpy.types.Material) -> None:
    if not material.use_nodes:  # always on, and setting it deprecated, from 5.0 on
        material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    build = NodeTreeBuilder(tree)
    color = build.node("ShaderNodeAttribute", attribute_name=COLOR_ATTRIBUTE)
    corner = build.node("ShaderNodeAttribute", attribute_name=CORNER_ATTRIBUTE)
    path = build.node("ShaderNodeLightPath")
    build.next_column()
    # the fall of a gaussian, in standard deviations from its centre
    square = build.vector("DOT_PRODUCT", output_of(corner, "Vector"), output_of(corner, "Vector"))
    fall = build.math("EXPONENT", build.math("MULTIPLY", square, -0.5))
    is_disc = build.math("GREATER_THAN", square, 0.0)
    build.next_column()
    # only discs are soft: what is solid was made smaller by its opacity
    soft = build.math("MULTIPLY", output_of(color, "Alpha"), fall)
    alpha = build.math("ADD", build.math("MULTIPLY", soft, is_disc), build.math("SUBTRACT", 1.0, is_disc))
    # Cycles follows a ray through 8 transparent surfaces by default, then shows black: the seventh one ends it instead
    is_deep = build.math("GREATER_THAN", output_of(path, "Transparent Depth"), 6.5)
    build.next_column()
    opacity = build.math("MAXIMUM", alpha, is_deep)
    clear = build.first("ShaderNodeBsdfTransparent")
    light = build.first("ShaderNodeEmission", {"Color": output_of(color, "Color")})
    build.next_column()
    mixed = build.first("ShaderNodeMixShader", {0: opacity, 1: clear, 2: light})
    build.node("ShaderNodeOutputMaterial", {"Surface": mixed})
    if hasattr(material, "surface_render_method"):
        material.surface_render_method = "DITHERED"
    else:
        material.blend_method = material.shadow_method = "HASHED"
