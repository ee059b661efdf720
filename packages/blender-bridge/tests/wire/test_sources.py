"""Rules for the add-on's source files that only a look at all of them can check."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import unittest
from collections.abc import Iterator

from support import ADDON, WIRE

# Blender 3.4 brings Python 3.10; those under test are newer, and would not notice.
OLDEST_PYTHON = (3, 10)
# Modules of the standard library that are younger than 3.10 or gone in 3.13.
NOT_EVERYWHERE = {"tomllib", "asynchat", "asyncore", "cgi", "crypt", "distutils", "imghdr", "imp", "pipes", "telnetlib"}


def sources(folder: str) -> Iterator[str]:
    for parent, _, files in os.walk(folder):
        yield from (os.path.join(parent, file) for file in sorted(files) if file.endswith(".py"))


def imported(path: str) -> Iterator[tuple[str, int]]:
    """Modules that a file imports, with the number of leading dots."""
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read(), path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, 0) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.level


class Sources(unittest.TestCase):
    def test_there_are_some(self) -> None:
        self.assertGreater(len(list(sources(WIRE))), 10)

    def test_every_file_is_of_the_oldest_python(self) -> None:
        for path in sources(ADDON):
            with self.subTest(os.path.relpath(path, ADDON)), open(path, encoding="utf-8") as file:
                ast.parse(file.read(), path, feature_version=OLDEST_PYTHON)

    def test_newer_grammar_would_be_noticed(self) -> None:
        with self.assertRaises(SyntaxError):
            ast.parse("try:\n    pass\nexcept* ValueError:\n    pass\n", feature_version=OLDEST_PYTHON)

    def test_wire_imports_the_standard_library_and_itself_only(self) -> None:
        for path in sources(WIRE):
            for module, dots in imported(path):
                with self.subTest(os.path.basename(path), module=module):
                    self.assertLess(dots, 2, "the wire knows nothing outside itself")
                    if dots == 0:
                        self.assertIn(module.partition(".")[0], sys.stdlib_module_names)

    def test_add_on_imports_no_installed_packages(self) -> None:
        blender = {"bpy", "bmesh", "mathutils", "gpu", "blf", "gpu_extras", "bpy_extras", "addon_utils", "io_scene_gltf2"}
        allowed = blender | {"numpy"}
        for path in sources(ADDON):
            for module, dots in imported(path):
                with self.subTest(os.path.relpath(path, ADDON), module=module):
                    top = module.partition(".")[0]
                    self.assertNotIn(top, NOT_EVERYWHERE)
                    # Its own name is another one as an extension: only relative imports find it.
                    self.assertTrue(dots > 0 or top in sys.stdlib_module_names or top in allowed)

    def test_wire_runs_without_blender_and_numpy(self) -> None:
        names = [os.path.splitext(os.path.basename(path))[0] for path in sources(WIRE)]
        program = (
            "import importlib, sys\n"
            "for name in ('bpy', 'numpy'): sys.modules[name] = None\n"
            f"sys.path.insert(0, {ADDON!r})\n"
            f"for name in {names!r}: importlib.import_module('wire.' + name)\n"
        )
        # Blender's own interpreter, where these tests run in one, is no program that could be started.
        python = sys.executable if os.path.basename(sys.executable).startswith("python") else "python3"
        ended = subprocess.run([python, "-B", "-c", program], capture_output=True, text=True, timeout=60)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
