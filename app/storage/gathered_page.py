"""What many sessions say together, as a page to share: one file, no scripts, nothing from elsewhere."""

from importlib.resources import files
from math import log2
from pathlib import PurePath

from jinja2 import Environment, StrictUndefined

from app.core.foreign import visible
from app.figures import units
from app.findings.gathered import Gathered

DARKEST = 0.75


def gathered_html(found: Gathered) -> str:
    """The table of hardware x variants with counts and spread, and what was left out and set aside.

    Names of files stand without their folders, which are nobody else's business.
    """
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(str(value)) if isinstance(value, str) else value,
    )
    template = environment.from_string(files("resources").joinpath("gathered.html").read_text("utf-8"))
    widest = max(abs(log2(one.median)) for one in found.spreads) or 1.0
    return template.render(
        found=found,
        variants=found.variants,
        cells={(one.hardware, one.variant): one for one in found.spreads},
        times=units.times,
        shade=lambda value: f"{DARKEST * abs(log2(value)) / widest:.2f}",
        name_of=lambda path: PurePath(path).name,
    )
