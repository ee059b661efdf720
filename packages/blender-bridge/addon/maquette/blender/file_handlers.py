"""What the add-on does when Blender tells: files opened and saved, undo and redo, something changed."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from . import previews, session, splat_levels


@persistent
def _loaded(*_arguments: object) -> None:
    current = session.current()
    current.file_number += 1
    for scene in bpy.data.scenes:
        previews.prepare(bpy.path.abspath(scene.maquette.image))
    if current.link is not None:
        current.deliveries.file_changed()
        current.link.rename(session.label())
        current.touch()
        current.wake()


@persistent
def _saved(*_arguments: object) -> None:
    current = session.current()
    if current.link is not None:
        current.link.rename(session.label())


@persistent
def _undone(*_arguments: object) -> None:
    session.current().deliveries.mark_places()


_HANDLERS = (
    ("undo_post", _undone),
    ("redo_post", _undone),
    ("load_post", _loaded),
    ("save_post", _saved),
    ("depsgraph_update_post", splat_levels.follow),
)


def register() -> None:
    for name, handler in _HANDLERS:
        getattr(bpy.app.handlers, name).append(handler)


def unregister() -> None:
    session.current().deliveries.let_go()
    for name, handler in _HANDLERS:
        handlers = getattr(bpy.app.handlers, name)
        if handler in handlers:  # other add-ons empty these lists
            handlers.remove(handler)
