"""The door: an asset folder becomes an asset in the scene, as one undo step, or nothing changes."""

from __future__ import annotations

from collections.abc import Callable

import bpy
from mathutils import Matrix

from ...wire.errors import BridgeError
from .asset_library import landing_collection, put_into_library
from .asset_marking import mark_asset, write_level_properties, write_properties
from .asset_names import unique_asset_name
from .data_snapshot import DataSnapshot
from .import_context import (
    SceneState,
    leave_edit_mode,
    objects_of,
    show_in_local_views,
    window_context,
    workshop_collection,
)
from .level_nodes import create_level_object
from .level_switch import add_level_switch
from .manifest import AssetManifest, read_manifest
from .mesh_levels import MeshLevels, import_mesh_levels
from .old_asset import OldSplat, check_library_part, find_old_splat
from .placeholder import check_placeholder, replace_placeholder
from .receipt import ImportReceipt
from .splat_object import import_splat_set

Stage = Callable[[str], None]


def import_asset(
    context: bpy.types.Context,
    folder: str,
    *,
    job: str = "",
    placeholder: bpy.types.Object | None = None,
    scene: bpy.types.Scene | None = None,
    matrix: Matrix | None = None,
    as_object: bool = False,
    fit_height: bool = False,
    on_stage: Stage | None = None,
    undo_step: bool = True,
) -> ImportReceipt:
    """Bring an asset into the scene. On the main thread, from an operator, a timer or a script, also in `blender -b`.

    folder: the asset folder, holding manifest.json.
    job: id of the job that made it, written to every object; "" takes the one in the manifest.
    placeholder: the object the asset takes the place of; None puts it at the 3D cursor, into the active collection. Of
        a splat of ours, root or level: all of it is replaced.
    scene: where it goes without a placeholder; None is the scene that is shown. One that is not keeps the selection.
    matrix: where it stands without a placeholder, world; None is that scene's 3D cursor.
    as_object: one mesh object with its own level switch, in place of a collection instance. Splats ignore it.
    fit_height: scale the asset to the height of what the placeholder fills; off, it keeps its real size.
    on_stage: called with a sentence for people before each long part. It must not change the file; drawing is fine.
    undo_step: push one undo step at the end. An operator with 'UNDO' in bl_options pushes its own, and passes False.
    returns: what is in the scene now. Importing a folder again makes a second asset with a name of its own.
    raises: BridgeError("ASSET_UNREADABLE") for a folder that is not what its manifest says, "IMPORT_FAILED" for anything
        Blender refuses. Either way the file, the selection and the mode are as before.
    """
    manifest = read_manifest(folder)
    announce = on_stage if on_stage is not None else _say_nothing
    old = None
    if placeholder is not None:
        check_placeholder(placeholder)
        check_library_part(placeholder)
        old = find_old_splat(placeholder)
        placeholder = old.root if old is not None else placeholder
    with window_context(context) as inside:
        state, before = SceneState(), DataSnapshot()
        shown = inside.scene
        target = scene or shown if placeholder is None else _scene_of(placeholder, shown)
        announce(f"Importing {manifest.name}…")
        leave_edit_mode()
        try:
            receipt = _build(inside, target, manifest, job, as_object, announce)
            state.restore(selection=False)
            layer = inside.view_layer if target == shown else target.view_layers[0]
            with inside.temp_override(scene=target, view_layer=layer):
                _place(bpy.context, receipt, manifest, placeholder, old, matrix, fit_height)
        except Exception as error:
            before.remove_new()
            state.restore(selection=True)
            raise _as_bridge_error(error, manifest) from error
        if target == shown:
            show_in_local_views(receipt.objects)
            _select(receipt, state)
        else:
            state.restore(selection=True)
        if undo_step and bpy.ops.ed.undo_push.poll():
            bpy.ops.ed.undo_push(message=f"Import {receipt.name}")
    return receipt


def _scene_of(placeholder: bpy.types.Object, shown: bpy.types.Scene) -> bpy.types.Scene:
    """The scene a placeholder stands in: the one that is shown, if it is in that too, or in none."""
    scenes = placeholder.users_scene
    return shown if shown in scenes or not scenes else scenes[0]


def _build(
    context: bpy.types.Context,
    scene: bpy.types.Scene,
    manifest: AssetManifest,
    job: str,
    as_object: bool,
    announce: Stage,
) -> ImportReceipt:
    """Make everything, with the root still outside of every scene."""
    name = unique_asset_name(manifest.name, len(manifest.levels))
    if manifest.kind == "splat":
        receipt = _build_splat(context, scene, manifest, name)
    else:
        receipt = _build_mesh(scene, manifest, name, as_object, announce)
    for entry in receipt.objects:
        write_properties(entry, manifest, job)
    is_plain_object = receipt.root.type == "MESH"
    mark_asset(receipt.root if is_plain_object or receipt.collection is None else receipt.collection, manifest)
    return receipt


def _build_mesh(
    scene: bpy.types.Scene, manifest: AssetManifest, name: str, as_object: bool, announce: Stage
) -> ImportReceipt:
    def announce_level(number: int, count: int) -> None:
        announce(f"Importing {manifest.name}: level {number + 1} of {count}…")

    with workshop_collection() as workshop:
        mesh = import_mesh_levels(manifest, name, workshop, scene.unit_settings.scale_length, announce_level)
    collection = _collect(mesh, name)
    put_into_library(collection, scene)
    for number, level in enumerate(mesh.levels):
        write_level_properties(level, manifest, number)
    if as_object:
        root = create_level_object(name, mesh.levels, mesh.armature is not None)
    else:
        add_level_switch(mesh.levels)
        root = bpy.data.objects.new(name, None)
        root.instance_type = "COLLECTION"
        root.instance_collection = collection
        root.empty_display_type = "PLAIN_AXES"
        root.empty_display_size = _cross_size(manifest, scene)
    skeleton = (mesh.armature,) if mesh.armature is not None else ()
    return ImportReceipt(name, "mesh", root, collection, (root, *mesh.levels, *skeleton), tuple(mesh.notes))


def _collect(mesh: MeshLevels, name: str) -> bpy.types.Collection:
    collection = bpy.data.collections.new(name)
    for entry in (*mesh.levels, mesh.armature):
        if entry is not None:
            collection.objects.link(entry)
    if mesh.armature is not None:
        mesh.armature.name = f"{name}_Armature"
        # instances would draw the bones over the thing; in the library it is one click away
        mesh.armature.hide_viewport = True
    return collection


def _build_splat(
    context: bpy.types.Context, scene: bpy.types.Scene, manifest: AssetManifest, name: str
) -> ImportReceipt:
    """A splat stands in the scene itself and not as an instance: cleaning it means selecting its points."""
    splats = import_splat_set(context, manifest.document, manifest.folder, name)
    root = bpy.data.objects.new(name, None)
    root.empty_display_type = "PLAIN_AXES"
    root.empty_display_size = _cross_size(manifest, scene)
    splats.collection.objects.link(root)
    for number, level in enumerate(splats.levels):
        level.parent = root
        level.scale = (_unit(scene),) * 3
        write_level_properties(level, manifest, number)
    add_level_switch(splats.levels)
    return ImportReceipt(name, "splat", root, splats.collection, (root, *splats.levels))


def _place(
    context: bpy.types.Context,
    receipt: ImportReceipt,
    manifest: AssetManifest,
    placeholder: bpy.types.Object | None,
    old: OldSplat | None,
    matrix: Matrix | None,
    fit_height: bool,
) -> None:
    """context: of the scene it goes to. old: the splat that the placeholder is the root of."""
    target = landing_collection(context)
    places = placeholder.users_collection if placeholder is not None else ()
    is_instanced = old is not None and old.is_instanced()
    if is_instanced and receipt.kind != "splat":
        # The root goes where the old one was, for instances to show it as it stands: the asset's own collection, in the
        # library, knows nothing of where that is.
        places = (old.collection,)
    elif old is not None:
        places = old.places()
    if receipt.kind == "splat":
        # its collection as a whole stands where the placeholder stood: the root is in it, and nowhere else
        for place in places if is_instanced else places or (target,):
            place.children.link(receipt.collection)
    elif placeholder is not None:
        for place in places:
            place.objects.link(receipt.root)
    if placeholder is not None:
        height = manifest.size[2] * _unit(context.scene)
        replace_placeholder(placeholder, receipt.root, height, fit_height, old.levels if old is not None else ())
        if old is not None:
            old.remove(receipt.collection if receipt.kind == "splat" else None)
    else:
        receipt.root.matrix_world = matrix or Matrix.Translation(context.scene.cursor.location)
        if receipt.kind != "splat":
            target.objects.link(receipt.root)


def _select(receipt: ImportReceipt, state: SceneState) -> None:
    """Select the asset, unless the artist is at work in another mode: then that goes on as if nothing had happened."""
    layer = bpy.context.view_layer
    if not state.was_object_mode and state.is_active_alive():
        state.restore(selection=True)
        return
    for entry in objects_of(layer):
        entry.select_set(False)
    active = receipt.objects[1] if receipt.kind == "splat" else receipt.root
    for entry in (receipt.root, active):
        try:
            # layer.objects does not list what was linked a moment ago (4.3, 5.2); select_set and active look again
            entry.select_set(True)
            layer.objects.active = entry
        except RuntimeError:
            continue  # the placeholder stood in a collection this view layer does not show


def _unit(scene: bpy.types.Scene) -> float:
    """Units of the scene in a metre. Blender's glTF importer heeds it for meshes, whatever the system of units."""
    return 1.0 / scene.unit_settings.scale_length


def _cross_size(manifest: AssetManifest, scene: bpy.types.Scene) -> float:
    """A sixth of the thing's longest edge: an axis cross that marks the pivot and stays inside the thing."""
    return max(max(manifest.size) / 6, 0.01) * _unit(scene)


def _as_bridge_error(error: Exception, manifest: AssetManifest) -> BridgeError:
    if isinstance(error, BridgeError):
        return error
    reason = str(error).strip().splitlines()
    return BridgeError(
        "IMPORT_FAILED",
        f"Blender could not take “{manifest.name}”: {reason[-1] if reason else type(error).__name__}",
        f"The asset is safe in {manifest.folder}: try again.",
    )


def _say_nothing(_text: str) -> None:
    pass
