"""The queue: every job as the service tells it, this Blender's first, the newest first."""

from __future__ import annotations

import time

import bpy
from bpy.props import BoolProperty

from ..wire.protocol import JobView
from . import bars, jobs, paragraphs, session
from .panels import SidebarPanel
from .remedies import in_blender

_SHOWN = 5
_STATE_ICONS = {"queued": "SORTTIME", "running": "PLAY", "failed": "ERROR", "cancelled": "CANCEL"}
_OUTPUT_ICONS = {"mesh": "MESH_DATA", "splat": "OUTLINER_OB_POINTCLOUD"}


class MAQUETTE_PT_queue(SidebarPanel, bpy.types.Panel):
    bl_idname = "MAQUETTE_PT_queue"
    bl_label = "Queue"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        return session.current().link is not None

    def draw(self, context: bpy.types.Context) -> None:
        current = session.current()
        layout = self.layout
        views = current.jobs.ordered(current.instance)
        if not views:
            text = "No jobs yet." if current.is_open else "Jobs appear once Maquette is connected."
            paragraphs.draw(layout, context, text)
            return
        shows_all = context.window_manager.maquette_shows_all
        for view in views if shows_all else views[:_SHOWN]:
            _draw_job(layout, context, view)
        if len(views) > _SHOWN:
            text = "Show Fewer" if shows_all else f"Show All {len(views)}"
            layout.prop(context.window_manager, "maquette_shows_all", text=text, toggle=True)


class MAQUETTE_PT_adopt(SidebarPanel, bpy.types.Panel):
    bl_idname = "MAQUETTE_PT_adopt"
    bl_parent_id = "MAQUETTE_PT_queue"
    bl_label = "Adopt a Task"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        form = context.scene.maquette
        paragraphs.draw(layout, context, "Fetches what a provider made already. Nothing is ordered or paid again.")
        column = layout.column(align=True)
        column.prop(form, "provider", text="")
        column.prop(context.window_manager, "maquette_task", text="")
        row = column.row()
        row.enabled = bool(context.window_manager.maquette_task.strip())
        adopt = row.operator("maquette.adopt", icon="IMPORT")
        known = session.current().providers
        default = next((view["id"] for view in known if view["isDefault"]), "")
        adopt.provider = form.provider_id or default
        adopt.task = context.window_manager.maquette_task


def _draw_job(layout: bpy.types.UILayout, context: bpy.types.Context, view: JobView) -> None:
    column = layout.box().column()
    is_open = "endedAt" not in view
    deliveries = session.current().deliveries
    status = deliveries.status(view["job"])
    has_landed = deliveries.has_landed(view["job"])
    head = column.row()
    name = head.row()
    name.alert = view["state"] == "failed"
    name.label(text=view["name"], icon=_icon(view, has_landed))
    aside = head.row()
    aside.alignment = "RIGHT"
    if has_landed:
        buttons = aside.row(align=True)
        buttons.operator("maquette.import_job", text="", icon="IMPORT", emboss=False).job = view["job"]
        buttons.operator("maquette.repeat", text="", icon="GREASEPENCIL", emboss=False).job = view["job"]
    else:
        aside.active = False
        aside.label(text=_elapsed(view))
    is_importing = status.startswith("Importing")
    if is_open or is_importing:
        row = column.row(align=True)
        bars.draw(row, context, view["job"], 1.0 if status else view["progress"], status or view["stage"])
        if "cancel" in view["actions"]:
            row.operator("maquette.cancel", text="", icon="X").job = view["job"]
    elif status:
        paragraphs.draw(column, context, status, icon="SORTTIME")
    if is_open:
        _draw_actions(column, view, is_importing)
        return
    _draw_end(column, context, view)
    if not has_landed:
        _draw_actions(column, view, is_importing)


def _draw_end(column: bpy.types.UILayout, context: bpy.types.Context, view: JobView) -> None:
    """How a job ended: the error and what helps, or what came of it; then cost and credit."""
    if "error" in view:
        paragraphs.draw(column, context, view["error"]["message"])
        if view["error"].get("remedy"):
            remedy = column.column()
            remedy.active = False
            paragraphs.draw(remedy, context, in_blender(view["error"]["remedy"]))
    else:
        paragraphs.draw(column, context, in_blender(view["summary"]), lines=3)
    told = column.column(align=True)
    told.active = False
    facts = (_capital(view["cost"]), view["credit"], _origin(view))
    paragraphs.draw(told, context, " · ".join(fact for fact in facts if fact), lines=3)
    for warning in view["warnings"]:
        paragraphs.draw(column, context, warning, icon="INFO", lines=6)


def _draw_actions(layout: bpy.types.UILayout, view: JobView, is_importing: bool) -> None:
    actions = view["actions"]
    is_ended = "endedAt" in view
    if not is_ended and "resume" not in actions:
        return
    row = layout.row(align=True)
    if "import" in actions:
        button = row.row(align=True)
        button.enabled = not is_importing
        button.operator("maquette.import_job", icon="IMPORT").job = view["job"]
    if "resume" in actions:
        row.operator("maquette.resume", icon="PLAY").job = view["job"]
    if "retry" in actions and "import" not in actions:
        row.operator("maquette.retry", icon="FILE_REFRESH").job = view["job"]
    if is_ended:
        row.operator("maquette.repeat", text="", icon="GREASEPENCIL").job = view["job"]
    if "error" in view:
        row.operator("maquette.copy_error", text="", icon="COPYDOWN").job = view["job"]


def _icon(view: JobView, has_landed: bool) -> str:
    if has_landed:
        return "CHECKMARK"
    return _STATE_ICONS.get(view["state"]) or _OUTPUT_ICONS[view["output"]]


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _elapsed(view: JobView) -> str:
    """How long a job has run, as 0:42 or 1:02:03."""
    end = view["endedAt"] if "endedAt" in view else time.time() * 1000
    seconds = max(0, int((end - view["createdAt"]) / 1000))
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def _origin(view: JobView) -> str:
    """Who ordered it, where that was somebody else."""
    if jobs.is_own(view, session.current().instance):
        return ""
    requester = view.get("requester")
    return f"from {requester['label']}" if requester is not None else ""


_CLASSES = (MAQUETTE_PT_queue, MAQUETTE_PT_adopt)


def register() -> None:
    manager = bpy.types.WindowManager
    manager.maquette_shows_all = BoolProperty(
        name="Show all jobs", description="Show every job, or only the newest ones", options={"SKIP_SAVE"}
    )
    manager.maquette_task = bpy.props.StringProperty(
        name="Task", description="The provider's id of the task", options={"SKIP_SAVE"}
    )
    for panel in _CLASSES:
        bpy.utils.register_class(panel)


def unregister() -> None:
    for panel in reversed(_CLASSES):
        bpy.utils.unregister_class(panel)
    del bpy.types.WindowManager.maquette_task
    del bpy.types.WindowManager.maquette_shows_all
