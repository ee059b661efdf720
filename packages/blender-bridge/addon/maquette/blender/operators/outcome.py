"""How operators end: an error is reported, never raised."""

from __future__ import annotations

import bpy

from ...wire.errors import BridgeError
from .. import session
from ..orders import Order
from ..remedies import in_blender


def report_error(operator: bpy.types.Operator, error: BridgeError) -> set[str]:
    """Reports an error as a sentence, its remedy and its code. A script gets it as RuntimeError."""
    sentences = f"{error.message} {in_blender(error.remedy)}".strip()
    operator.report({"ERROR"}, f"{sentences} ({error.code})")
    return {"CANCELLED"}


def demand_job(job: str, operator: str) -> None:
    """raises: BridgeError("INPUT_INVALID") where a script does not say which job it means."""
    if not job:
        remedy = f"Pass its id: bpy.ops.maquette.{operator}(job=…)."
        raise BridgeError("INPUT_INVALID", "Say which job is meant.", remedy)


def wait_for(operator: bpy.types.Operator, order: Order) -> set[str]:
    """Blocks until the asset is in the scene or nothing will come. What there is to say about the asset is reported."""
    current = session.current()
    order.is_waited_for = True
    try:
        current.wait_until(lambda: order.state != "ordered")
    except BridgeError as error:
        return report_error(operator, error)
    finally:
        order.is_waited_for = False
    if order.error is not None:
        current.notice = None  # the report says it
        return report_error(operator, order.error)
    view = current.jobs.find(order.job)
    for warning in view["warnings"] if view is not None else ():
        operator.report({"WARNING"}, warning)
    operator.report({"INFO"}, f"In the scene: {order.objects[0]}")
    return {"FINISHED"}
