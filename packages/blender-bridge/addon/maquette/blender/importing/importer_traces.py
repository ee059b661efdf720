"""What Blender's glTF importer needs and changes beside the objects it makes: names, scenes, preferences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bpy
import numpy as np

IMPORTER = "io_scene_gltf2"
VARIANTS = "gltf2_KHR_materials_variants_variants"
VARIANTS_PREFERENCE = "KHR_materials_variants_ui"


@contextmanager
def no_traces(scale_length: float) -> Iterator[None]:
    """Inside, the importer can be called; afterwards scene and preferences are as before.

    scale_length: metres in a unit of the scene the objects are for. The importer asks the scene that is shown.
    """
    scene = bpy.context.scene
    engine, own_scale = scene.render.engine, scene.unit_settings.scale_length
    # the property itself comes with the first file that has variants
    variants = {other: len(getattr(other, VARIANTS, ())) for other in bpy.data.scenes}
    preferences = _importer_preferences()
    shows_variants = getattr(preferences, VARIANTS_PREFERENCE, None)
    # Debian's Blender 3.4 comes with a NumPy that no longer has this name, which its importer uses: every file would
    # fail.
    lacks_name = "bool" not in vars(np)
    if lacks_name:
        np.bool = np.bool_  # type: ignore[attr-defined]
    if own_scale != scale_length:
        scene.unit_settings.scale_length = scale_length
    try:
        yield
    finally:
        if lacks_name:
            del np.bool
        if own_scale != scale_length:
            scene.unit_settings.scale_length = own_scale
        if scene.render.engine != engine:  # 3.4 leaves Workbench, and engines it does not know
            scene.render.engine = engine
        # named looks of a product, which levels of one mesh cannot keep; they would stay in the scene's panel
        for other, count in variants.items():
            while len(getattr(other, VARIANTS, ())) > count:
                getattr(other, VARIANTS).remove(count)
        if shows_variants is not None and getattr(preferences, VARIANTS_PREFERENCE) != shows_variants:
            setattr(preferences, VARIANTS_PREFERENCE, shows_variants)


def _importer_preferences() -> bpy.types.AddonPreferences | None:
    addon = bpy.context.preferences.addons.get(IMPORTER)
    return addon.preferences if addon is not None else None
