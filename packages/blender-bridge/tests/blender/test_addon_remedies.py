"""Advice of the service, in the words of Blender. All advice that the SDK can give is read from its source."""

from __future__ import annotations

import re
import unittest
from pathlib import Path

import harness

SDK = Path(harness.ADDON_FOLDER).parents[2] / "sdk/src"
# the command line's own errors, and those of pages in a browser, never reach Blender
ELSEWHERE = ("cli/", "platform/browser/", "testing/")
LITERAL = re.compile(r"`((?:\\.|[^`\\])*)`|'((?:\\.|[^'\\\n])*)'")


def advice_of_the_sdk() -> list[str]:
    """Every string of the SDK that names a command or an option, with `x` for what is filled in."""
    found = []
    for path in sorted(SDK.rglob("*.ts")):
        name = path.relative_to(SDK).as_posix()
        if name.startswith(ELSEWHERE) or ".test" in name:
            continue
        text = re.sub(r"(?m)^\s*(\*|//|/\*).*$", "", path.read_text(encoding="utf-8"))
        for match in LITERAL.finditer(text):
            literal = re.sub(r"\$\{[^}]*\}", "x", match.group(1) or match.group(2) or "").replace("\\`", "`")
            # what has several lines is a page and no sentence
            if "\n" not in literal and ("`maquette " in literal or re.search(r"\s--[a-z]", literal)):
                found.append(literal)
    return found


class Remedies(unittest.TestCase):
    def setUp(self) -> None:
        harness.enable_addon()
        self.in_blender = harness.addon_module("blender.remedies").in_blender

    def test_no_advice_of_the_sdk_needs_a_command_line(self) -> None:
        advice = advice_of_the_sdk()
        self.assertGreater(len(advice), 10)
        for remedy in advice:
            with self.subTest(remedy):
                told = self.in_blender(remedy)
                self.assertNotIn("`", told)
                self.assertNotIn(" --", told)

    def test_sentences_stay_sentences(self) -> None:
        for remedy, told in (
            ("Store one with `maquette key set 404`.", "Store one in the add-on's preferences."),
            ("Choose another folder with --out, or overwrite with --force.", "Choose another folder."),
            (
                "Make room on that disk, then run `maquette jobs resume`.",
                "Make room on that disk, then press Resume or Try Again in the queue.",
            ),
            ("Take a picture of less than 20 MB.", "Take a picture of less than 20 MB."),
            ("", ""),
        ):
            self.assertEqual(self.in_blender(remedy), told)
