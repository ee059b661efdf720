"""From the form, or from a script, to an order."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty

from ...wire.errors import BridgeError
from .. import form, online, placement, preferences, properties, session
from .outcome import report_error, wait_for


class MAQUETTE_OT_generate(bpy.types.Operator):
    """Make an object from the prompt. It appears where the wire box stands"""

    bl_idname = "maquette.generate"
    bl_label = "Generate"
    # Without REGISTER: "Adjust Last Operation" and "Repeat Last" would order once more.
    bl_options = {"UNDO"}

    prompt: StringProperty(name="Prompt", description="What to make", maxlen=4096, options={"SKIP_SAVE"})
    image: StringProperty(
        name="Image", description="Picture to work from", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    provider: StringProperty(
        name="Provider",
        description="Id of a provider; empty for the default",
        options={"SKIP_SAVE"},
    )
    output: EnumProperty(
        name="Output",
        description="What is made",
        items=(
            ("DEFAULT", "Default", "What provider and input can make"),
            ("mesh", "Mesh", "Surface with materials"),
            ("splat", "Splat", "Gaussian splats"),
        ),
        options={"SKIP_SAVE"},
    )
    seed: IntProperty(name="Seed", description="-1 for a random one", default=-1, min=-1, options={"SKIP_SAVE"})
    profile: EnumProperty(
        name="Made for", items=properties.PROFILES, default="blender", options={"SKIP_SAVE"}
    )
    levels: IntProperty(
        name="Levels",
        description="Levels of detail, the original included",
        default=4,
        min=1,
        max=6,
        options={"SKIP_SAVE"},
    )
    height: FloatProperty(
        name="Height",
        description="Height of the object in metres; 0 for what the prompt suggests",
        min=0.0,
        max=10_000.0,
        options={"SKIP_SAVE"},
    )
    max_cost: FloatProperty(
        name="Budget",
        description="Order nothing that costs more, in the provider's currency; negative for no limit",
        default=-1.0,
        min=-1.0,
        options={"SKIP_SAVE"},
    )
    model: StringProperty(
        name="Model",
        description="Model of the provider; empty for its default",
        options={"SKIP_SAVE"},
    )
    folder: StringProperty(
        name="Folder",
        description="New folder for the asset's files; empty for one in the home of Maquette",
        subtype="DIR_PATH",
        options={"SKIP_SAVE"},
    )
    replace: StringProperty(
        name="Replace", description="Name of the object whose place the new one takes", options={"SKIP_SAVE"}
    )
    wait: BoolProperty(
        name="Wait", description="Return when the asset is in the scene, or failed", options={"SKIP_SAVE"}
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.scene is None or context.scene.library is not None:
            cls.poll_message_set("Open a scene of this file first")
            return False
        return True

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """From the sidebar: the form says what is wanted."""
        wishes = form.read(context.scene)
        for key, value in wishes.items():
            if key != "output":
                setattr(self, key, value)
        self.output = wishes["output"] or "DEFAULT"
        active = context.view_layer.objects.active
        if context.scene.maquette.replace_selected and active is not None and active.select_get():
            self.replace = active.name
        return self.execute(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        current = session.current()
        current.notice = None
        order = form.to_order(
            form.Wishes(
                prompt=self.prompt,
                image=self.image,
                provider=self.provider,
                output="" if self.output == "DEFAULT" else self.output,
                seed=self.seed,
                profile=self.profile,
                levels=self.levels,
                height=self.height,
                max_cost=self.max_cost,
                model=self.model,
                folder=self.folder,
            )
        )
        try:
            if "prompt" not in order and "image" not in order:
                remedy = "Type a prompt or choose a picture."
                raise BridgeError("INPUT_INVALID", "There is nothing to make yet.", remedy)
            online.demand(self.provider)
            if self.replace:
                place = placement.at_object(self.replace)
            elif self.wait:
                place = placement.Place()
            else:
                place = placement.at_box(context, self.prompt.strip() or "Object", self.height)
        except BridgeError as error:
            return report_error(self, error)
        order.update(preferences.asset_parent())
        placed = current.deliveries.place_order("job/create", order, place, self.provider)
        return wait_for(self, placed) if self.wait else {"FINISHED"}


CLASSES = (MAQUETTE_OT_generate,)
