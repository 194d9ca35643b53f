"""What a WGSL text switches on, read as compilers read it: comments say nothing, lines and columns stay."""

import pytest

from app.core.directives import bare, named, needed, without_enabling
from app.core.feature_tests import spelt, web_ready
from app.core.target import Dialect

KERNEL = "fn main() { let bad = subgroupAdd(1.0); }\n"


@pytest.mark.parametrize(
    ("head", "features"),
    [
        ("", ("subgroups",)),
        ("enable subgroups;\n", ("subgroups",)),
        ("// needs: enable f16; in a browser\n", ("subgroups",)),
        ("/* enable f16; /* nested */ enable f16; */ enable subgroups;\n", ("subgroups",)),
        ("// a /* that begins nothing\nenable f16 , subgroups ;\n", ("shader-f16", "subgroups")),
        (
            "diagnostic(off, derivative_uniformity);\nrequires a;\nenable\n f16,\n;",
            ("shader-f16", "subgroups"),
        ),
    ],
)
def test_a_text_tells_what_it_needs(head: str, features: tuple[str, ...]) -> None:
    assert needed(head + KERNEL) == features


@pytest.mark.parametrize(
    "text", ["fn f() { subgroups(); }", "// subgroupAdd(1)\n", "let subgroupAdd = 1;", "/*"]
)
def test_a_name_alone_uses_nothing(text: str) -> None:
    assert needed(text) == ()


@pytest.mark.parametrize(
    ("head", "left"),
    [
        ("enable subgroups;\n", "                 \n"),
        ("enable subgroups, f16;\n", "enable            f16;\n"),
        ("enable f16, subgroups;\n", "enable f16           ;\n"),
        ("enable f16, subgroups, a;\n", "enable f16,            a;\n"),
        ("enable f16;enable subgroups;\n", "enable f16;                 \n"),
        ("enable /* ; , */ subgroups;\n", None),
        ("// enable subgroups;\n", "// enable subgroups;\n"),
    ],
)
def test_taking_a_name_away_moves_nothing(head: str, left: str | None) -> None:
    text = head + KERNEL
    without = without_enabling(text, "subgroups")
    assert "subgroups" not in [one.name for one in named(without)]
    assert [len(line) for line in without.splitlines()] == [len(line) for line in text.splitlines()]
    if left is not None:
        assert without == left + KERNEL


@pytest.mark.parametrize("head", ["", "  ", "// enable subgroups;\n", "/* a */ ", "// a\n   ", "\n\n"])
def test_what_a_browser_wants_is_a_line_of_its_own(head: str) -> None:
    text = head + KERNEL
    ready = web_ready(text, ("subgroups",))
    assert ready.replace("enable subgroups;\n", "", 1) == text or ready.count("enable subgroups;\n") == 2
    assert len(ready.splitlines()) == len(text.splitlines()) + 1
    assert ready.splitlines()[-1] == text.splitlines()[-1]
    assert web_ready(ready, ("subgroups",)) == ready
    assert [one.name for one in named(ready)] == ["subgroups"]


def test_comments_become_blanks() -> None:
    text = "a /* b /* c */\n d */ e // f\n/* // */ g */"
    assert bare(text) == "a             \n      e     \n         g */"


@pytest.mark.parametrize(
    ("head", "naga", "web"),
    [
        ("enable f16, subgroups; x", "enable f16           ; x", "enable f16, subgroups; x"),
        ("enable subgroups_f16; x", "                      x", "                      x"),
        ("requires subgroup_id; x", "                      x", "requires subgroup_id; x"),
        ("requires a, subgroup_uniformity ; x", "requires a                      ; x", None),
        ("diagnostic(off, subgroup_uniformity); x", "diagnostic(off, subgroup_uniformity); x", None),
    ],
)
def test_each_compiler_gets_its_own_spelling_in_place(head: str, naga: str, web: str | None) -> None:
    requires = needed(head)
    assert spelt(head, requires, Dialect.NAGA) == naga
    lines = spelt(head, requires, Dialect.WEB).splitlines()
    assert lines[-1] == (web or head)  # what it lacks stands in lines before it
    assert lines[:-1] == (["enable subgroups;", "enable f16;"] if "subgroups_f16" in head else [])
