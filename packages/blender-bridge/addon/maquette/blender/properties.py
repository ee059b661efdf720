"""The form: what an artist chooses. It belongs to the scene and travels with the .blend; nothing else is kept there."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, PointerProperty, StringProperty

from . import choices, form, previews, session

PROFILES = (
    ("blender", "Blender", "Full precision and separate textures, for editing and rendering"),
    ("unity", "Unity", "Levels and materials as a Unity project takes them"),
    ("web", "Web", "Small files for browsers"),
    ("print", "Print", "One watertight body for printing"),
)


def _changed(self: "MaquetteForm", _context: bpy.types.Context) -> None:
    session.current().ask_price(form.to_order(form.read(self.id_data)))


def _image_changed(self: "MaquetteForm", context: bpy.types.Context) -> None:
    previews.prepare(bpy.path.abspath(self.image))
    _changed(self, context)


# Functions and no lambdas: Blender evaluates the annotations below, and what they hold, outside this module.
def _providers(self: "MaquetteForm", _context: bpy.types.Context | None) -> list[choices.Item]:
    return choices.providers(self.provider_id)


def _outputs(self: "MaquetteForm", _context: bpy.types.Context | None) -> list[choices.Item]:
    return choices.outputs(self)


def _get_provider(self: "MaquetteForm") -> int:
    return choices.number_of(choices.providers(self.provider_id), self.provider_id)


def _set_provider(self: "MaquetteForm", number: int) -> None:
    self.provider_id = choices.id_of(choices.providers(self.provider_id), number)


def _get_output(self: "MaquetteForm") -> int:
    return choices.number_of(choices.outputs(self), self.output_id)


def _set_output(self: "MaquetteForm", number: int) -> None:
    self.output_id = choices.id_of(choices.outputs(self), number)


class MaquetteForm(bpy.types.PropertyGroup):
    """Choices of one scene."""

    prompt: StringProperty(
        name="Prompt",
        description="What to make, in your own words",
        maxlen=4096,
        update=_changed,
    )
    image: StringProperty(
        name="Reference",
        description="Picture to work from: PNG, JPEG or WebP. With a picture the prompt may be left out",
        subtype="FILE_PATH",
        update=_image_changed,
    )
    # The ids are kept and not the numbers of the menus: the order of providers may change between two days.
    provider_id: StringProperty(options={"HIDDEN"}, update=_changed)
    provider: EnumProperty(
        name="Provider",
        description="Who makes it",
        items=_providers,
        get=_get_provider,
        set=_set_provider,
    )
    output_id: StringProperty(options={"HIDDEN"}, update=_changed)
    output: EnumProperty(
        name="Output",
        description="What is made",
        items=_outputs,
        get=_get_output,
        set=_set_output,
    )
    random_seed: BoolProperty(
        name="Random seed",
        description="A different result each time. Switch off to make the same object again",
        default=True,
        update=_changed,
    )
    seed: IntProperty(name="Seed", description="The same seed makes the same object", min=0, update=_changed)
    use_height: BoolProperty(
        name="Set the height",
        description="Give the object a real height. Off: as tall as the prompt suggests",
        update=_changed,
    )
    height: FloatProperty(
        name="Height",
        description="Height of the finished object",
        default=1.0,
        min=0.001,
        soft_max=20.0,
        max=10_000.0,
        subtype="DISTANCE",
        unit="LENGTH",
        update=_changed,
    )
    profile: EnumProperty(
        name="Made for",
        description="Where the files will be used",
        items=PROFILES,
        default="blender",
        update=_changed,
    )
    levels: IntProperty(
        name="Levels",
        description="Levels of detail, the original included",
        default=4,
        min=1,
        max=6,
        update=_changed,
    )
    use_budget: BoolProperty(name="Limit the cost", description="Order nothing that costs more", update=_changed)
    budget: FloatProperty(
        name="Budget",
        description="The most one order may cost, in the provider's currency",
        default=0.5,
        min=0.0,
        soft_max=10.0,
        precision=2,
        step=5,
        update=_changed,
    )
    replace_selected: BoolProperty(
        name="Replace the active object",
        description="The new object takes the place of the active one, with its transform, parent, collections and "
        "custom properties. Off: it stands at the 3D cursor",
    )


def register() -> None:
    bpy.utils.register_class(MaquetteForm)
    bpy.types.Scene.maquette = PointerProperty(type=MaquetteForm, name="Maquette")


def unregister() -> None:
    del bpy.types.Scene.maquette
    bpy.utils.unregister_class(MaquetteForm)
