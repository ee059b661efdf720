"""From an asset folder on disk to an object in the scene. The door is `import_asset`."""

from __future__ import annotations

from .import_asset import import_asset
from .receipt import ImportReceipt

__all__ = ["ImportReceipt", "import_asset"]
