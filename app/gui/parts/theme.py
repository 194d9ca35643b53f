"""Light, dark and system colours: one small set that palette, charts and icons share."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.charts.palette import DARK_INKS, LIGHT_INKS


class Theme(StrEnum):
    """What the user asked for; ``system`` follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Colours:
    """A theme's colours; ``lines`` are the palette's, ``quiet`` is what stands behind them as context."""

    dark: bool
    window: str
    base: str
    alternate: str
    text: str
    muted: str
    border: str
    quiet: str
    accent: str
    good: str
    warn: str
    bad: str
    lines: tuple[str, ...]

    @property
    def selected(self) -> str:
        """Text on the accent colour."""
        return "#0d1117" if self.dark else "#ffffff"


LIGHT = Colours(
    dark=False,
    window="#f3f4f6",
    base="#ffffff",
    alternate="#f7f8fa",
    text="#1b222c",
    muted="#5a6572",
    border="#ccd2d9",
    quiet="#bfc6cf",
    accent="#0a5fc0",
    good="#00795a",
    warn="#9a5b00",
    bad="#b3261e",
    lines=LIGHT_INKS,
)
DARK = Colours(
    dark=True,
    window="#2a2f37",
    base="#1a1e24",
    alternate="#20252c",
    text="#e6eaf0",
    muted="#9ba6b3",
    border="#4a5361",
    quiet="#464e5b",
    accent="#4c9df5",
    good="#3ecf9f",
    warn="#f0b54a",
    bad="#ff7b72",
    lines=DARK_INKS,
)


def current() -> Colours:
    """The colours that fit the application's palette."""
    return DARK if QApplication.palette().window().color().lightness() < 128 else LIGHT


def apply(app: QApplication, theme: Theme) -> None:
    """Dress the application; widgets hear of it as a palette change."""
    hints = app.styleHints()
    asked = {Theme.LIGHT: Qt.ColorScheme.Light, Theme.DARK: Qt.ColorScheme.Dark}
    hints.setColorScheme(asked.get(theme, Qt.ColorScheme.Unknown))
    following = theme is Theme.SYSTEM and hints.colorScheme() is Qt.ColorScheme.Dark
    dark = following or theme is Theme.DARK
    app.setPalette(_palette(DARK if dark else LIGHT))


def _palette(colours: Colours) -> QPalette:
    """Explicit, because many Linux desktops hand Qt no dark palette to follow."""
    role = QPalette.ColorRole
    palette = QPalette(QColor(colours.window))
    pairs = {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.base,
        role.AlternateBase: colours.alternate,
        role.Text: colours.text,
        role.Button: colours.window,
        role.ButtonText: colours.text,
        role.ToolTipBase: colours.base,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.selected,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.PlaceholderText: colours.muted,
    }
    for which, colour in pairs.items():
        palette.setColor(which, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, which, QColor(colours.muted))
    return palette
