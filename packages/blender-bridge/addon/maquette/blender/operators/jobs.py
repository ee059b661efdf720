"""What can be done with a job. Whether it may be done is said by its view."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import BoolProperty, StringProperty

from ...wire.errors import BridgeError
from .. import online, placement, preferences, session
from .outcome import demand_job, report_error, wait_for


class MAQUETTE_OT_cancel(bpy.types.Operator):
    """Cancel this job. What a provider already charged stays charged"""

    bl_idname = "maquette.cancel"
    bl_label = "Cancel"
    bl_options = set()

    job: StringProperty(name="Job", description="Id of the job", options={"SKIP_SAVE"})

    def execute(self, _context: bpy.types.Context) -> set[str]:
        try:
            demand_job(self.job, "cancel")
        except BridgeError as error:
            return report_error(self, error)
        return _ask(self, "job/cancel", {"job": self.job})


class MAQUETTE_OT_resume(bpy.types.Operator):
    """Go on with this job. Nothing is paid again"""

    bl_idname = "maquette.resume"
    bl_label = "Resume"
    bl_options = set()

    job: StringProperty(name="Job", description="Id of the job", options={"SKIP_SAVE"})

    def execute(self, _context: bpy.types.Context) -> set[str]:
        view = session.current().jobs.find(self.job)
        try:
            demand_job(self.job, "resume")
            online.demand(view["provider"] if view is not None else "")
        except BridgeError as error:
            return report_error(self, error)
        return _ask(self, "job/resume", {"job": self.job})


class MAQUETTE_OT_retry(bpy.types.Operator):
    """Order the same again, as a new job. What the provider charges is charged again"""

    bl_idname = "maquette.retry"
    bl_label = "Try Again"
    # Without REGISTER: "Repeat Last" would order once more.
    bl_options = {"UNDO"}

    job: StringProperty(name="Job", description="Id of the job", options={"SKIP_SAVE"})
    wait: BoolProperty(
        name="Wait",
        description="Return when the asset is in the scene, or failed",
        options={"SKIP_SAVE"},
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        current = session.current()
        view = current.jobs.find(self.job)
        current.notice = None
        provider = view["provider"] if view is not None else ""
        try:
            demand_job(self.job, "retry")
            online.demand(provider)
        except BridgeError as error:
            return report_error(self, error)
        before = current.deliveries.place_of(self.job)
        if before is not None and before.matrix is None and before.name in bpy.data.objects:
            place = placement.Place(before.name)
        elif self.wait:
            place = placement.Place()
        else:
            title = view["name"] if view is not None else "Object"
            place = placement.at_box(context, title, matrix=before.matrix if before is not None else None)
        params = {"job": self.job, **preferences.asset_parent()}
        order = current.deliveries.place_order("job/retry", params, place, provider)
        return wait_for(self, order) if self.wait else {"FINISHED"}


def _ask(operator: bpy.types.Operator, method: str, params: dict[str, Any]) -> set[str]:
    """Asks for a change of a job. Without a window it returns with the answer, so that a script learns of errors."""
    current = session.current()
    current.notice = None
    answered: list[BridgeError | None] = []

    def done(result: dict[str, Any]) -> None:
        current.take_job(result["job"])
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


CLASSES = (MAQUETTE_OT_cancel, MAQUETTE_OT_resume, MAQUETTE_OT_retry)
