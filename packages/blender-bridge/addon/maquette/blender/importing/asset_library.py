"""The collection "Maquette Assets", where imported collections are kept for editing; their instances draw them."""

from __future__ import annotations

from collections.abc import Iterator

import bpy

LIBRARY_NAME = "Maquette Assets"
LIBRARY_PROPERTY = "maquette_library"


def put_into_library(collection: bpy.types.Collection, scene: bpy.types.Scene) -> None:
    """Link an asset's collection into the scene's library, switched off in every view layer that holds it.

    Switched off (excluded) it is drawn by its instances alone; a click on its checkbox in the outliner shows it at the
    world's origin for editing. The library as a whole never renders: a new view layer draws nothing twice in a picture.
    """
    library = _library_of(scene)
    library.children.link(collection)
    for entry in bpy.data.scenes:
        for layer in entry.view_layers:
            for layer_collection in _walk(layer.layer_collection):
                if layer_collection.collection == collection:
                    layer_collection.exclude = True


def landing_collection(context: bpy.types.Context) -> bpy.types.Collection:
    """Where new objects go: the active collection, or the scene's where that one would hide them or takes none."""
    here = context.view_layer.active_layer_collection
    if is_in_library(here) or not takes_objects(here.collection):
        return context.scene.collection
    return here.collection


def takes_objects(collection: bpy.types.Collection) -> bool:
    """Whether objects can be put in and taken out: not where another file says what a collection holds."""
    return collection.library is None and collection.override_library is None


def is_in_library(layer_collection: bpy.types.LayerCollection) -> bool:
    """Whether new objects put into this collection would end up in the library, or unseen."""
    collection = layer_collection.collection
    if layer_collection.exclude or LIBRARY_PROPERTY in collection:
        return True
    libraries = [library for library in bpy.data.collections if LIBRARY_PROPERTY in library]
    return any(collection in set(library.children_recursive) for library in libraries)


def _library_of(scene: bpy.types.Scene) -> bpy.types.Collection:
    for collection in scene.collection.children_recursive:
        if LIBRARY_PROPERTY in collection and collection.library is None:
            return collection
    library = bpy.data.collections.new(LIBRARY_NAME)
    library[LIBRARY_PROPERTY] = True
    library.hide_render = True
    scene.collection.children.link(library)
    for layer in scene.view_layers:
        for layer_collection in _walk(layer.layer_collection):
            if layer_collection.collection == library:
                layer_collection.exclude = True
    return library


def _walk(layer_collection: bpy.types.LayerCollection) -> Iterator[bpy.types.LayerCollection]:
    yield layer_collection
    for child in layer_collection.children:
        yield from _walk(child)
