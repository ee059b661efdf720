"""Our hook in Blender's glTF importer: meshes are not evaluated in the middle of an import.

Up to 4.0 a mesh with normals of its own takes half a second for each million triangles to evaluate. The importer's last
act, a call of an operator, has Blender do that; then the level moves to its collection, and Blender does it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bpy

IS_OF_USE = bpy.app.version < (4, 1, 0)
"""Since 4.1 evaluating is cheap: normals are worked out when somebody looks at them."""

_held: list[tuple[bpy.types.Object, bpy.types.Mesh]] | None = None


@contextmanager
def meshes_held_back() -> Iterator[None]:
    """Inside, what the importer makes holds an empty mesh; afterwards its own.

    Only while our add-on is enabled: the importer asks enabled add-ons for hooks, and then `ImportHook` is one.
    """
    global _held
    _held = []
    try:
        yield
    finally:
        held, _held = _held, None
        empty = {entry.data for entry, _ in held}
        for entry, mesh in held:
            entry.data = mesh
        bpy.data.batch_remove(empty)


class ImportHook:
    """What the importer makes one of for each file, ours or not. Its name for this class: glTF2ImportUserExtension."""

    def gather_import_node_after_hook(self, _vnode: Any, _node: Any, entry: bpy.types.Object, gltf: Any) -> None:
        """Called when the object of a node is made, before the scene is evaluated. gltf: the importer itself."""
        # bones and weights are the object's and the mesh's together
        if _held is None or entry.type != "MESH" or gltf.data.skins or entry.data.shape_keys is not None:
            return
        _held.append((entry, entry.data))
        entry.data = bpy.data.meshes.new("Maquette Import")
