"""Finding Node.js and starting the helper, with real processes."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from support import HERE, BridgeError, end_helpers, node_path, wait_for

from maquette_wire import node_runtime
from maquette_wire.helper_process import HelperSettings, Listening, start_helper
from maquette_wire.node_runtime import check_node, find_node


class ProcessTestCase(unittest.TestCase):
    def setUp(self) -> None:
        self.home = Path(self.enterTemporaryFolder())
        self.addCleanup(end_helpers, self.home)
        self.settings = HelperSettings(
            script=Path(HERE) / "helper-stand-in.mjs",
            executable=self.home / "no-such-helper",
            node=node_path(),
            home=str(self.home),
        )

    def enterTemporaryFolder(self) -> str:
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def program(self, name: str, text: str) -> str:
        """A small program in a folder of its own."""
        path = Path(self.enterTemporaryFolder()) / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.home / "stand-in.log").read_text().splitlines()]

    def assert_fails(self, code: str, work: Callable[[], Any]) -> BridgeError:
        with self.assertRaises(BridgeError) as caught:
            work()
        error = caught.exception
        self.assertEqual(error.code, code, str(error))
        self.assertRegex(error.message, r"(?s)^[A-Z].*[.…]?$")
        self.assertTrue(error.remedy)
        return error


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Starting(ProcessTestCase):
    def test_one_line_says_where_it_listens(self) -> None:
        listening = start_helper(self.settings)
        self.assertRegex(listening.websocket_url, r"^ws://127\.0\.0\.1:\d+/rpc$")
        self.assertEqual(len(listening.token), 32)
        self.assertNotIn(listening.token, repr(listening))
        self.assertNotIn(listening.token, str(listening))

    def test_running_service_is_found_again(self) -> None:
        first, second = start_helper(self.settings), start_helper(self.settings)
        self.assertEqual(first, second)
        self.assertEqual(len({entry["pid"] for entry in self.log()}), 2)

    def test_it_is_detached_and_its_arguments_hold_no_secret(self) -> None:
        start_helper(self.settings)
        (entry,) = self.log()
        self.assertEqual(entry["started"], ["serve", "--json"])
        self.assertTrue(entry["isSessionLeader"])
        self.assertEqual(entry["cwd"], os.path.realpath(os.path.expanduser("~")))

    def test_own_executable_needs_no_node(self) -> None:
        executable = self.program("maquette-helper", f'exec "{node_path()}" "{self.settings.script}" "$@"')
        settings = HelperSettings(Path("/nowhere"), Path(executable), "", str(self.home))
        self.assertTrue(start_helper(settings).token)
        self.assertEqual(self.log()[0]["started"], ["serve", "--json"])

    def test_own_executable_may_run_after_it_was_unpacked_without_its_mode(self) -> None:
        executable = Path(self.program("maquette-helper", f'exec "{node_path()}" "{self.settings.script}" "$@"'))
        executable.chmod(0o644)
        settings = HelperSettings(Path("/nowhere"), executable, "", str(self.home))
        self.assertTrue(start_helper(settings).token)

    def test_node_of_the_preferences_is_preferred_to_the_executable(self) -> None:
        executable = self.program("maquette-helper", "exit 1")
        settings = HelperSettings(self.settings.script, Path(executable), node_path(), str(self.home))
        self.assertTrue(start_helper(settings).token)

    def test_home_of_the_preferences_may_begin_with_a_tilde(self) -> None:
        with mock.patch.dict(os.environ, {"HOME": str(self.home), "USERPROFILE": str(self.home)}):
            (self.home / "kept").mkdir()
            start_helper(HelperSettings(self.settings.script, self.settings.executable, node_path(), "~/kept"))
        self.assertTrue((self.home / "kept/stand-in.log").exists())

    def test_without_a_home_in_the_preferences_the_environment_counts(self) -> None:
        with mock.patch.dict(os.environ, {"MAQUETTE_HOME": str(self.home)}):
            start_helper(HelperSettings(self.settings.script, self.settings.executable, node_path()))
        self.assertEqual(len(self.log()), 1)

    def test_memory_of_jobs_is_given_back_unless_somebody_wants_it_otherwise(self) -> None:
        with mock.patch.dict(os.environ, {"MALLOC_ARENA_MAX": "7"}):
            start_helper(self.settings)
        self.assertEqual(
            self.log()[0]["allocator"], {"MALLOC_ARENA_MAX": "7", "MALLOC_MMAP_THRESHOLD_": "32768",
                                         "MALLOC_TRIM_THRESHOLD_": "131072"}
        )


class Failing(ProcessTestCase):
    def start(self, fault: str, seconds: float = 30.0) -> Listening:
        with mock.patch.dict(os.environ, {"STAND_IN_FAULT": fault}):
            return start_helper(self.settings, seconds)

    def test_crash_is_told_with_its_reason(self) -> None:
        self.assertIn("Error: on purpose", self.assert_fails("PEER_GONE", lambda: self.start("crash")).message)

    def test_error_that_the_helper_tells_is_passed_on(self) -> None:
        error = self.assert_fails("STORE_VERSION", lambda: self.start("tells"))
        self.assertEqual((error.message, error.remedy), ("The store is newer.", "Update."))

    def test_other_output_is_no_address(self) -> None:
        self.assert_fails("PEER_GONE", lambda: self.start("garbage"))
        self.assert_fails("PEER_GONE", lambda: self.start("long"))

    def test_address_elsewhere_is_refused(self) -> None:
        with self.assertRaises(BridgeError) as caught:
            self.start("elsewhere")
        self.assertEqual(caught.exception.code, "URL_NOT_TRUSTED")

    def test_helper_that_says_nothing_is_ended(self) -> None:
        self.assert_fails("TIMED_OUT", lambda: self.start("silent", 1.5))
        (entry,) = self.log()
        wait_for(lambda: not is_running(entry["pid"]))

    def test_incomplete_add_on(self) -> None:
        settings = HelperSettings(self.home / "helper.mjs", self.home / "none", node_path(), "")
        self.assert_fails("CONFIG_MISSING", lambda: start_helper(settings))


@unittest.skipIf(sys.platform == "win32", "programs of these tests are shell scripts")
class FindingNode(ProcessTestCase):
    def find(self, *on_path: str, preferred: str = "") -> str:
        path = os.pathsep.join(os.path.dirname(program) for program in on_path)
        with (
            mock.patch.dict(os.environ, {"PATH": path or "/nowhere"}),
            mock.patch.object(node_runtime, "_usual_places", lambda: iter(on_path[1:])),
        ):
            return find_node(preferred)

    def test_real_one(self) -> None:
        self.assertIsNone(check_node(node_path()))
        self.assertEqual(find_node(node_path()), os.path.abspath(node_path()))

    def test_versions(self) -> None:
        for version, is_good in (
            ("v22.13.0", True),
            ("v22.12.9", False),
            ("v24.0.0", True),
            ("v9.99.0", False),
            ("v100.0.0", True),
            ("v23.0.0-nightly20241101abc", True),
            ("22.13.0", False),
            ("v22", False),
            ("Python 3.11.2", False),
            ("", False),
        ):
            problem = check_node(self.program("node", f'echo "{version}"'))
            self.assertEqual(problem is None, is_good, (version, problem))

    def test_too_old_one_on_path_does_not_hide_a_good_one(self) -> None:
        old, good = self.program("node", "echo v20.20.2"), self.program("node", "echo v24.21.0")
        self.assertEqual(self.find(old, good), good)

    def test_too_old_ones_are_named(self) -> None:
        old = self.program("node", "echo v20.20.2")
        error = self.assert_fails("CONFIG_MISSING", lambda: self.find(old))
        self.assertIn(f"{old} is version 20.20.2, and 22.13 is needed", error.message)
        self.assertIn("nodejs.org", error.remedy)

    def test_none_at_all(self) -> None:
        error = self.assert_fails("CONFIG_MISSING", self.find)
        self.assertEqual(error.message, "No Node.js was found on this computer.")

    def test_chosen_one_is_used_or_complained_about(self) -> None:
        good = self.program("node", "echo v24.21.0")
        folder = os.path.dirname(good)
        for preferred in (self.program("node", "echo v18.0.0"), folder, folder + "/none", "\0"):
            error = self.assert_fails("CONFIG_MISSING", lambda path=preferred: self.find(good, preferred=path))
            self.assertIn("in the preferences", error.message)

    def test_program_that_hangs(self) -> None:
        with mock.patch.object(node_runtime, "_VERSION_SECONDS", 0.2):
            self.assertIn("does not tell", check_node(self.program("node", "exec sleep 20")) or "")


if __name__ == "__main__":
    unittest.main()
