"""Keys of providers, on their way to the key store of the operating system. Blender keeps none."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import StringProperty

from ...wire.errors import BridgeError
from .. import secret, session
from .outcome import report_error


class MAQUETTE_OT_set_key(bpy.types.Operator):
    """Hand the typed key to the key store of the operating system"""

    bl_idname = "maquette.set_key"
    bl_label = "Store Key"
    # Without REGISTER the info log shows nothing of it. The value is no property: see secret.py.
    bl_options = {"INTERNAL"}

    provider: StringProperty(options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        if not secret.is_typed():
            cls.poll_message_set("Type or paste the key first")
            return False
        return True

    def execute(self, _context: bpy.types.Context) -> set[str]:
        value = secret.take()
        return _ask(self, "key/set", {"provider": self.provider, "value": value}, "The key is in the key store.")


class MAQUETTE_OT_remove_key(bpy.types.Operator):
    """Remove this provider's key from the key store of the operating system"""

    bl_idname = "maquette.remove_key"
    bl_label = "Remove Key"
    bl_options = {"INTERNAL"}

    provider: StringProperty(options={"SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return context.window_manager.invoke_confirm(self, event)

    def execute(self, _context: bpy.types.Context) -> set[str]:
        return _ask(self, "key/remove", {"provider": self.provider}, "The key was removed.")


def _ask(operator: bpy.types.Operator, method: str, params: dict[str, Any], told: str) -> set[str]:
    current = session.current()
    current.notice = None
    answered: list[BridgeError | None] = []

    def done(_result: dict[str, Any]) -> None:
        current.show(told)
        current.refresh_providers()
        answered.append(None)

    def refused(error: BridgeError) -> None:
        current.show_error(error)
        answered.append(error)

    current.ask(method, params, done, refused)
    if not bpy.app.background:
        return {"FINISHED"}
    try:
        current.wait_until(lambda: bool(answered), 120.0)
    except BridgeError as error:
        return report_error(operator, error)
    return {"FINISHED"} if answered[0] is None else report_error(operator, answered[0])


CLASSES = (MAQUETTE_OT_set_key, MAQUETTE_OT_remove_key)
