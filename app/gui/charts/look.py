"""How everything of a plot looks at the moment: the theme's colours, and how fine pens are."""

from dataclasses import dataclass

from app.gui.parts.theme import Colours


@dataclass(frozen=True)
class Look:
    """``fine`` is antialiased and thicker, else cheap: nothing disturbs a measurement.

    Pens are cosmetic, so a picture of two device pixels to the unit needs a ``pen_scale`` of 2. ``vectors``
    draws marks as shapes, for a file; else they are drawn once and copied, which is much quicker. ``focus``
    is the variant that stands out from all others, if one does.
    """

    colours: Colours
    fine: bool = True
    pen_scale: float = 1.0
    focus: str = ""
    vectors: bool = False
