"""What an artist can press and a script can call, as bpy.ops.maquette.*"""

from __future__ import annotations

import bpy

from . import adopt, assets, connection, doctor, form, generate, import_asset, jobs, keys, notices

_CLASSES: tuple[type[bpy.types.Operator], ...] = (
    *generate.CLASSES,
    *import_asset.CLASSES,
    *jobs.CLASSES,
    *adopt.CLASSES,
    *connection.CLASSES,
    *keys.CLASSES,
    *doctor.CLASSES,
    *form.CLASSES,
    *notices.CLASSES,
    *assets.CLASSES,
)


def register() -> None:
    for operator in _CLASSES:
        bpy.utils.register_class(operator)


def unregister() -> None:
    for operator in reversed(_CLASSES):
        bpy.utils.unregister_class(operator)
