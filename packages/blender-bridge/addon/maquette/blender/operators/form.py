"""Small helps of the form. None of them makes a step of undo."""

from __future__ import annotations

import random

import bpy
from bpy.props import StringProperty


class MAQUETTE_OT_clear_prompt(bpy.types.Operator):
    """Empty the prompt"""

    bl_idname = "maquette.clear_prompt"
    bl_label = "Clear Prompt"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        context.scene.maquette.prompt = ""
        return {"FINISHED"}


class MAQUETTE_OT_choose_image(bpy.types.Operator):
    """Choose a picture to work from"""

    bl_idname = "maquette.choose_image"
    bl_label = "Choose Reference"
    bl_options = {"INTERNAL"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default="*.png;*.jpg;*.jpeg;*.webp", options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        context.scene.maquette.image = self.filepath
        return {"FINISHED"}


class MAQUETTE_OT_clear_image(bpy.types.Operator):
    """Work without a picture"""

    bl_idname = "maquette.clear_image"
    bl_label = "Remove Reference"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        context.scene.maquette.image = ""
        return {"FINISHED"}


class MAQUETTE_OT_new_seed(bpy.types.Operator):
    """Throw the dice for a new seed, and keep it"""

    bl_idname = "maquette.new_seed"
    bl_label = "New Seed"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        form = context.scene.maquette
        form.seed = random.SystemRandom().randrange(2**31)
        form.random_seed = False
        return {"FINISHED"}


class MAQUETTE_OT_repeat(bpy.types.Operator):
    """Take prompt, seed and provider of this job into the form"""

    bl_idname = "maquette.repeat"
    bl_label = "Use These Settings"
    bl_options = {"INTERNAL"}

    job: StringProperty(options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        from .. import choices, session

        view = session.current().jobs.find(self.job)
        if view is None:
            return {"CANCELLED"}
        form = context.scene.maquette
        known = choices.provider(view["provider"])
        form.prompt = view["prompt"]
        form.provider_id = "" if known is not None and known["isDefault"] else view["provider"]
        form.output_id = view["output"]
        form.random_seed = "seed" not in view
        form.seed = view.get("seed", form.seed)
        return {"FINISHED"}


CLASSES = (
    MAQUETTE_OT_clear_prompt,
    MAQUETTE_OT_choose_image,
    MAQUETTE_OT_clear_image,
    MAQUETTE_OT_new_seed,
    MAQUETTE_OT_repeat,
)
