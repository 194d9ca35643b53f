"""Texts of the user's own on real engines: right, wrong, malformed, endless."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from app.catalog.index import find
from app.catalog.programs import source
from app.core.edit import Edit, beside
from app.core.measurement import Measurement, Place, Status
from app.core.plan import Case, Settings, make_plan
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.engines.wasmtime.device import WasmDevice
from app.findings.rows import rows
from app.measure.prepare import Refused, prepare
from app.storage.files import load, save
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import limited, take_session

Run = Callable[..., Session]
SMALL = Shape(65, 65)
SETTINGS = Settings(seconds=0.02)
SIMD = ("f32-simd", Runtime.WASM)
LIKE = {"webgpu": ("f32", Runtime.WGSL), "wasmtime": SIMD, "v8": SIMD}


@pytest.fixture
def run(supervisor: Supervisor, targets: list[Target]) -> Run:
    """Runs a changed text beside its original on the first target of an engine, and ends what ``hangs``."""

    def change(
        engine: str, spoil: Callable[[str], str], shape: Shape = SMALL, hangs: bool = False
    ) -> Session:
        target = next((t for t in targets if t.engine == engine), None)
        if target is None:
            pytest.skip(f"no {engine} here")
        like = find("matvec", *LIKE[engine])
        parameters = like.defaults(target)
        edit = Edit(
            workload="matvec",
            runtime=like.runtime,
            name="mine",
            like=like.name,
            text=spoil(source(like, parameters)),
            parameters=parameters,
        )
        plan = make_plan([target], beside(edit, like), [shape], like.name, SETTINGS)
        plan = structs.replace(plan, edits=(edit,))

        def within(own: Supervisor, limit: int) -> Session:
            settings = structs.replace(SETTINGS, step_seconds=limit)
            return take_session(own, targets, structs.replace(plan, settings=settings))[0]

        def fair(session: Session) -> bool:
            return session.measurements[0].status is Status.OK

        return limited(targets, within, fair) if hangs else take_session(supervisor, targets, plan)[0]

    return change


def mine(session: Session) -> Measurement:
    original, own = session.measurements
    assert original.status is Status.OK, original.reason
    return own


ENGINES = pytest.mark.parametrize("engine", LIKE)
COMMENT = {"webgpu": "// mine\n", "wasmtime": ";; mine\n", "v8": ";; mine\n"}


@ENGINES
def test_a_text_runs_beside_its_original_and_is_kept(engine: str, run: Run, tmp_path: Path) -> None:
    session = run(engine, lambda text: COMMENT[engine] + text)
    own = mine(session)
    assert own.status is Status.OK, own.reason
    row = rows(session, workloads())[1]
    assert row.variant.name == "mine"
    assert row.speedup
    assert session.kernels[own.kernel].text.startswith(COMMENT[engine])
    path = tmp_path / "a.kernelscope.json"
    save(session, path)
    assert load(path) == session


BREAK = {
    "webgpu": ("sum0 += ", "sum0 += 1.5 + "),
    "wasmtime": ("f32x4.add", "f32x4.sub"),
    "v8": ("f32x4.add", "f32x4.sub"),
}


@ENGINES
def test_a_wrong_text_has_no_speedup(engine: str, run: Run) -> None:
    session = run(engine, lambda text: text.replace(*BREAK[engine]))
    assert mine(session).status is Status.WRONG
    row = rows(session, workloads())[1]
    assert row.speedup is None
    assert row.summary is None


@ENGINES
def test_a_malformed_text_names_the_place(engine: str, run: Run) -> None:
    own = mine(run(engine, lambda text: COMMENT[engine] + "  oops\n" + text))
    assert own.status is Status.FAILED
    assert own.place == Place(2, 3)
    assert own.reason.startswith("does not compile: line 2, column 3: ")


def test_a_place_is_known_where_the_text_parses_but_is_not_valid(run: Run) -> None:
    own = mine(run("webgpu", lambda text: text.replace("var sum0", "matrix[0] = vector[0]; var sum0")))
    assert own.place is not None
    assert "not permitted" in own.reason or "store" in own.reason


# llvmpipe leaves a loop after 65,536 rounds: with this body in every thread that is minutes.
WORK = "for (var i = 0u; i < 2u; i *= 1u) { " + 64 * "result[i] = sin(result[i] + 1.0); " + "}"


@pytest.mark.parametrize("engine", ["wasmtime", "v8"])
def test_a_module_that_assembles_but_is_not_valid_names_the_line(engine: str, run: Run) -> None:
    texts: list[str] = []

    def spoil(text: str) -> str:
        texts.append(text.replace("f32x4.add", "i32.add", 1))
        return texts[0]

    own = mine(run(engine, spoil))
    assert own.status is Status.FAILED
    wrong = next(i for i, line in enumerate(texts[0].split("\n"), 1) if "i32.add (local.get $s0_0)" in line)
    assert own.place is not None
    assert own.place.line == wrong
    assert "type" in own.reason


ENDLESS = {
    "webgpu": ("var sum0", f"{WORK} var sum0"),
    "wasmtime": ("(local.set ", "(loop $endless (br $endless)) (local.set "),
    "v8": ("(local.set ", "(loop $endless (br $endless)) (local.set "),
}


@ENGINES
def test_an_endless_text_costs_only_its_case(engine: str, run: Run) -> None:
    session = run(engine, lambda text: text.replace(*ENDLESS[engine], 1), Shape(65536, 8), hangs=True)
    own = mine(session)
    assert own.status is Status.FAILED
    assert f"no answer for {session.plan.settings.step_seconds:g} s" in own.reason
    assert "in its first run" in own.reason


def test_parameters_that_no_original_has_cost_only_the_case(targets: list[Target]) -> None:
    target = next(target for target in targets if target.id == "wasmtime")
    edit = Edit(workload="matvec", runtime=Runtime.WASM, name="mine", like="f32-simd", text="x")
    case = Case("wasmtime", "matvec", "mine", Shape(8, 8))
    with pytest.raises(Refused, match="no value for parameter"):
        prepare(WasmDevice(), target, case, 1, [edit])
