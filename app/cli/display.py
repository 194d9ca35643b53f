"""The display: whether a window can open here."""

import os
import sys


def why_no_window() -> str:
    """Why no window can open here, and what to do about it; empty when one can."""
    linux = sys.platform.startswith("linux")
    if linux and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))):
        return (
            "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); "
            "for the window use a desktop session, ssh -X, or xvfb-run"
        )
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return (
            f"Qt does not load ({error}); for the window install PySide6-Essentials and its system libraries"
        )
    return ""
