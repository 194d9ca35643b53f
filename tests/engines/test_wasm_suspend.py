"""promiseFib, suspended in every way there is here."""

import pytest

from app.catalog.index import find, variants
from app.catalog.programs import build
from app.core.errors import LimitError
from app.core.shape import Shape
from app.core.target import Runtime
from app.core.variant import why_not
from app.engines import load
from app.workloads import workloads
from app.workloads.suspend import LARGEST, fibonacci

WORKLOAD = workloads()["suspend"]


def test_the_articles_fibonacci_starts_with_two_ones() -> None:
    assert [fibonacci(n) for n in range(13)] == [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233]
    assert WORKLOAD.flops(Shape(12)) == 232, "as many additions, each of which suspends once"


@pytest.mark.parametrize("engine", ["wasmtime", "v8"])
@pytest.mark.parametrize("name", [v.name for v in variants() if v.workload == "suspend"])
def test_every_way_gives_the_number(engine: str, name: str) -> None:
    loaded = load(engine)
    target = loaded.targets()[0]
    variant = find("suspend", name, Runtime.WASM)
    if reason := why_not(variant, target):
        assert name in {"wasmtime": "jspi", "v8": "fibers"}[engine], reason
        return
    for n in (1, 2, 13):
        program = build(variant, WORKLOAD.inputs(Shape(n), 1), variant.defaults(target))
        kernel = loaded.open(target).prepare(program)
        kernel.poison()
        kernel.time(3)
        assert kernel.result().tolist() == [fibonacci(n)]
        assert kernel.costs.module_bytes > 100
        kernel.close()


def test_too_large_a_number_is_a_limit() -> None:
    variant = find("suspend", "plain", Runtime.WASM)
    with pytest.raises(LimitError, match=f"largest here is {LARGEST}"):
        build(variant, WORKLOAD.inputs(Shape(LARGEST + 1), 1), {})
