"""The add-on as Blender's preferences see it: it comes, goes, and starts nothing."""

from __future__ import annotations

import ast
import glob
import os
import re
import threading
import unittest

import bpy
import harness

HANDLERS = ("load_post", "save_post", "undo_post", "redo_post", "depsgraph_update_post")


def footprint() -> dict[str, object]:
    """Everything registering could leave."""
    return {
        "scene": sorted(name for name in dir(bpy.types.Scene) if "maquette" in name),
        "manager": sorted(name for name in dir(bpy.types.WindowManager) if "maquette" in name),
        "operators": sorted(dir(bpy.ops.maquette)),
        "types": sorted(name for name in dir(bpy.types) if "maquette" in name.lower()),
        "handlers": [len(getattr(bpy.app.handlers, name)) for name in HANDLERS],
        "menus": [draw.__module__ for draw in bpy.types.TOPBAR_MT_file_import.draw._draw_funcs],
    }


class Registration(unittest.TestCase):
    def setUp(self) -> None:
        harness.enable_addon()

    def tearDown(self) -> None:
        harness.enable_addon()

    def disable(self) -> None:
        bpy.ops.preferences.addon_disable(module=harness.MODULE_NAME)

    def test_disabling_takes_everything_back_and_enabling_brings_it_again(self) -> None:
        before = footprint()
        self.assertIn("maquette", before["scene"])
        self.disable()
        empty = footprint()
        self.assertEqual([empty[key] for key in ("scene", "manager", "operators", "types")], [[], [], [], []])
        self.assertEqual([module for module in before["menus"] if harness.ADDON_ID in module], [f"{harness.MODULE_NAME}.blender.menus"])
        self.assertEqual([module for module in empty["menus"] if harness.ADDON_ID in module], [])
        bpy.ops.preferences.addon_enable(module=harness.MODULE_NAME)
        self.assertEqual(footprint(), before)

    def test_registering_starts_nothing(self) -> None:
        self.disable()
        bpy.ops.preferences.addon_enable(module=harness.MODULE_NAME)
        self.assertIsNone(harness.session().link)
        self.assertEqual([one.name for one in threading.enumerate() if one.name.startswith("maquette")], [])
        self.assertFalse(bpy.app.timers.is_registered(harness.addon_module("blender.session")._tick))

    def test_opening_a_file_starts_nothing(self) -> None:
        harness.empty_scene()
        bpy.context.scene.maquette.prompt = "a chair"
        self.assertIsNone(harness.session().link)

    def test_reloading_takes_what_is_on_disk(self) -> None:
        before = harness.addon_module("blender.jobs")
        package = harness.enable_addon()
        self.disable()
        import importlib

        importlib.reload(package)
        bpy.ops.preferences.addon_enable(module=harness.MODULE_NAME)
        self.assertIsNot(harness.addon_module("blender.jobs"), before)

    def test_handlers_that_somebody_took_away_do_not_keep_the_add_on(self) -> None:
        harness.enable_addon()
        for handlers in (bpy.app.handlers.undo_post, bpy.app.handlers.load_post):
            # Those of Blender's own add-ons come back: at its end it takes them away.
            others = [handler for handler in handlers if harness.ADDON_ID not in handler.__module__]
            self.addCleanup(handlers.extend, others)
            handlers.clear()
        self.disable()
        self.assertFalse(hasattr(bpy.types.Scene, "maquette"))
        for name in HANDLERS:
            told = [handler.__module__ for handler in getattr(bpy.app.handlers, name)]
            self.assertEqual([module for module in told if harness.ADDON_ID in module], [], name)
        harness.enable_addon()

    def test_both_descriptions_of_the_add_on_tell_the_same_version(self) -> None:
        with open(os.path.join(harness.ADDON_FOLDER, "__init__.py"), encoding="utf-8") as file:
            values = {
                node.targets[0].id: ast.literal_eval(node.value)
                for node in ast.parse(file.read()).body
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
        self.assertEqual(".".join(map(str, values["bl_info"]["version"])), values["VERSION"])
        with open(os.path.join(harness.ADDON_FOLDER, "blender_manifest.toml"), encoding="utf-8") as file:
            self.assertIn(f'\nversion = "{values["VERSION"]}"\n', file.read())

    def test_the_operators_everybody_may_rely_on_have_their_arguments(self) -> None:
        expected = {
            "generate": {"prompt", "image", "provider", "output", "seed", "profile", "levels", "wait"},
            "import_asset": {"folder"},
            "cancel": {"job"},
            "adopt": {"provider", "task"},
        }
        for name, arguments in expected.items():
            known = set(getattr(bpy.ops.maquette, name).get_rna_type().properties.keys())
            self.assertLessEqual(arguments, known, name)

    def test_everything_says_what_it_is(self) -> None:
        for name in dir(bpy.ops.maquette):
            described = getattr(bpy.ops.maquette, name).get_rna_type()
            self.assertTrue(described.description and not described.description.endswith("."), name)
        for one in (bpy.types.Scene.bl_rna.properties["maquette"].fixed_type.properties):
            if one.identifier not in {"rna_type", "name"} and not one.is_hidden:
                self.assertTrue(one.description and not one.description.endswith("."), one.identifier)

    def test_icons_exist_in_this_blender(self) -> None:
        known = set(bpy.types.UILayout.bl_rna.functions["prop"].parameters["icon"].enum_items.keys())
        # Drawn only where Blender has a switch for the internet.
        newer = {"INTERNET_OFFLINE"} if not hasattr(bpy.app, "online_access") else set()
        used: set[str] = set()
        for path in glob.glob(os.path.join(harness.ADDON_FOLDER, "blender", "**", "*.py"), recursive=True):
            with open(path, encoding="utf-8") as file:
                source = file.read()
            used.update(re.findall(r'icon="([A-Z_0-9]+)"', source))
            for table in re.findall(r"^_\w*ICONS = \{(.*?)\}", source, re.DOTALL | re.MULTILINE):
                used.update(re.findall(r': "([A-Z_0-9]+)"', table))
        self.assertGreater(len(used), 15)
        self.assertEqual(used - known - newer, set())
