"""One set of materials and images for all levels: the importer makes a copy for each file it reads."""

from __future__ import annotations

import re
from typing import Any

import bpy

from .data_snapshot import DataSnapshot

COPY_SUFFIX = re.compile(r"\.\d{3,}$")
PLAIN_TYPES = frozenset({"BOOLEAN", "INT", "FLOAT", "STRING", "ENUM"})
# where a node stands in the editor, and what bpy counts itself, says nothing about what it shows
IGNORED = frozenset(
    {"name", "name_full", "location", "location_absolute", "width", "width_hidden", "height", "select", "dimensions",
     "session_uid", "session_uuid", "users", "tag", "is_evaluated", "asset_data", "preview", "active_texture_index",
     "paint_active_slot", "paint_clone_slot", "pass_index", "hide", "show_options", "show_preview",
     "warning_propagation"}
)


class SharedMaterials:
    """Remembers the materials of the levels read so far, and gives them to the next level in place of its copies.

    Two materials are one where name (without .001), node tree, values, settings and the bytes of every image are equal.
    So a level that does bring a material of its own, say with a smaller texture, keeps it.
    """

    def __init__(self) -> None:
        self._materials: dict[Any, bpy.types.Material] = {}
        self._images: dict[Any, bpy.types.Image] = {}

    def adopt(self, snapshot: DataSnapshot) -> None:
        """Take in what was made since the snapshot: copies of known images and materials give way to them."""
        # by hand and not by user_remap: that walks the whole file for every single image
        images = {image: self._images.setdefault(_image_fingerprint(image), image) for image in snapshot.new("images")}
        materials = {
            material: self._materials.setdefault(_material_fingerprint(material, images), material)
            for material in snapshot.new("materials")
        }
        for material, kept in materials.items():
            if kept is material and material.node_tree is not None:
                for node in material.node_tree.nodes:
                    if getattr(node, "image", None) in images:
                        node.image = images[node.image]
        for mesh in snapshot.new("meshes"):
            for slot, material in enumerate(mesh.materials):
                if material in materials:
                    mesh.materials[slot] = materials[material]
        surplus = [block for block, kept in (*materials.items(), *images.items()) if kept is not block]
        if surplus:
            bpy.data.batch_remove(surplus)


def _base_name(name: str) -> str:
    return COPY_SUFFIX.sub("", name)


def _image_fingerprint(image: bpy.types.Image) -> Any:
    packed = image.packed_file
    # Of a packed image the bytes themselves: comparing them is ten times faster than a digest, and they are gone after
    # the import. They hold its size too; to ask for that has Blender unpack the picture, here and for every level.
    content = packed.data if packed is not None else image.filepath
    return (content, image.source, image.alpha_mode, image.colorspace_settings.name)


def _material_fingerprint(material: bpy.types.Material, images: dict[bpy.types.Image, bpy.types.Image]) -> Any:
    tree = material.node_tree
    if tree is None:
        return repr((_base_name(material.name), _plain_values(material)))
    links = sorted(
        (link.from_node.name, link.from_socket.identifier, link.to_node.name, link.to_socket.identifier)
        for link in tree.links
    )
    nodes = sorted((node.name, _node_fingerprint(node, images)) for node in tree.nodes)
    # repr, because values of unlike types have no order and no common hash
    return repr((_base_name(material.name), _plain_values(material), nodes, links))


def _node_fingerprint(node: bpy.types.Node, images: dict[bpy.types.Image, bpy.types.Image]) -> Any:
    image = getattr(node, "image", None)
    group = getattr(node, "node_tree", None)
    values = [
        (socket.identifier, _plain(socket.default_value))
        for socket in (*node.inputs, *node.outputs)
        if hasattr(socket, "default_value")
    ]
    return (
        node.bl_idname,
        images.get(image, image).name if image else "",
        group.name if group else "",
        _plain_values(node),
        values,
    )


def _plain_values(struct: bpy.types.bpy_struct) -> list[Any]:
    return [
        (entry.identifier, _plain(getattr(struct, entry.identifier)))
        for entry in struct.bl_rna.properties
        if entry.type in PLAIN_TYPES and not entry.is_readonly and entry.identifier not in IGNORED
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, (str, bool, int, float)):
        return value
    try:
        return tuple(value)
    except TypeError:
        return str(type(value))
