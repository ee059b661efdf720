"""Asking for redraws of the places that show Maquette."""

from __future__ import annotations

import bpy


def sidebars() -> None:
    """Marks the sidebars of all 3D viewports, and the preferences, as out of date. Draws nothing itself."""
    for manager in bpy.data.window_managers:
        for window in manager.windows:
            for area in window.screen.areas:
                if area.type == "PREFERENCES":
                    area.tag_redraw()
                elif area.type == "VIEW_3D":
                    for region in area.regions:
                        # A hidden region is one pixel wide.
                        if region.type == "UI" and region.width > 1:
                            region.tag_redraw()
