"""Menus whose entries the service tells. Blender keeps no reference to their texts, so this file does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import session

if TYPE_CHECKING:
    from .properties import MaquetteForm

# Identifier, name, description, icon, number.
Item = tuple[str, str, str, str, int]

_OUTPUTS = {
    "mesh": ("Mesh", "Surface with materials and levels of detail", "MESH_DATA"),
    "splat": ("Splat", "Gaussian splats: a cloud that looks like a photograph", "OUTLINER_OB_POINTCLOUD"),
}

# The lists given last, by menu: while Blender shows a menu its texts must live.
_kept: dict[str, list[Item]] = {}


def _keep(menu: str, items: list[Item]) -> list[Item]:
    if _kept.get(menu) != items:
        _kept[menu] = items
    return _kept[menu]


def provider(chosen: str) -> dict[str, Any] | None:
    """The provider of that id, the default one for an empty id; None while it is not known."""
    for view in session.current().providers:
        if view["id"] == chosen or (not chosen and view["isDefault"]):
            return view
    return None


def providers(chosen: str) -> list[Item]:
    """Providers for a menu. One that is chosen and not known (yet) stays in it."""
    items: list[Item] = []
    for view in session.current().providers:
        # The default is kept as an empty id: the choice follows the environment.
        identifier = "" if view["isDefault"] else view["id"]
        icon = "URL" if not view["offline"] else "DISK_DRIVE"
        items.append((identifier or "default", view["name"], view["credit"], icon, len(items)))
    if not items:
        items.append(("default", "Default", "Known once Maquette is connected", "DISK_DRIVE", 0))
    if chosen and all(item[0] != chosen for item in items) and provider(chosen) is None:
        items.append((chosen, chosen, "Not known to the running service", "QUESTION", len(items)))
    return _keep("provider", items)


def outputs(form: MaquetteForm) -> list[Item]:
    """What the chosen provider can make from what the form holds; its default first."""
    view = provider(form.provider_id)
    kinds: list[str] = view["outputs"]["image" if form.image else "text"] if view else ["mesh"]
    items: list[Item] = [(kind, *_OUTPUTS[kind], number) for number, kind in enumerate(kinds) if kind in _OUTPUTS]
    return _keep("output", items or [("none", "Nothing", "This provider makes nothing of this input", "ERROR", 0)])


def keyed_providers() -> list[Item]:
    """Providers that need a key, for the preferences."""
    views = [view for view in session.current().providers if "key" in view]
    items: list[Item] = [(view["id"], view["name"], view["credit"], "KEYINGSET", n) for n, view in enumerate(views)]
    return _keep("keyed", items or [("none", "No provider needs a key", "", "NONE", 0)])


def number_of(items: list[Item], identifier: str) -> int:
    """The number of an entry, 0 where it is not in the menu."""
    return next((item[4] for item in items if item[0] == (identifier or "default")), 0)


def id_of(items: list[Item], number: int) -> str:
    """The id of an entry. Empty for the default."""
    identifier = next((item[0] for item in items if item[4] == number), "default")
    return "" if identifier == "default" else identifier
