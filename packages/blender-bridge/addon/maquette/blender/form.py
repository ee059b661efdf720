"""What the form of the sidebar says, as an order the service understands."""

from __future__ import annotations

from typing import Any, TypedDict

import bpy


class Wishes(TypedDict, total=False):
    """An order in Blender's words. What is left out or empty is the service's default.

    image: path as Blender writes it, `//` for the folder of the .blend included.
    seed: -1 for a random one. height: metres. max_cost: in the provider's currency, negative for no limit.
    """

    prompt: str
    image: str
    provider: str
    output: str
    seed: int
    profile: str
    levels: int
    height: float
    max_cost: float
    model: str
    folder: str


def to_order(wishes: Wishes) -> dict[str, Any]:
    """Params of `job/create` and `job/estimate`. Checks nothing: the service does, and says why."""
    order: dict[str, Any] = {}
    for key in ("provider", "output", "model", "profile"):
        if wishes.get(key):
            order[key] = wishes[key]
    if wishes.get("prompt", "").strip():
        order["prompt"] = wishes["prompt"].strip()
    if wishes.get("image"):
        order["image"] = bpy.path.abspath(wishes["image"])
    if wishes.get("folder"):
        order["folder"] = bpy.path.abspath(wishes["folder"])
    if wishes.get("seed", -1) >= 0:
        order["seed"] = wishes["seed"]
    if wishes.get("levels", 0) > 0:
        order["levels"] = wishes["levels"]
    if wishes.get("height", 0.0) > 0.0:
        # Blender keeps 32 bits: 1.2 would travel as 1.2000000476837158.
        order["height"] = round(wishes["height"], 6)
    if wishes.get("max_cost", -1.0) >= 0.0:
        order["maxCost"] = round(wishes["max_cost"], 6)
    return order


def read(scene: bpy.types.Scene) -> Wishes:
    """The form of a scene. Its height is in metres whatever unit the scene shows."""
    form = scene.maquette
    return Wishes(
        prompt=form.prompt,
        image=form.image,
        provider=form.provider_id,
        output=form.output_id,
        seed=-1 if form.random_seed else form.seed,
        profile=form.profile,
        levels=form.levels,
        height=form.height * scene.unit_settings.scale_length if form.use_height else 0.0,
        max_cost=form.budget if form.use_budget else -1.0,
    )
