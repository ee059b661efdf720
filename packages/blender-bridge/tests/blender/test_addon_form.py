"""The form and the order it makes; offline mode; keys on their way."""

from __future__ import annotations

import contextlib
import io
import os
import types
import unittest.mock

import bpy
import harness
from addon_support import CLOUD, LOCAL, AddonCase
from played_layout import PlayedLayout, context

SECRET = "sk-4f0a9c1e-not-to-be-seen"


class Form(AddonCase):
    def setUp(self) -> None:
        super().setUp()
        self.form = bpy.context.scene.maquette

    def order(self) -> dict[str, object]:
        form = harness.addon_module("blender.form")
        return form.to_order(form.read(bpy.context.scene))

    def test_an_untouched_form_asks_for_levels_for_blender_and_leaves_the_rest_to_the_service(self) -> None:
        self.assertEqual(self.order(), {"profile": "blender", "levels": 4})

    def test_every_choice_arrives(self) -> None:
        self.form.prompt = "  a chair "
        self.form.image = "/pictures/chair.png"
        self.form.provider = "cloud"
        self.form.output = "splat"
        self.form.random_seed, self.form.seed = False, 7
        self.form.use_height, self.form.height = True, 1.2
        self.form.use_budget, self.form.budget = True, 0.35
        self.form.profile, self.form.levels = "unity", 3
        expected = {"prompt": "a chair", "image": "/pictures/chair.png", "provider": "cloud", "output": "splat", "seed": 7}
        self.assertEqual(self.order(), {**expected, "height": 1.2, "maxCost": 0.35, "profile": "unity", "levels": 3})

    def test_a_provider_is_kept_by_its_id_when_the_menu_changes(self) -> None:
        self.form.provider = "cloud"
        self.session.providers = [{**LOCAL, "id": "new", "isDefault": False}, CLOUD, LOCAL]
        self.assertEqual((self.form.provider, self.order()["provider"]), ("cloud", "cloud"))
        self.session.providers = [LOCAL]
        self.assertEqual(self.form.provider, "cloud", "one that is not known stays in the menu")
        self.session.providers = []
        self.assertEqual(self.form.provider, "cloud")
        self.form.provider = "default"
        self.assertNotIn("provider", self.order())

    def test_only_what_a_provider_makes_of_the_input_can_be_chosen(self) -> None:
        choices = harness.addon_module("blender.choices")
        self.form.provider = "cloud"
        self.assertEqual([item[0] for item in choices.outputs(self.form)], ["splat"])
        self.form.image = "/pictures/chair.png"
        self.assertEqual([item[0] for item in choices.outputs(self.form)], ["mesh", "splat"])
        with self.assertRaises(TypeError):
            self.form.output = "none"

    def test_the_price_is_asked_for_once_the_typing_pauses_and_never_connects(self) -> None:
        self.link.answers["job/estimate"] = lambda params: {"cost": f"for {params['prompt']}", "warnings": []}
        session_module = harness.addon_module("blender.session")
        delay, session_module._PRICE_DELAY = session_module._PRICE_DELAY, 0.0
        try:
            for text in ("a", "a ch", "a chair"):
                self.form.prompt = text
            self.pump()
            self.assertEqual([params["prompt"] for method, params in self.link.asked if method == "job/estimate"], ["a chair"])
            self.assertEqual(self.session.price["cost"], "for a chair")
            self.session.link = None
            self.form.prompt = "a table"
            self.pump()
            self.assertIsNone(self.session.link)
        finally:
            session_module._PRICE_DELAY = delay

    def estimates(self) -> list[object]:
        return [params.get("prompt") for method, params in self.link.asked if method == "job/estimate"]

    def test_the_price_is_asked_for_anew_when_something_else_than_the_form_changed(self) -> None:
        self.link.answers["job/estimate"] = lambda params: {"cost": f"for {params['prompt']}", "warnings": []}
        session_module = harness.addon_module("blender.session")
        with unittest.mock.patch.object(session_module, "_PRICE_DELAY", 0.0):
            self.form.prompt = "a chair"
            self.pump(20)
            self.assertEqual(self.estimates(), ["a chair"], "the same form is asked about once")
            # A key came or went, or the service is another one.
            self.session.refresh_providers()
            self.pump(20)
            self.assertEqual(self.estimates(), ["a chair"] * 2)
            # Somebody reads another scene's form, and comes back.
            first = bpy.context.window.scene
            other = bpy.data.scenes.new("Other")
            other.maquette.prompt = "a table"
            bpy.context.window.scene = other
            self.pump(20)
            self.assertEqual((self.estimates()[2:], self.session.price["cost"]), (["a table"], "for a table"))
            self.assertEqual(self.session.priced["prompt"], "a table")
            bpy.context.window.scene = first
            self.pump(20)
            self.assertEqual(self.estimates()[3:], ["a chair"])
            # Another file: its form is empty, and so is what is said about it.
            harness.empty_scene()
            self.pump(20)
            self.assertEqual((self.estimates()[4:], self.session.price), ([], None))

    def test_a_price_is_told_once_the_connection_is_there(self) -> None:
        self.link.answers["job/estimate"] = lambda params: {"cost": f"for {params['prompt']}", "warnings": []}
        with unittest.mock.patch.object(harness.addon_module("blender.session"), "_PRICE_DELAY", 0.0):
            self.link.state = "lost"
            self.form.prompt = "a chair"
            self.pump(20)
            self.assertEqual(self.estimates(), [])
            self.link.state = "open"
            self.session._take_state()
            self.pump(20)
            self.assertEqual((self.estimates(), self.session.price["cost"]), (["a chair"], "for a chair"))

    def test_an_empty_order_is_refused_here(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "nothing to make yet.*INPUT_INVALID"):
            bpy.ops.maquette.generate(prompt="  ")

    def test_the_folder_of_the_preferences_holds_the_assets(self) -> None:
        preferences = bpy.context.preferences.addons[harness.MODULE_NAME].preferences
        preferences.asset_folder = "/assets/of/somebody/"
        try:
            bpy.ops.maquette.generate(prompt="a chair")
        finally:
            preferences.asset_folder = ""
        self.assertEqual(self.link.asked[-1][1]["parent"], "/assets/of/somebody/")

    def test_a_cloud_is_not_asked_while_blender_stays_offline(self) -> None:
        if not hasattr(bpy.app, "online_access"):
            self.assertTrue(harness.addon_module("blender.online").is_allowed())
            return
        self.assertFalse(bpy.app.online_access, "factory settings")
        with self.assertRaisesRegex(RuntimeError, "stay offline, and A Cloud.*Allow Online Access"):
            bpy.ops.maquette.generate(prompt="a chair", provider="cloud", wait=True)
        # As after connecting: what is on the internet is known a moment later.
        self.session.providers = []
        self.session.refresh_providers()
        with self.assertRaisesRegex(RuntimeError, "stay offline"):
            bpy.ops.maquette.generate(prompt="a chair", provider="cloud", wait=True)
        self.assertNotIn("job/create", [method for method, _ in self.link.asked])
        self.link.answers["job/create"] = lambda _params: {"job": self.finished("one")}
        self.assertEqual(bpy.ops.maquette.generate(prompt="a chair", wait=True), {"FINISHED"})


class Drawing(AddonCase):
    def generate(self) -> PlayedLayout:
        layout = PlayedLayout()
        panel = types.SimpleNamespace(layout=layout)
        bpy.types.MAQUETTE_PT_generate.draw(panel, context())
        return layout

    def queue(self) -> PlayedLayout:
        layout = PlayedLayout()
        panel = types.SimpleNamespace(layout=layout)
        bpy.types.MAQUETTE_PT_queue.draw(panel, context())
        return layout

    def test_the_way_to_a_key_stays_where_an_order_without_one_was_refused(self) -> None:
        error = harness.addon_module("wire.errors").BridgeError("CONFIG_MISSING", "No key is set.", "Run a command.")

        def refuse(_params: dict[str, object]) -> None:
            raise error

        self.link.answers["job/estimate"] = refuse
        online = harness.addon_module("blender.online")
        with unittest.mock.patch.object(harness.addon_module("blender.session"), "_PRICE_DELAY", 0.0):
            bpy.context.scene.maquette.prompt = "a chair"
            bpy.context.scene.maquette.provider_id = "cloud"
            self.pump(20)
            self.assertIs(self.session.price_error, error)
            self.session.show_error(error)
            with unittest.mock.patch.object(online, "refuses", lambda _provider: False):
                told = self.generate()
                self.assertTrue(told.has("preferences.addon_show", text="Add a Key for A Cloud"))
                self.assertEqual((told.text().count("No key is set."), "Run a command" in told.text()), (1, False))
                self.session.notice = None
                # With a key a refusal has another reason.
                self.session.providers = [LOCAL, {**CLOUD, "key": "environment"}]
                told = self.generate()
                self.assertFalse(told.has("preferences.addon_show"))
                self.assertIn("Run a command", told.text())

    def test_a_price_stands_only_at_the_form_it_is_for(self) -> None:
        self.link.answers["job/estimate"] = lambda _params: {
            "cost": "about 7 coins", "credit": "By all", "licence": "CC0-1.0", "warnings": ["It is a guess."]
        }
        with unittest.mock.patch.object(harness.addon_module("blender.session"), "_PRICE_DELAY", 0.0):
            bpy.context.scene.maquette.prompt = "a chair"
            self.pump(20)
        self.assertIn("About 7 coins · By all", self.generate().text())
        self.assertIn("It is a guess.", self.generate().text())
        self.session.priced = {"prompt": "of another window"}
        self.assertIn("Free · Generated with Maquette", self.generate().text())
        self.assertNotIn("It is a guess.", self.generate().text())

    def test_a_warning_is_told_to_its_end(self) -> None:
        warning = " ".join(f"word{number}" for number in range(18))
        self.tell(self.finished("one", warnings=[warning], requester=None))
        self.assertIn("word17", self.queue().text())

    def test_what_is_importing_cannot_be_imported_once_more(self) -> None:
        self.tell(self.finished("one", requester=None))
        self.assertEqual(self.queue().states("maquette.import_job"), [True])
        self.session.deliveries.request("one", harness.asset("chair"))
        told = self.queue()
        self.assertEqual((told.states("maquette.import_job"), self.session.deliveries.status("one")), ([False], "Importing …"))
        self.pump()
        self.assertEqual(self.queue().states("maquette.import_job"), [True], "again, by the small button")


class Scripts(AddonCase):
    def test_a_script_that_waits_hears_the_warnings(self) -> None:
        warning = "The noun was not known: a plain rock was made."
        self.link.answers["job/create"] = lambda _params: {"job": self.finished("one", warnings=[warning])}
        heard = io.StringIO()
        with contextlib.redirect_stdout(heard):
            self.assertEqual(bpy.ops.maquette.generate(prompt="a chair", wait=True), {"FINISHED"})
        self.assertIn(f"Warning: {warning}", heard.getvalue())

    def test_an_act_upon_nothing_says_what_is_missing(self) -> None:
        for name in ("cancel", "resume", "retry"):
            with self.assertRaisesRegex(RuntimeError, rf"Say which job .*maquette\.{name}\(job=.*INPUT_INVALID"):
                getattr(bpy.ops.maquette, name)()
        with self.assertRaisesRegex(RuntimeError, "Choose the folder of an asset.*INPUT_INVALID"):
            bpy.ops.maquette.import_asset()
        self.assertEqual([method for method, _ in self.link.asked], ["provider/list"])


class Keys(AddonCase):
    def preferences(self) -> bpy.types.AddonPreferences:
        return bpy.context.preferences.addons[harness.MODULE_NAME].preferences

    def test_a_key_goes_to_the_service_and_stays_nowhere(self) -> None:
        preferences = self.preferences()
        self.link.answers["key/set"] = lambda params: {"key": {"provider": params["provider"], "source": "key-store"}}
        self.assertFalse(bpy.ops.maquette.set_key.poll())
        preferences.key = SECRET
        self.assertNotIn(SECRET, preferences.key)
        if bpy.app.version < (5, 0, 0):  # later ones keep what is declared out of reach of scripts
            self.assertNotIn("key", preferences.keys())
        preferences.key = preferences.key
        self.assertEqual(bpy.ops.maquette.set_key(provider="cloud"), {"FINISHED"})
        self.assertIn(("key/set", {"provider": "cloud", "value": SECRET}), self.link.asked)
        self.assertEqual((preferences.key, bpy.ops.maquette.set_key.poll()), ("", False))
        bpy.ops.wm.save_userpref()
        path = os.path.join(bpy.utils.user_resource("CONFIG"), "userpref.blend")
        with open(path, "rb") as file:
            self.assertNotIn(SECRET.encode(), file.read())
        self.assertNotIn(SECRET, repr(vars(self.session)))

    def test_typing_again_replaces_what_was_typed(self) -> None:
        preferences = self.preferences()
        preferences.key = "wrong"
        preferences.key = f"{preferences.key}{SECRET}"
        self.assertEqual(harness.addon_module("blender.secret").take(), SECRET)
