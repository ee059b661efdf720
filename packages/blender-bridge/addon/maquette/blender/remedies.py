"""What the service advises, in the words of Blender: it speaks of the command line, which an artist may not have."""

from __future__ import annotations

import re

_ID = r"[\w-]+"
_WORDS = [
    (re.compile(pattern.replace("ID", _ID)), words)
    for pattern, words in (
        # whole sentences, then commands with what they are about, then commands alone: what fits first wins
        (
            "`maquette jobs resume ID` tries again, with --out DIR in another folder",
            "press Try Again in the queue, after choosing another folder for assets in the add-on's preferences",
        ),
        ("with `maquette jobs resume`, stop it with `maquette jobs cancel`", "in the queue, or cancel it there"),
        (", for instance with `maquette serve`", ""),
        (" with --out, or overwrite with --force", ""),
        ("run `maquette jobs resume(?: ID)?`", "press Resume or Try Again in the queue"),
        ("with `maquette jobs adopt ID (ID)`", r"by its id \1 under Adopt a Task in the sidebar"),
        ("with `maquette jobs adopt(?: ID)?`", "under Adopt a Task in the sidebar"),
        ("`maquette jobs adopt ID (ID)`", r"Adopt a Task in the sidebar, with the id \1,"),
        ("`maquette jobs show`", "the queue in the sidebar"),
        ("with `maquette key set(?: ID)?`", "in the add-on's preferences"),
    )
]


def in_blender(remedy: str) -> str:
    """A remedy of the service with Blender's buttons where it names commands; anything else as it is."""
    for pattern, words in _WORDS:
        remedy = pattern.sub(words, remedy)
    return remedy
