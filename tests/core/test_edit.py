"""What a text of the user's own may be called and written for."""

import pytest
from msgspec import structs

from app.catalog.index import find, with_edits
from app.core.edit import Edit, beside, check_name, edited
from app.core.errors import KernelscopeError
from app.core.feature_tests import web_ready
from app.core.target import Runtime
from tests.gui.made import FULL

F16 = find("matvec", "f16+coalesced", Runtime.WGSL)
CHOSEN = {"rows_per_thread": 2, "workgroup_size": 32, "unroll": 1}
EDIT = Edit(workload="matvec", runtime=Runtime.WGSL, name="mine", like=F16.name, text="fn", parameters=CHOSEN)


def test_an_edit_is_its_original_with_fixed_parameters() -> None:
    original, mine = beside(EDIT, F16)
    assert original.defaults(FULL) == mine.defaults(FULL) == CHOSEN
    for field in ("layout", "storage", "compute", "sums", "requires", "techniques"):
        assert getattr(mine, field) == getattr(F16, field)
    assert (mine.name, mine.summary, mine.template) == ("mine", "f16+coalesced, edited", "")


def test_an_edit_never_runs_without_the_checks_of_the_web() -> None:
    unchecked = find("matvec", "f32+unchecked", Runtime.WGSL)
    edit = structs.replace(EDIT, like=unchecked.name)
    assert edited(edit, unchecked).checked


@pytest.mark.parametrize("name", ["", "a,b", "a b", "*", "a/b", "-a", "x" * 41, "é", "a\n", "a\x1b[0m"])
def test_names_that_options_cannot_carry_are_refused(name: str) -> None:
    with pytest.raises(KernelscopeError, match="no name for a variant"):
        check_name(name, ())


def test_names_of_the_catalogue_are_taken() -> None:
    with pytest.raises(KernelscopeError, match="variant f32 already"):
        with_edits([structs.replace(EDIT, name="f32")])
    with pytest.raises(KernelscopeError, match="variant F32 already"):
        with_edits([structs.replace(EDIT, name="F32")])
    assert with_edits([EDIT])[-1].name == "mine"
    with pytest.raises(KernelscopeError, match="variant mine already"):
        with_edits([EDIT, EDIT])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "no value for parameter 'rows_per_thread'"),
        ({**CHOSEN, "x": 1}, "no parameter 'x'"),
        ({**CHOSEN, "unroll": 0}, "whole number"),
        ({**CHOSEN, "unroll": 1 << 40}, "whole number"),
        ({**CHOSEN, "unroll": "many"}, "whole number"),
    ],
)
def test_parameters_that_no_template_takes_are_refused(
    parameters: dict[str, int | str], message: str
) -> None:
    with pytest.raises(KernelscopeError, match=message):
        edited(structs.replace(EDIT, parameters=parameters), F16)


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(KernelscopeError, match="empty"):
        edited(structs.replace(EDIT, text=" \n"), F16)


def test_web_ready_puts_back_what_browsers_demand() -> None:
    text = "// a kernel\n// of two lines\nenable f16;\n\nfn main() {}\n"
    ready = web_ready(text, ("shader-f16", "subgroups"))
    assert ready == text.replace("enable f16;", "enable subgroups;\nenable f16;")
    assert web_ready(ready, ("shader-f16", "subgroups")) == ready
    assert web_ready("fn main() {}", ("subgroups",)).startswith("enable subgroups;\nfn")
    assert web_ready("fn main() {}", ()) == "fn main() {}"
