"""What an imported asset says about itself: custom properties, and its entry in the Asset Browser."""

from __future__ import annotations

import bpy
import numpy as np

from ..picture_size import picture_size
from .manifest import AssetManifest

PREVIEW_SIZE = 256
THUMBNAIL_SIZE_LIMIT = 4096
TAG_LIMIT = 12
INTEGER_LIMIT = 2**31
# words that find nothing
STOP_WORDS = frozenset("the and with for from into onto over under this that its very some made".split())


def write_properties(entry: bpy.types.Object, manifest: AssetManifest, job: str) -> None:
    """Write the two names everyone may rely on, and those facts of the manifest that are known.

    job: id of the job that made the asset; "" takes the one the manifest names.
    """
    entry["maquette_job"] = job or str(manifest.provenance.get("job", ""))
    entry["maquette_manifest"] = manifest.path
    facts: dict[str, str | int] = {
        "kind": manifest.kind,
        "asset": manifest.name,
        "prompt": manifest.prompt,
        "provider": manifest.provenance.get("provider", ""),
        "model": manifest.provenance.get("model", ""),
        "seed": manifest.provenance.get("seed", ""),
        "task": manifest.provenance.get("task", ""),
        "created_at": manifest.provenance.get("createdAt", ""),
        "licence": manifest.licence,
        "credit": manifest.credit,
        "copyright": manifest.copyright,
        "cost": manifest.cost,
        "raw_digest": manifest.raw_digest,
    }
    for name, value in facts.items():
        if value != "":
            # a .blend keeps whole numbers of 32 bits
            too_large = isinstance(value, int) and not -INTEGER_LIMIT <= value < INTEGER_LIMIT
            entry[f"maquette_{name}"] = str(value) if too_large else value


def find_marked(entry: bpy.types.Object | None) -> bpy.types.Object | None:
    """The object that says what an object is: itself, or the finest level of what it instances.

    An instance that came from the Asset Browser, or by Append or Link, is made by Blender and says nothing itself.
    returns: None for what is no asset of ours, or a collection that holds several.
    """
    if entry is None or "maquette_manifest" in entry:
        return entry
    shown = entry.instance_collection.objects if entry.instance_collection is not None else ()
    marked = [inner for inner in shown if "maquette_manifest" in inner]
    if len({inner["maquette_manifest"] for inner in marked}) != 1:
        return None
    return min(marked, key=lambda inner: inner.get("maquette_level", 0))


def write_level_properties(entry: bpy.types.Object, manifest: AssetManifest, number: int) -> None:
    """Write what the manifest says about one level."""
    level = manifest.levels[number]
    entry["maquette_level"] = number
    entry["maquette_triangles" if manifest.kind == "mesh" else "maquette_gaussians"] = level.count
    entry["maquette_error"] = level.error
    entry["maquette_screen_height"] = level.screen_height


def mark_asset(block: bpy.types.ID, manifest: AssetManifest) -> None:
    """Show a collection or an object in the Asset Browser, with its thumbnail and where it comes from."""
    block.asset_mark()
    data = block.asset_data
    data.description = manifest.prompt or manifest.name
    data.author = manifest.credit
    if hasattr(data, "license"):  # 4.x
        data.license = manifest.licence
        data.copyright = manifest.copyright
    elif manifest.licence:
        data.description += f" ({manifest.licence})"
    for tag in _tags(manifest):
        data.tags.new(tag, skip_if_exists=True)
    if manifest.thumbnail:
        _set_preview(block, manifest.thumbnail)


def _tags(manifest: AssetManifest) -> list[str]:
    words = [word.strip(".,;:!?\"'()") for word in (manifest.prompt or manifest.name).lower().split()]
    words = [word for word in words if len(word) > 2 and word not in STOP_WORDS]
    tags = ["Maquette", manifest.kind, str(manifest.provenance.get("provider", "")), *words]
    return [tag[:60] for tag in dict.fromkeys(tags) if tag][:TAG_LIMIT]


def _set_preview(block: bpy.types.ID, thumbnail: str) -> None:
    """Copy the picture's pixels. Blender's own operator for this needs a window, and leaves the reading for later."""
    declared = picture_size(thumbnail)  # before anything is allocated
    if declared is None or max(declared) > THUMBNAIL_SIZE_LIMIT:
        return
    try:
        image = bpy.data.images.load(thumbnail)
    except RuntimeError:
        return  # a picture Blender cannot read is no reason to lose the asset
    try:
        width, height = image.size
        if not (image.has_data or len(image.pixels)) or min(width, height) < 1:
            return
        pixels = np.empty(width * height * 4, dtype=np.float32)
        image.pixels.foreach_get(pixels)
    finally:
        bpy.data.images.remove(image)
    small = _shrink(pixels.reshape(height, width, 4))
    preview = block.preview_ensure()
    preview.image_size = (small.shape[1], small.shape[0])
    preview.image_pixels_float.foreach_set(np.ascontiguousarray(small).ravel())


def _shrink(pixels: np.ndarray) -> np.ndarray:
    """Average whole blocks, so that neither side is longer than a preview. Shape (height, width, 4)."""
    factor = -(-max(pixels.shape[:2]) // PREVIEW_SIZE)
    if factor == 1:
        return pixels
    height, width = pixels.shape[0] // factor, pixels.shape[1] // factor
    if min(height, width) < 1:
        return pixels[:1, :1]
    blocks = pixels[: height * factor, : width * factor].reshape(height, factor, width, factor, 4)
    # colour counts by its alpha, or the transparent black around the object darkens its edge
    alpha = blocks[..., 3:4]
    weight = np.maximum(alpha.sum(axis=(1, 3)), 1e-6)
    colour = (blocks[..., :3] * alpha).sum(axis=(1, 3)) / weight
    return np.concatenate([colour, alpha.mean(axis=(1, 3))], axis=2)
