"""A layout that notes what is drawn into it, so that the text of a panel can be read without a window."""

from __future__ import annotations

import types
from dataclasses import dataclass, field
from typing import Any

import bpy

# Of a sidebar as it opens, in pixels.
_WIDTH = 280


@dataclass
class Drawn:
    """One entry. name: of the operator or property; empty for a label."""

    name: str
    text: str
    is_live: bool
    properties: types.SimpleNamespace = field(default_factory=types.SimpleNamespace)


class PlayedLayout:
    """Stands where bpy.types.UILayout stands. Layouts inside it note into the same list."""

    def __init__(self, parent: PlayedLayout | None = None) -> None:
        self.enabled = self.active = True
        self.alert = False
        self._parent = parent
        self.drawn: list[Drawn] = parent.drawn if parent is not None else []

    def row(self, **_options: Any) -> PlayedLayout:
        return PlayedLayout(self)

    column = box = split = row

    def label(self, *, text: str = "", **_options: Any) -> None:
        self._note("", text)

    def prop(self, _data: Any, name: str, *, text: str = "", **_options: Any) -> None:
        self._note(name, text)

    def progress(self, *, text: str = "", **_options: Any) -> None:
        self._note("", text)

    def operator(self, name: str, *, text: str = "", **_options: Any) -> types.SimpleNamespace:
        return self._note(name, text).properties

    def separator(self, **_options: Any) -> None:
        pass

    def template_icon(self, **_options: Any) -> None:
        pass

    def text(self) -> str:
        """Everything labels say, lines joined by spaces."""
        return " ".join(entry.text for entry in self.drawn if not entry.name)

    def has(self, name: str, *, text: str = "") -> bool:
        """Whether there is a button of that operator, with that text if one is given."""
        return any(entry.name == name and text in ("", entry.text) for entry in self.drawn)

    def states(self, name: str) -> list[bool]:
        """Of every button of that operator, whether it can be pressed."""
        return [entry.is_live for entry in self.drawn if entry.name == name]

    def _is_live(self) -> bool:
        return self.enabled and (self._parent is None or self._parent._is_live())

    def _note(self, name: str, text: str) -> Drawn:
        self.drawn.append(Drawn(name, text, self._is_live()))
        return self.drawn[-1]


def context() -> types.SimpleNamespace:
    """The context of a sidebar of ordinary width."""
    region = types.SimpleNamespace(width=_WIDTH)
    # In background Blender's own says that the interface is scaled by zero.
    system = types.SimpleNamespace(ui_scale=1.0)
    preferences = types.SimpleNamespace(system=system, ui_styles=bpy.context.preferences.ui_styles)
    names = ("scene", "view_layer", "window_manager")
    return types.SimpleNamespace(region=region, preferences=preferences, **{name: getattr(bpy.context, name) for name in names})
