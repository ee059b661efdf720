"""Taking over a task a provider has already, for instance one that was ordered on its website."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ...wire.errors import BridgeError
from .. import online, placement, preferences, session
from .outcome import report_error, wait_for


class MAQUETTE_OT_adopt(bpy.types.Operator):
    """Fetch the result of a task the provider already has, by its id. Nothing is ordered or paid again"""

    bl_idname = "maquette.adopt"
    bl_label = "Adopt Task"
    # Without REGISTER: "Adjust Last Operation" and "Repeat Last" would order once more.
    bl_options = {"UNDO"}

    provider: StringProperty(name="Provider", description="Id of the provider", options={"SKIP_SAVE"})
    task: StringProperty(name="Task", description="The provider's id of the task", options={"SKIP_SAVE"})
    output: EnumProperty(
        name="Output",
        description="What the task makes",
        items=(
            ("DEFAULT", "Default", "As the provider says"),
            ("mesh", "Mesh", "Surface with materials"),
            ("splat", "Splat", "Gaussian splats"),
        ),
        options={"SKIP_SAVE"},
    )
    wait: BoolProperty(
        name="Wait",
        description="Return when the asset is in the scene, or failed",
        options={"SKIP_SAVE"},
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        current = session.current()
        current.notice = None
        params = {"provider": self.provider, "task": self.task.strip(), "profile": "blender"}
        params.update(preferences.asset_parent())
        if self.output != "DEFAULT":
            params["output"] = self.output
        try:
            if not params["provider"] or not params["task"]:
                raise BridgeError("INPUT_INVALID", "Which task is not clear.", "Choose the provider and enter the id.")
            online.demand(self.provider)
        except BridgeError as error:
            return report_error(self, error)
        place = placement.Place() if self.wait else placement.at_box(context, params["task"])
        order = current.deliveries.place_order("job/adopt", params, place, self.provider)
        return wait_for(self, order) if self.wait else {"FINISHED"}


CLASSES = (MAQUETTE_OT_adopt,)
