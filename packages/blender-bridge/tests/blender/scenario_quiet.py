"""Watches for sockets and processes while the add-on is enabled and drawn, and then while the artist acts.

The audit hook sees every attempt of this interpreter, whatever becomes of it.
"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy
import harness

WATCHED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "urllib.", "http.")
seen = []
told = {}


def audit(event, arguments):
    if event.startswith(WATCHED) or event == "_thread.start_new_thread":
        seen.append(f"{event} {arguments!r}"[:200])


def state():
    """Attempts so far, threads that run, and what the kernel knows of this process: sockets and children."""
    links = []
    for number in os.listdir("/proc/self/fd"):
        try:
            links.append(os.readlink(f"/proc/self/fd/{number}"))
        except OSError:
            pass  # the listing's own
    children = open(f"/proc/self/task/{os.getpid()}/children").read().split()
    names = sorted(thread.name for thread in __import__("threading").enumerate())
    return {"seen": list(seen), "sockets": sum(link.startswith("socket:") for link in links), "children": children, "threads": names}


def begin():
    told["start"] = state()
    sys.addaudithook(audit)
    harness.enable_addon()


def act():
    """The artist presses Connect: proof that the hook would have seen it."""
    harness.session().connect()
    harness.session().wait_until(lambda: harness.session().state in ("open", "failed"), 40)
    told["acted"] = state()
    told["state"] = harness.session().state


def in_background():
    begin()
    bpy.ops.wm.read_homefile(use_factory_startup=True)
    bpy.ops.wm.save_as_mainfile(filepath=os.path.join(os.environ["TMPDIR"], "quiet.blend"))
    bpy.ops.wm.open_mainfile(filepath=os.path.join(os.environ["TMPDIR"], "quiet.blend"))
    harness.pump(0.5)
    told["quiet"] = state()
    act()
    return told


def in_window():
    begin()
    draws = harness.count_draws(bpy.types.MAQUETTE_PT_generate)
    yield from harness.open_tab("Maquette", draws)
    told["draws"] = len(draws)
    # what an artist does before ordering: types, looks around
    bpy.context.scene.maquette.prompt = "a wooden chair"
    until = time.monotonic() + 3
    while time.monotonic() < until:
        harness.view3d().tag_redraw()
        yield 0.1
    told["draws"] = len(draws)
    told["quiet"] = state()
    act()


if bpy.app.background:
    harness.run_script(in_background)
else:
    harness.run_window_script(in_window, lambda: told)
