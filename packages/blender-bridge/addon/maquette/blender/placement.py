"""Where an asset will stand: an object that waits for it, or the 3D cursor."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import bpy
from mathutils import Matrix, Vector

from ..wire.errors import BridgeError
from .importing.asset_library import landing_collection
from .importing.placeholder import check_placeholder, volume_of

# On an object that waits: the id of its job. Not `maquette_job`, which says what an object *is*: a finished asset can
# wait for its own successor. Saved with the .blend, so that a later Blender knows the place again.
AWAITS = "maquette_awaits"
# On a box that we put there, and that goes away with its job.
OURS = "maquette_placeholder"

# On an object of a place, from the order on: the id of the place. It stays when the object is renamed, and is there
# before the service has answered with the id of the job.
PLACE = "maquette_place"

# How wide the box is drawn while the proportions of the object are not known, as a share of its height.
_BOX_WIDTH = 0.6


@dataclass
class Place:
    """The place of one job. Names and no references: undo and loading make those invalid.

    name: object that waits; empty for the 3D cursor. matrix: where a box of ours stood that is gone.
    token: what its object is known by, from `claim` on. is_box: that object is one of ours.
    is_shared: the token is of an order for the same object, and stays that order's.
    scene, spot: where the object or the 3D cursor was when it was claimed, for an asset that comes without an object.
    """

    name: str = ""
    matrix: Matrix | None = None
    token: str = ""
    is_box: bool = False
    is_shared: bool = False
    scene: str = ""
    spot: Matrix | None = None


def at_object(name: str) -> Place:
    """An object of the scene that will be replaced.

    raises: BridgeError("INPUT_INVALID") where there is none of that name, "IMPORT_FAILED" where it cannot be replaced.
    """
    waiting = bpy.data.objects.get(name)
    if waiting is None:
        raise BridgeError("INPUT_INVALID", f'There is no object "{name}" to replace.', "Choose one that exists.")
    # Now and not when the asset comes: it may cost something.
    check_placeholder(waiting)
    return Place(name)


def at_box(context: bpy.types.Context, title: str, height: float = 0.0, matrix: Matrix | None = None) -> Place:
    """A wire box at the 3D cursor, its base on it, of the height the object will have; beside a box that waits there.

    title: names it in the outliner. height: metres; 0 for a metre, where it is not known yet.
    matrix: stands there and not at the cursor.
    """
    tall = (height or 1.0) / context.scene.unit_settings.scale_length
    wide = tall * _BOX_WIDTH / 2
    stands = matrix or Matrix.Translation(_free_spot(context.scene, wide))
    mesh = bpy.data.meshes.new("Maquette placeholder")
    corners = [(x, y, z) for z in (0.0, tall) for x, y in ((-wide, -wide), (wide, -wide), (wide, wide), (-wide, wide))]
    edges = [(n, (n + 1) % 4) for n in range(4)] + [(4 + n, 4 + (n + 1) % 4) for n in range(4)]
    mesh.from_pydata(corners, edges + [(n, n + 4) for n in range(4)], [])
    box = bpy.data.objects.new(f"{title[:40]} (coming)", mesh)
    box[OURS] = True
    box.display_type = "WIRE"
    box.hide_render = True
    landing_collection(context).objects.link(box)
    box.matrix_world = stands
    return Place(box.name)


def _free_spot(scene: bpy.types.Scene, half_width: float) -> Vector:
    """The 3D cursor, or where a box of that half width is next to those that wait there, along x."""
    spot = scene.cursor.location.copy()
    for other in sorted((one for one in scene.objects if is_ours(one)), key=lambda one: one.location.x):
        reach = half_width + max((vertex.co.x for vertex in other.data.vertices), default=0.0)
        if (other.location - spot).length < reach:
            spot.x = other.location.x + 1.1 * reach
    return spot


def claim(place: Place, shares: bool = False) -> None:
    """Writes an id on the object of a place, when something is ordered for it.

    shares: takes the id that an order wrote there, so that the order finds its place even if nothing comes here.
    """
    place.token = secrets.token_hex(8)
    place.scene = bpy.context.scene.name
    place.spot = Matrix.Translation(bpy.context.scene.cursor.location)
    waiting = bpy.data.objects.get(place.name)
    if waiting is not None:
        if shares and isinstance(waiting.get(PLACE), str):
            place.token, place.is_shared = waiting[PLACE], True
        waiting[PLACE] = place.token
        place.is_box = is_ours(waiting)
        bpy.context.view_layer.update()
        volume = volume_of(waiting)
        stands = waiting.matrix_world
        place.spot = Matrix.LocRotScale(volume.base if volume else stands.translation, stands.to_quaternion(), None)
        if waiting.users_scene and bpy.context.scene not in waiting.users_scene:
            place.scene = waiting.users_scene[0].name


def unclaim(place: Place) -> None:
    """Takes back what `claim` wrote, where nothing comes by that way any more."""
    waiting = locate(place, by_name=False)
    if waiting is not None and not place.is_shared:
        del waiting[PLACE]


def mark_again(place: Place) -> None:
    """After undo: its object may have come back as it was before it was claimed."""
    waiting = locate(place)
    if waiting is not None:
        waiting[PLACE] = place.token


def remembered(place: Place) -> tuple[bpy.types.Scene | None, Matrix | None]:
    """Where an asset goes whose object is gone: the scene it was ordered in, and the place there. None without one."""
    scene = bpy.data.scenes.get(place.scene)
    return (scene, place.spot) if scene is not None and scene.library is None else (None, None)


def locate(place: Place, by_name: bool = True) -> bpy.types.Object | None:
    """The object of a place that was claimed, whatever it is called by now.

    by_name: one of the artist is known by its name too, as undo brings it back as it was before it was claimed; not in
    another file than the one it was claimed in.
    """
    if not place.name:
        return None
    named = bpy.data.objects.get(place.name)
    if named is not None and named.get(PLACE) == place.token:
        return named
    for candidate in bpy.data.objects:
        if candidate.get(PLACE) == place.token and candidate.library is None:
            return candidate
    return named if by_name and named is not None and not place.is_box and PLACE not in named else None


def wait(place: Place, job: str, by_name: bool = True) -> bool:
    """Writes on the object of a place which job it waits for. by_name: as for locate. Returns whether there is one."""
    waiting = locate(place, by_name)
    if waiting is None:
        return False
    waiting[PLACE], waiting[AWAITS] = place.token, job
    return True


def give_up_unclaimed(tokens: set[str]) -> None:
    """Takes back places whose order got lost before the service had answered: nothing will ever come there.

    tokens: of the orders that are under way.
    """
    for candidate in list(bpy.data.objects):
        token = candidate.get(PLACE)
        if token is not None and token not in tokens and AWAITS not in candidate and candidate.library is None:
            _release(candidate)


def find(job: str) -> bpy.types.Object | None:
    """The object of this file that waits for a job. One that is linked waits in its own file."""
    for candidate in bpy.data.objects:
        if candidate.get(AWAITS) == job and candidate.library is None:
            return candidate
    return None


def awaited() -> set[str]:
    """The jobs objects of this .blend wait for."""
    own = [candidate for candidate in bpy.data.objects if candidate.library is None]
    return {candidate[AWAITS] for candidate in own if isinstance(candidate.get(AWAITS), str)}


def finished() -> set[str]:
    """The jobs whose assets objects of this .blend are."""
    return {one["maquette_job"] for one in bpy.data.objects if isinstance(one.get("maquette_job"), str)}


def is_ours(waiting: bpy.types.Object) -> bool:
    """Whether it is a box that we put there."""
    return bool(waiting.get(OURS)) and waiting.type == "MESH"


def give_up(place: Place, job: str, by_name: bool = True) -> bool:
    """Nothing will come: a box of ours goes away, an object of the artist stays. Returns whether one was there.

    by_name: as for locate.
    """
    waiting = (find(job) if job else None) or locate(place, by_name)
    if waiting is None:
        return False
    place.name = waiting.name
    if is_ours(waiting):
        place.matrix = waiting.matrix_world.copy()
    _release(waiting)
    release_copies(job, place.token)
    return True


def release_copies(job: str, token: str) -> None:
    """Nothing waits for a job any more: a box of ours that was duplicated would have it land once more some day.

    job, token: of the job and of its place; empty where there is none.
    """
    for candidate in list(bpy.data.objects):
        is_copy = (job and candidate.get(AWAITS) == job) or (token and candidate.get(PLACE) == token)
        if is_copy and candidate.library is None:
            _release(candidate)


def _release(waiting: bpy.types.Object) -> None:
    for name in (AWAITS, PLACE):
        if name in waiting:
            del waiting[name]
    if is_ours(waiting):
        mesh = waiting.data
        bpy.data.objects.remove(waiting, do_unlink=True)
        drop_unused(mesh)


def drop_unused(mesh: bpy.types.Mesh) -> None:
    """Removes the mesh of a box that is gone."""
    if mesh.users == 0:
        bpy.data.meshes.remove(mesh)
