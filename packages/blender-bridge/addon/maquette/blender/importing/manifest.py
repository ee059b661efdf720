"""Reads manifest.json of an asset folder. The folder is hostile input; nothing here needs bpy."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import dataclass, field
from typing import Any

from ...wire.errors import BridgeError

MANIFEST_NAME = "manifest.json"
# Step reports make up most of it: some kB in practice. The bounds keep a lying folder from filling the memory.
MANIFEST_BYTES_LIMIT = 16 * 1024 * 1024
LEVEL_COUNT_LIMIT = 32
# blender.org's importer reads a GLB of 4 GiB at most: its lengths are uint32 (glTF 2.0 §4.4).
LEVEL_BYTES_LIMIT = 2**32 - 1
THUMBNAIL_BYTES_LIMIT = 32 * 1024 * 1024
TEXT_LIMIT = 4000
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
LEVEL_ENDINGS = {"mesh": (".glb",), "splat": (".ply", ".splat", ".spz")}

MAKE_AGAIN = "Make the levels again, for instance with maquette lod, and import the new folder."


@dataclass(frozen=True)
class Level:
    """One level of detail, finest first in `AssetManifest.levels`.

    path: absolute path of the file, which exists and has `size_bytes` bytes.
    count: triangles of a mesh, gaussians of a splat.
    error: deviation from level 0, fraction of the bounding radius.
    screen_height: share of the screen's height above which the level is meant to be used, [0, 1].
    """

    path: str
    size_bytes: int
    count: int
    error: float
    screen_height: float


@dataclass(frozen=True)
class AssetManifest:
    """What manifest.json says, checked. Texts may be empty, and hold no control characters.

    kind: "mesh" or "splat".
    path: absolute path of manifest.json.
    size: edge lengths of the box around level 0 in metres, in Blender's axes: x, y (depth), z (height).
    thumbnail: absolute path of a PNG that exists, or "".
    provenance: prompt, provider, model, seed, job, task, createdAt: plain texts and numbers, unknown ones left out.
    document: the whole manifest, for members this class does not name. Its values are not checked.
    """

    name: str
    kind: str
    path: str
    folder: str
    levels: tuple[Level, ...]
    size: tuple[float, float, float]
    thumbnail: str
    licence: str
    credit: str
    copyright: str
    prompt: str
    profile: str
    cost: str
    raw_digest: str
    provenance: dict[str, str | int] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)


def read_manifest(folder: str) -> AssetManifest:
    """Read and check the manifest of an asset folder, and that every level it names is there, whole.

    folder: path of the asset folder, or of the manifest in it, absolute or relative to the current one.
    raises: BridgeError("ASSET_UNREADABLE") when the folder is no asset folder, or not what its manifest says.
    source: packages/sdk/schema/asset-manifest.schema.json
    """
    folder = os.path.abspath(os.path.expanduser(folder))
    if os.path.basename(folder) == MANIFEST_NAME and os.path.isfile(folder):
        folder = os.path.dirname(folder)  # people choose the file they see
    path = os.path.join(folder, MANIFEST_NAME)
    document = _read_document(path)
    if document.get("schema") != "maquette.asset":
        raise _unreadable(f"{path} does not describe a Maquette asset.", "Choose a folder that Maquette wrote.")
    if document.get("version") != 1:
        raise _unreadable(
            f"{path} has a form this version of the add-on does not know.", "Install the newest Maquette add-on."
        )
    kind = document.get("kind")
    if kind not in LEVEL_ENDINGS:
        raise _unreadable(f"{path} names a kind of asset this version of the add-on does not know.", MAKE_AGAIN)
    provenance = _plain_members(
        document.get("provenance"), ("prompt", "provider", "model", "seed", "job", "task", "createdAt", "copyright")
    )
    return AssetManifest(
        name=_text(document.get("name"), 400) or "asset",
        kind=kind,
        path=path,
        folder=folder,
        levels=_read_levels(folder, kind, document.get("levels")),
        size=_read_size(path, document.get("bounds")),
        thumbnail=_read_thumbnail(folder, document.get("thumbnail")),
        licence=_text(document.get("licence")),
        credit=_text(document.get("credit")),
        copyright=str(provenance.pop("copyright", "")),
        prompt=str(provenance.get("prompt", "")),
        profile=_text(document.get("profile"), 100),
        cost=_read_cost(document.get("spend")),
        raw_digest=_text(_member(document.get("raw"), "digest"), 64),
        provenance=provenance,
        document=document,
    )


def _read_document(path: str) -> dict[str, Any]:
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise _unreadable(f"There is no folder {folder}.", "Choose the folder of an asset.")
    if not os.path.isfile(path):
        raise _unreadable(f"The folder {folder} holds no {MANIFEST_NAME}.", "Choose a folder that Maquette wrote.")
    try:
        with open(path, "rb") as file:
            content = file.read(MANIFEST_BYTES_LIMIT + 1)
        if len(content) > MANIFEST_BYTES_LIMIT:
            raise ValueError("it is too large")
        document = json.loads(content.decode("utf-8"), parse_constant=_refuse_constant)
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(f"{path} cannot be read: {error}.", MAKE_AGAIN) from error
    if not isinstance(document, dict):
        raise _unreadable(f"{path} does not describe a Maquette asset.", "Choose a folder that Maquette wrote.")
    return document


def _read_levels(folder: str, kind: str, entries: Any) -> tuple[Level, ...]:
    if not isinstance(entries, list) or not 1 <= len(entries) <= LEVEL_COUNT_LIMIT:
        raise _unreadable(f"The manifest in {folder} does not name 1 to {LEVEL_COUNT_LIMIT} levels.", MAKE_AGAIN)
    levels = []
    for entry in entries:
        name = _member(entry, "file")
        # the folder's other files are no levels: a level called ../x or C:x, or a raw.exe, is refused here
        if not isinstance(name, str) or not FILE_NAME.fullmatch(name) or not name.lower().endswith(LEVEL_ENDINGS[kind]):
            raise _unreadable(f"The manifest in {folder} names a level file that cannot be one.", MAKE_AGAIN)
        path = os.path.join(folder, name)
        size_bytes = _file_size(path, _member(entry, "bytes"))
        if size_bytes > LEVEL_BYTES_LIMIT:
            raise _unreadable(f"{path} is larger than {LEVEL_BYTES_LIMIT} bytes.", MAKE_AGAIN)
        count = _member(entry, "triangles" if kind == "mesh" else "gaussians")
        levels.append(
            Level(
                path=path,
                size_bytes=size_bytes,
                count=count if _is_whole(count) and count > 0 else 0,
                error=_number(_member(entry, "error")),
                screen_height=_number(_member(entry, "screenHeight")),
            )
        )
    return tuple(levels)


def _file_size(path: str, expected: Any) -> int:
    try:
        status = os.stat(path)
    except OSError as error:
        raise _unreadable(f"{path} is missing.", MAKE_AGAIN) from error
    if not stat.S_ISREG(status.st_mode):
        raise _unreadable(f"{path} is no file.", MAKE_AGAIN)
    if not _is_whole(expected) or status.st_size != expected:
        raise _unreadable(f"{path} is not the file its manifest describes: the sizes differ.", MAKE_AGAIN)
    return status.st_size


def _read_size(path: str, bounds: Any) -> tuple[float, float, float]:
    low, high = _member(bounds, "min"), _member(bounds, "max")
    for corner in (low, high):
        if not isinstance(corner, list) or len(corner) != 3 or not all(_is_number(value) for value in corner):
            raise _unreadable(f"{path} has no bounds.", MAKE_AGAIN)
    x, y, z = (abs(float(high[axis]) - float(low[axis])) for axis in range(3))
    return (x, z, y)


def _read_thumbnail(folder: str, entry: Any) -> str:
    """The picture is a courtesy: one that is missing or odd is left out, and the asset imports."""
    name = _member(entry, "file")
    if not isinstance(name, str) or not FILE_NAME.fullmatch(name):
        return ""
    path = os.path.join(folder, name)
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > THUMBNAIL_BYTES_LIMIT:
            return ""
        with open(path, "rb") as file:
            return path if file.read(8) == b"\x89PNG\r\n\x1a\n" else ""
    except OSError:
        return ""


def _read_cost(spend: Any) -> str:
    actual = _member(spend, "actual")
    amount, currency = _member(actual, "amount"), _text(_member(actual, "currency"), 20)
    return f"{amount:g} {currency}".strip() if _is_number(amount) else ""


def _plain_members(value: Any, names: tuple[str, ...]) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    for name in names:
        member = _member(value, name)
        if isinstance(member, str) and _text(member):
            found[name] = _text(member)
        elif _is_whole(member):
            found[name] = member
    return found


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: Any, limit: int = TEXT_LIMIT) -> str:
    if not isinstance(value, str):
        return ""
    # lone surrogates have no UTF-8 and would fail deep inside Blender
    value = value.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())[:limit].strip()


def _number(value: Any) -> float:
    return float(value) if _is_number(value) else 0.0


def _is_number(value: Any) -> bool:
    # a float of manifest.json is finite (NaN and Infinity are refused, 1e999 reads as inf)
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e30


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _unreadable(message: str, remedy: str) -> BridgeError:
    return BridgeError("ASSET_UNREADABLE", message, remedy)
