"""Opening and saving files, undo and redo, while jobs are under way."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from . import previews, session


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


def register() -> None:
    bpy.app.handlers.undo_post.append(_undone)
    bpy.app.handlers.redo_post.append(_undone)
    bpy.app.handlers.load_post.append(_loaded)
    bpy.app.handlers.save_post.append(_saved)


def unregister() -> None:
    bpy.app.handlers.redo_post.remove(_undone)
    bpy.app.handlers.undo_post.remove(_undone)
    bpy.app.handlers.save_post.remove(_saved)
    bpy.app.handlers.load_post.remove(_loaded)
