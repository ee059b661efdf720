"""What every script that runs inside a Blender under test needs. Import it first."""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy

# Blender's interpreter would leave its compiled files in the checkout.
sys.dont_write_bytecode = True

# Debian's 3.4 ships a NumPy without the name that the glTF importer of 3.4 uses; blender.org's has an older one.
if "bool" not in numpy.__dict__:
    numpy.bool = numpy.bool_  # type: ignore[attr-defined]

import bpy  # noqa: E402

ADDON_ID = "maquette"
ADDON_FOLDER = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../addon", ADDON_ID))
HAS_EXTENSIONS = bpy.app.version >= (4, 2, 0)
"""Whether this Blender knows extensions; before, there were only add-ons."""
MODULE_NAME = f"bl_ext.user_default.{ADDON_ID}" if HAS_EXTENSIONS else ADDON_ID
"""Name under which Blender imports the add-on."""


def arguments() -> list[str]:
    """Arguments of the script: what follows `--` on Blender's command line."""
    return sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []


def say(word: str, value: Any = None) -> None:
    """Tell the program that started this Blender something, in a line it waits for."""
    print(f"\n@{word} {json.dumps(value)}", flush=True)


def write_result(result: Any) -> None:
    """Leave the result of this run. A run that ends without one has failed, whatever its exit status."""
    path = os.environ["MAQUETTE_TEST_RESULT"]
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump(result, file)
    os.replace(path + ".part", path)


def asset(name: str) -> str:
    """Folder of an asset that was made for the tests.

    name: "chair", "house", "helmet" (meshes), "eiffel", "logo" (splats) …; see the file that makes them.
    """
    folder = os.path.join(os.environ["MAQUETTE_TEST_ASSETS"], name)
    if not os.path.isfile(os.path.join(folder, "manifest.json")):
        raise FileNotFoundError(f"no test asset of that name: {folder}")
    return folder


def addon_place() -> str:
    """Where this Blender looks for the add-on of its user. The folder above exists."""
    resources = os.environ["BLENDER_USER_RESOURCES"]
    parent = os.path.join(resources, "extensions/user_default" if HAS_EXTENSIONS else "scripts/addons")
    os.makedirs(parent, exist_ok=True)
    return os.path.join(parent, ADDON_ID)


def enable_addon() -> ModuleType:
    """Enable the add-on as its user does, and return its package.

    If it is not installed, the one of the checkout (or of `MAQUETTE_TEST_ADDON`) is linked into place.
    """
    if MODULE_NAME in bpy.context.preferences.addons and MODULE_NAME in sys.modules:
        return sys.modules[MODULE_NAME]
    place = addon_place()
    if not os.path.lexists(place):
        os.symlink(os.environ.get("MAQUETTE_TEST_ADDON", ADDON_FOLDER), place)
        # 3.4 looks only into folders that were there when it started
        bpy.utils.refresh_script_paths()
    if bpy.ops.preferences.addon_enable(module=MODULE_NAME) != {"FINISHED"}:
        raise RuntimeError(f"{MODULE_NAME} cannot be enabled")
    return sys.modules[MODULE_NAME]


def addon_module(name: str) -> ModuleType:
    """A module of the enabled add-on, for instance "blender.importing"."""
    return importlib.import_module(f"{MODULE_NAME}.{name}")


def empty_scene() -> None:
    """Start from an empty file. Classes and timers of add-ons stay."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)


def run_script(main: Callable[[], Any]) -> None:
    """Run the body of a background script; its return value is the result of the run.

    An exception is printed, and the process ends with status 1.
    """
    try:
        write_result(main())
    except BaseException:
        traceback.print_exc()
        sys.stdout.flush()
        os._exit(1)


def wait_until(holds: Callable[[], Any], seconds: float = 60.0, pump: Callable[[], Any] | None = None) -> Any:
    """Wait in background, where no timer fires.

    holds: asked again and again; its first true value is returned.
    pump: called between, for instance the session's `drain_inbox`.
    raises: TimeoutError.
    """
    give_up_at = time.monotonic() + seconds
    while True:
        if pump is not None:
            pump()
        found = holds()
        if found:
            return found
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"not seen within {seconds} s: {holds}")
        time.sleep(0.01)


Steps = Iterator[float]
"""A script for a window: yields how many seconds Blender may draw and react before it goes on."""


def run_window_script(main: Callable[[], Steps], result: Callable[[], Any]) -> None:
    """Drive a Blender with a window, step by step, then leave the result and quit.

    An exception is printed, and the process ends with status 1: Blender itself would only print it and stay.
    """
    # at script level; in a timer it is too late
    bpy.context.preferences.view.show_splash = False
    steps = main()

    def proceed() -> float | None:
        try:
            return max(0.001, next(steps))
        except StopIteration:
            pass
        except BaseException:
            fail()
        try:
            write_result(result())
        except BaseException:
            fail()
        bpy.ops.wm.quit_blender()
        return None

    def fail() -> None:
        traceback.print_exc()
        sys.stdout.flush()
        screenshot_path = os.environ.get("MAQUETTE_TEST_FAILURE_PICTURE")
        if screenshot_path:
            say("screenshot", screenshot_path)
            time.sleep(1.0)
        os._exit(1)

    bpy.app.timers.register(proceed, first_interval=0.3, persistent=True)


def until(holds: Callable[[], Any], seconds: float = 60.0) -> Steps:
    """Wait in a window script: `yield from until(...)`. Blender draws meanwhile."""
    give_up_at = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"not seen within {seconds} s: {holds}")
        yield 0.05


def screenshot(path: str) -> Steps:
    """Have the whole screen written to a PNG file: `yield from screenshot(...)`."""
    say("screenshot", path)
    yield from until(lambda: os.path.exists(path), 20.0)


def window() -> bpy.types.Window:
    return bpy.context.window_manager.windows[0]


def view3d() -> bpy.types.Area:
    return next(area for area in window().screen.areas if area.type == "VIEW_3D")


def region(area: bpy.types.Area, kind: str) -> bpy.types.Region:
    return next(region for region in area.regions if region.type == kind)


def count_draws(panel: type) -> list[float]:
    """Watch a registered panel. The list gets the time of every draw: the proof that somebody could see it."""
    draws: list[float] = []
    draw = panel.draw

    def draw_and_count(self: Any, context: Any) -> None:
        draws.append(time.monotonic())
        draw(self, context)

    panel.draw = draw_and_count
    return draws


def open_tab(tab: str, draws: list[float]) -> Steps:
    """Open the sidebar at a tab.

    draws: of a panel in it, from count_draws.
    """
    area = view3d()
    area.spaces.active.show_region_ui = True
    yield 0.5
    sidebar = region(area, "UI")
    if hasattr(sidebar, "active_panel_category"):
        sidebar.active_panel_category = tab
        area.tag_redraw()
        yield from until(lambda: draws, 20.0)
        return
    # 3.4 cannot be told: Ctrl and the wheel over the first panel's header go through the tabs
    x, y = sidebar.x + sidebar.width // 2, sidebar.y + sidebar.height - 12
    for _ in range(12):
        if draws:
            return
        window().event_simulate(type="MOUSEMOVE", value="NOTHING", x=x, y=y)
        window().event_simulate(type="WHEELDOWNMOUSE", value="PRESS", ctrl=True, x=x, y=y)
        yield 0.4
    raise AssertionError(f"the tab {tab} was not drawn")


def click(x: int, y: int) -> Steps:
    """Click with the left button at a place of the window, from its lower left corner: `yield from click(...)`."""
    for kind, value in (("MOUSEMOVE", "NOTHING"), ("LEFTMOUSE", "PRESS"), ("LEFTMOUSE", "RELEASE")):
        window().event_simulate(type=kind, value=value, x=x, y=y)
        yield 0.2


def type_text(text: str) -> Steps:
    """Type into the field that has the focus, then confirm: `yield from type_text(...)`."""
    names = {" ": "SPACE", "-": "MINUS", ".": "PERIOD", ",": "COMMA"}
    digits = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")
    names.update({str(number): name for number, name in enumerate(digits)})
    for character in text:
        kind = names.get(character, character.upper())
        window().event_simulate(type=kind, value="PRESS", unicode=character)
        window().event_simulate(type=kind, value="RELEASE")
        yield 0.01
    window().event_simulate(type="RET", value="PRESS")
    window().event_simulate(type="RET", value="RELEASE")
    yield 0.2


def session() -> Any:
    """The add-on's one session; after enable_addon."""
    return addon_module("blender.session").current()


def pump(seconds: float = 0.05) -> None:
    """Let the add-on work in background, where no timer fires."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        session().drain_inbox()
        time.sleep(0.002)


def own_jobs() -> list[dict[str, Any]]:
    """Views of the jobs that this Blender ordered, newest first."""
    jobs = addon_module("blender.jobs")
    instance = session().instance
    return [dict(view) for view in session().jobs.ordered(instance) if jobs.is_own(view, instance)]


def describe_scene() -> dict[str, Any]:
    """What stands in the file, for whoever judges it outside.

    returns: collections by name with the names of their objects; for each object its type, custom properties, and for a
    mesh the triangles, vertices, bounds in the frame of the world (metres) and materials with the sizes of their pictures.
    """
    collections = {one.name: [member.name for member in one.objects] for one in bpy.data.collections}
    return {"collections": collections, "objects": {one.name: describe_object(one) for one in bpy.data.objects}}


def describe_object(one: bpy.types.Object) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": one.type,
        "job": one.get("maquette_job"),
        "manifest": one.get("maquette_manifest"),
        "location": list(one.matrix_world.translation),
        "instances": one.instance_collection.name if one.instance_collection else None,
        "isAsset": one.asset_data is not None,
    }
    if one.type != "MESH":
        return told
    mesh = one.data
    coordinates = numpy.empty(len(mesh.vertices) * 3, dtype=numpy.float32)
    mesh.vertices.foreach_get("co", coordinates)
    matrix = numpy.array(one.matrix_world)
    points = coordinates.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]
    told["vertices"] = len(mesh.vertices)
    told["triangles"] = sum(len(polygon.vertices) - 2 for polygon in mesh.polygons)
    if len(points):
        told["bounds"] = {"min": points.min(axis=0).tolist(), "max": points.max(axis=0).tolist()}
    told["attributes"] = sorted(attribute.name for attribute in mesh.attributes)
    told["modifiers"] = [modifier.type for modifier in one.modifiers]
    told["materials"] = {
        material.name: sorted(
            list(node.image.size)
            for node in (material.node_tree.nodes if material.use_nodes else ())
            if node.type == "TEX_IMAGE" and node.image
        )
        for material in mesh.materials
        if material
    }
    return told
