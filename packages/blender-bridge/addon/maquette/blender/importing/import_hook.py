"""Our part in Blender's glTF importer, by the hooks it offers to add-ons.

Meshes are not evaluated in the middle of an import. Up to 4.0 a mesh with normals of its own takes half a second for
each million triangles. The importer's last act, a call of an operator, has Blender do that; then the level moves to its
collection, and Blender does it again.

Things without bones do not move: every level becomes one object, and would be frozen as it is at the frame where the
scene happens to be, and not as the file has it at rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bpy

IS_EVALUATION_SLOW = bpy.app.version < (4, 1, 0)
"""Since 4.1 evaluating is cheap: normals are worked out when somebody looks at them."""


class ImportInProgress:
    """What the hook did in one import of ours. had_animations: whether the file has some that were left out."""

    def __init__(self) -> None:
        self.had_animations = False
        self._held: list[tuple[bpy.types.Object, bpy.types.Mesh, bpy.types.Mesh]] = []

    def hold(self, entry: bpy.types.Object) -> None:
        """Have an object hold an empty mesh until `give_back`. Hooks of other add-ons see that one meanwhile."""
        empty = bpy.data.meshes.new("Maquette Import")
        self._held.append((entry, entry.data, empty))
        entry.data = empty

    def give_back(self) -> None:
        """Let every object have its mesh, unless another add-on has given it one."""
        for entry, mesh, empty in self._held:
            if entry.data == empty:
                entry.data = mesh
        bpy.data.batch_remove([empty for _, _, empty in self._held])
        self._held.clear()


_current: ImportInProgress | None = None


@contextmanager
def hook_at_work() -> Iterator[ImportInProgress]:
    """Inside, the hook sees to what the importer reads.

    Only while our add-on is enabled: the importer asks enabled add-ons for hooks, and then `ImportHook` is one.
    """
    global _current
    _current = ImportInProgress()
    try:
        yield _current
    finally:
        ended, _current = _current, None
        ended.give_back()


class ImportHook:
    """What the importer makes one of for each file, ours or not. Its name for this class: glTF2ImportUserExtension."""

    def gather_import_node_after_hook(self, _vnode: Any, _node: Any, entry: bpy.types.Object, gltf: Any) -> None:
        """Called when the object of a node is made, before the scene is evaluated. gltf: the importer itself."""
        if _current is None or not IS_EVALUATION_SLOW or entry.type != "MESH":
            return
        # bones and weights, keys and their values are the object's and the mesh's together
        if not gltf.data.skins and entry.data.shape_keys is None:
            _current.hold(entry)

    def gather_import_animations(self, _animations: Any, _options: Any, gltf: Any) -> None:
        """Called before animations are made."""
        if _current is not None and gltf.data.animations and not gltf.data.skins:
            _current.had_animations = True
            gltf.data.animations = []
