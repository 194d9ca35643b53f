"""Shader compilers: the same kernel on the same adapter through naga (wgpu) and through a browser's compiler.

Both texts say the same; dialects differ in the lines that switch features on. What differs is how a compiler
keeps accesses within bounds and loops from running for ever, and how well the driver optimises that.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.figures.statistics import Ratio, known_speedup
from app.findings.rows import Row

GUARDS = (
    "Both compilers keep accesses within bounds and guard loops, each in its own way; what naga's checks "
    "cost shows a +unchecked twin, which no browser runs."
)

VENDORS = ("nvidia", "amd", "intel", "apple", "qualcomm", "arm")
SOFTWARE = ("swiftshader", "llvmpipe")


class Twin(Struct, frozen=True):
    """A case both ways. ``ratio`` is how many times faster the browser's is, None without enough samples.

    ``unchecked`` is naga's again, without checks, where that was measured too.
    """

    native: Row
    page: Row
    ratio: Ratio | None
    unchecked: Row | None

    @property
    def shape(self) -> Shape:
        """The size of both."""
        return self.native.measurement.case.shape


def same_adapter(native: Target, page: Target) -> bool:
    """Whether a browser's GPU is this adapter, as far as names tell: browsers hide most of theirs.

    A whole name decides; else that of a software adapter, else the vendor's.
    """
    if native.engine != "webgpu" or page.engine != "browser" or page.runtime is not Runtime.WGSL:
        return False
    here, there = _words(native), _words(page)
    if native.name.strip().lower() == page.name.strip().lower():
        return True
    for names in (SOFTWARE, VENDORS):
        told = [name for name in names if name in there]
        if told or any(name in here for name in names):
            return any(name in here for name in told)
    return False


def _words(target: Target) -> set[str]:
    text = f"{target.name} {target.driver} {target.properties.get('vendor', '')}".lower()
    return set(re.findall(r"[a-z]+", text))


def twins(rows: Iterable[Row]) -> list[Twin]:
    """Every case that was measured both ways, with the same parameters, in the order of the native ones."""
    good = [row for row in rows if row.ok and row.summary]
    natives = [row for row in good if row.target.engine == "webgpu"]
    pages = [row for row in good if row.target.engine == "browser"]
    return [
        Twin(native, page, _ratio(native, page), _unchecked(native, natives))
        for native in natives
        if native.variant.checked
        for page in pages
        if _same_case(native, page) and same_adapter(native.target, page.target)
    ]


def _same_case(native: Row, page: Row) -> bool:
    a, b = native.measurement.case, page.measurement.case
    return (a.workload, a.variant, a.shape, a.parameters) == (b.workload, b.variant, b.shape, b.parameters)


def _ratio(native: Row, page: Row) -> Ratio | None:
    """Sampled one after the other, so not in pairs."""
    return known_speedup(native.measurement.samples, page.measurement.samples, paired=False)


def _unchecked(native: Row, natives: Iterable[Row]) -> Row | None:
    case = native.measurement.case
    for row in natives:
        other = row.measurement.case
        if (
            not row.variant.checked
            and other.variant.startswith(f"{case.variant}+")
            and ((other.target, other.workload, other.shape) == (case.target, case.workload, case.shape))
        ):
            return row
    return None
