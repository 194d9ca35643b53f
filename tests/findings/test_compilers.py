"""One adapter through two compilers: found by its names, compared case by case, and never by chance."""

import msgspec
import pytest

from app.core.measurement import Measurement, Status
from app.core.plan import Case
from app.core.target import Runtime, Target
from app.findings.compilers import Twin, same_adapter, twins
from app.findings.rows import rows
from app.workloads import workloads
from tests.findings.test_rows import GOOD, HERE, session, variant

NATIVE = Target(
    id="sw",
    label="SwiftShader (Vulkan)",
    engine="webgpu",
    runtime=Runtime.WGSL,
    name="SwiftShader Device (Subzero)",
    backend="Vulkan",
    driver="",
    kind="CPU",
)
PAGE = msgspec.structs.replace(NATIVE, id="chrome", engine="browser", name="google swiftshader")


def native(name: str, driver: str = "") -> Target:
    return msgspec.structs.replace(NATIVE, name=name, driver=driver)


def page(name: str, vendor: str = "") -> Target:
    return msgspec.structs.replace(PAGE, name=name, properties={"vendor": vendor} if vendor else {})


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [
        (NATIVE, PAGE, True),
        (native("llvmpipe (LLVM 15)", "Mesa 22.3"), PAGE, False),
        (native("NVIDIA GeForce RTX 4090"), page("nvidia ada-lovelace", "nvidia"), True),
        (native("AMD Radeon RX 7900"), page("nvidia ada-lovelace", "nvidia"), False),
        (native("Apple M2"), page("apple metal-3", "apple"), True),
        (native("llvmpipe (LLVM 15)", "Mesa 22.3"), page("nvidia ada-lovelace", "nvidia"), False),
        (native("NVIDIA GeForce RTX 4090"), PAGE, False),
        (native("Odd Card"), page("Odd Card"), True),
        (native("Odd Card"), page("Other Card"), False),
        (PAGE, PAGE, False),
        (NATIVE, NATIVE, False),
    ],
)
def test_an_adapter_is_known_again_by_what_browsers_tell(here: Target, there: Target, same: bool) -> None:
    assert same_adapter(here, there) is same


def taken(where: Target, what: str, seconds: float, **more: object) -> Measurement:
    samples = tuple(seconds * (1 + i / 1000) for i in range(10))
    case = Case(where.id, "matvec", what, HERE, **more)
    return Measurement(case, Status.OK, samples=samples, repeats=1, error=GOOD)


def found(*measurements: Measurement) -> list[Twin]:
    unchecked = msgspec.structs.replace(variant("f32+unchecked"), checked=False)
    made = msgspec.structs.replace(
        session(*measurements), targets=(NATIVE, PAGE), variants=(variant("f32"), variant("fast"), unchecked)
    )
    return twins(rows(made, workloads()))


def test_each_case_is_compared_with_its_own() -> None:
    f32, fast = found(
        taken(NATIVE, "f32", 0.4),
        taken(NATIVE, "fast", 0.2),
        taken(NATIVE, "f32+unchecked", 0.3),
        taken(PAGE, "f32", 0.2),
        taken(PAGE, "fast", 0.3),
    )
    assert f32.ratio is not None
    assert f32.ratio.value == pytest.approx(2)
    assert f32.unchecked is not None
    assert fast.ratio is not None
    assert fast.ratio.value == pytest.approx(2 / 3)
    assert fast.unchecked is None


def test_other_parameters_are_another_kernel() -> None:
    assert found(taken(NATIVE, "f32", 0.4, parameters={"unroll": 1}), taken(PAGE, "f32", 0.2)) == []
    lost = msgspec.structs.replace(taken(PAGE, "f32", 0.2), status=Status.WRONG)
    assert found(taken(NATIVE, "f32", 0.4), lost) == []
