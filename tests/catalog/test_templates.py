"""Templates declare what they take, take what they declare, and are small enough to be read at once."""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from jinja2.meta import find_referenced_templates
from msgspec.structs import replace

from app.catalog import index as catalog
from app.catalog import programs, render
from app.catalog.declarations import Templates, declared
from app.core.errors import KernelscopeError
from app.core.target import Dialect, Runtime
from app.core.variant import Parameter, Variant
from tests.conftest import ROOT

OWN = [v for v in catalog.variants() if v.template and v.checked]
FILES = {
    Runtime.WGSL: sorted(str(f.relative_to(ROOT / "kernels")) for f in ROOT.glob("kernels/**/*.wgsl")),
    Runtime.WASM: sorted(
        str(f.relative_to(ROOT / "wasm_modules")) for f in ROOT.glob("wasm_modules/**/*.wat")
    ),
}
Said = Callable[..., str]
ENGINES_READ = {"opt_level", "threads", "base_gib"}
"""Parameters that no template needs to take."""


@cache
def taken(runtime: Runtime, template: str) -> dict[str, set[str]]:
    """What ``template`` and all that it includes and imports declare, file by file."""
    environment = render._environment(runtime)
    assert environment.loader is not None
    found: dict[str, set[str]] = {}
    waiting = [template]
    while waiting:
        name = waiting.pop()
        environment.get_template(name)  # which would tell of a wrong declaration
        tree = environment.parse(environment.loader.get_source(environment, name)[0])
        found[name] = declared(tree)
        for other in find_referenced_templates(tree):
            assert other, f"{name} includes something that only rendering tells"
            if other not in found:
                waiting.append(other)
    return found


@pytest.mark.parametrize("runtime", FILES)
def test_every_template_declares_exactly_what_it_uses(runtime: Runtime) -> None:
    """And each belongs to a variant."""
    used: set[str] = set()
    glue = {name for name in FILES[runtime] if name.startswith("glue/")}  # what models take between operators
    for template in {f"{v.folder}/{v.template}" for v in OWN if v.runtime is runtime} | glue:
        used |= taken(runtime, template).keys()
    assert len(FILES[runtime]) > 12
    assert sorted(used) == FILES[runtime]


@pytest.mark.parametrize("runtime", FILES)
def test_no_template_outgrows_a_reader(runtime: Runtime) -> None:
    folder = ROOT / runtime.about.package
    assert {n: size for n in FILES[runtime] if (size := (folder / n).read_text().count("\n")) > 120} == {}


def test_no_parameter_is_without_effect() -> None:
    for variant in OWN:
        names = set().union(*taken(variant.runtime, f"{variant.folder}/{variant.template}").values())
        assert {p.name for p in variant.parameters} <= names | ENGINES_READ, variant.name


@pytest.fixture
def rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Said:
    """The text of a made-up template in the place of f32's, or why there is none; it may include another."""
    package = tmp_path / "madeup_kernels"
    (package / "matvec").mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, package.name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    environment = render._environment(Runtime.WGSL).overlay(loader=Templates(package.name, ""))
    monkeypatch.setattr(render, "_environment", lambda runtime: environment)

    def said(text: str, included: str = "", **changes: object) -> str:
        (package / "matvec" / "madeup.wgsl").write_text(text)
        (package / "matvec" / "part.wgsl").write_text(included)
        variant: Variant = replace(
            catalog.find("matvec", "f32", Runtime.WGSL), template="madeup.wgsl", **changes
        )
        try:
            return "text: " + render.render(variant, {p.name: p.gpu for p in variant.parameters}, Dialect.WEB)
        except KernelscopeError as error:
            return str(error)

    return said


INCLUDE = '//% include "matvec/part.wgsl"\n'


@pytest.mark.parametrize(
    ("text", "included", "told"),
    [
        ("//% param name, unroll\n{{ name }}\n{{ unroll }}\n", "", "text: f32\n4\n"),
        ("{#- Says its name. -#}\n//% param name\n{{ name }}\n", "", "text: f32\n"),
        (
            "//% param name\n{{ name }} {{ unroll }} {{ storage }}\n",
            "",
            "template matvec/madeup.wgsl uses storage, unroll without declaring it (param)",
        ),
        (
            "//% param name, storage\n{{ name }}\n",
            "",
            "template matvec/madeup.wgsl declares storage and never uses it",
        ),
        (
            "//% param name\n//% param waste\n{{ name }} {{ waste }}\n",
            "",
            "template matvec/madeup.wgsl takes waste, which f32 does not give",
        ),
        (
            "//% param waste\n//% if false\n{{ waste }}\n//% endif\n",
            "",
            "template matvec/madeup.wgsl takes waste, which f32 does not give",
        ),
        (
            INCLUDE,
            "{{ unroll }}\n",
            "template matvec/part.wgsl uses unroll without declaring it (param)",
        ),
        (
            INCLUDE,
            "//% param deep\n{{ deep }}\n",
            "template matvec/part.wgsl takes deep, which f32 does not give",
        ),
        ("//% set deep = 3\n" + INCLUDE, "//% param deep\n{{ deep }}\n", "text: 3\n"),
        (
            '//% from "matvec/part.wgsl" import twice with context\n{{ twice() }}\n',
            "//% param unroll\n//% macro twice()\n{{ 2 * unroll }}\n//% endmacro\n",
            "text: 8\n",
        ),
    ],
)
def test_what_is_declared_is_what_is_taken(rendered: Said, text: str, included: str, told: str) -> None:
    assert rendered(text, included) == told


def test_a_declaration_may_say_which_variants_give_it(rendered: Said) -> None:
    text = """//% param techniques
//% param split, unroll if "splitk" in techniques
{{ split if "splitk" in techniques }}{{ unroll if "splitk" in techniques }}.
"""
    split = Parameter("split", 8, 8)
    unroll = Parameter("unroll", 1, 1)
    assert rendered(text, parameters=()) == "text: .\n"
    assert rendered(text, techniques=("splitk",), parameters=(split, unroll)) == "text: 81.\n"
    assert rendered(text, techniques=("splitk",), parameters=(unroll,)).endswith(
        "takes split, which f32 does not give"
    )
    assert rendered(text, parameters=(unroll,)).endswith("takes no unroll from f32, which gives it")


def test_a_declaration_that_is_none_is_told(rendered: Said) -> None:
    assert rendered("//% param 3\n").startswith("template matvec/madeup.wgsl: expected token 'name'")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tile_rows": 4096, "tile_columns": 4096}, "choose smaller parameters"),
        ({"tile_rows": "many"}, "template matmul/"),
    ],
)
def test_parameters_of_a_stranger_end_in_a_line(change: dict[str, int | str], words: str) -> None:
    f32 = catalog.find("matmul", "f32-tile", Runtime.WGSL)
    with pytest.raises(KernelscopeError, match=words):
        programs.source(f32, {p.name: p.gpu for p in f32.parameters} | change)
