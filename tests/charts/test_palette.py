"""The palette: any two variants can be told apart, by whom and on what ground they may be seen."""

from itertools import combinations

import numpy as np
import pytest

from app.catalog.index import usual, variants
from app.charts.palette import DARK_INKS, INKS, LIGHT_INKS, inks
from app.gui.parts.theme import DARK, LIGHT, Colours
from tests.charts.colour import VISIONS, ciede2000, contrast, distances

THEMES = ((LIGHT, LIGHT_INKS), (DARK, DARK_INKS))


def test_the_difference_is_the_published_one() -> None:
    """Pairs of Sharma, Wu and Dalal (2005)."""
    for one, other, away in (
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ):
        assert ciede2000(np.array(one, float), np.array(other, float)) == pytest.approx(away, abs=1e-4)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("vision", list(VISIONS))
@pytest.mark.parametrize(("theme", "found"), THEMES, ids=["light", "dark"])
def test_any_two_colours_can_be_told_apart(theme: Colours, found: tuple[str, ...], vision: str) -> None:
    away = distances([*found, theme.quiet], vision)
    assert away[np.triu_indices(len(away), 1)].min() >= 7
    own = [v for v in variants() if v.workload == "matvec" and not v.runtime.about.peer]
    usually = [v for v in own if usual(v)]
    default = sorted({ink.colour for ink in inks(v.name for v in usually).values()})
    assert len(default) == len({v.name for v in usually}), "each of the default plan has a colour of its own"
    assert min(away[i, j] for i, j in combinations(default, 2)) >= 10


@pytest.mark.parametrize(("theme", "found"), THEMES, ids=["light", "dark"])
def test_every_colour_stands_out_from_its_ground(theme: Colours, found: tuple[str, ...]) -> None:
    assert len(found) >= 20
    assert min(contrast(ink, ground) for ink in found for ground in (theme.base, theme.alternate)) >= 3


def test_a_variant_keeps_its_colour_whoever_stands_beside_it() -> None:
    names = list(dict.fromkeys(v.name for v in variants() if v.runtime.value in ("wgsl", "wasm")))
    whole = inks(names)
    assert all(inks([name])[name] == whole[name] for name in names if any(map(name.startswith, INKS)))
    known = list(INKS)
    for name, stem in (("u8-dot4-tile+subgroup", "u8-dot4"), ("f32+shared", "f32"), ("f32 (mine)", "f32")):
        assert known[whole.get(name, inks([name])[name]).colour] == stem
    for plain, other in (("u8-dot4", "u8-dot4-tile"), ("f32", "f32+subgroup"), ("f16", "f16+unchecked")):
        assert inks([plain])[plain].marker != inks([other])[other].marker


def test_a_4_bit_format_has_one_colour_whatever_it_computes_with() -> None:
    own = [v.name for v in variants() if v.workload in ("q4-matvec", "q4-matmul") and v.checked]
    found = inks(own)
    colours = {
        form: {found[name].colour for name in own if name.startswith(form)}
        for form in ("f32", "q4f16_1", "nbits", "q4_0", "q4_k")
    }
    assert all(len(each) == 1 for each in colours.values())
    assert len(set.union(*colours.values())) == len(colours)
    markers = [found[f"q4_0{how}"].marker % 8 for how in ("", "-f16", "-dot4", "+shared", "-dot4+shared")]
    assert len(set(markers)) == len(markers)
