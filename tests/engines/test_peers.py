"""Libraries as peers: their answers are held against float64, and follow their operands."""

import time

import numpy as np
import pytest

from app.catalog.index import find, lay_out
from app.catalog.peers.model import model, nodes
from app.catalog.programs import build
from app.core.errors import KernelscopeError, UnsupportedError
from app.core.measurement import Error
from app.core.program import Program
from app.core.shape import Shape
from app.core.target import RUNTIMES, Runtime
from app.engines import installed, onnxruntime
from app.engines.native import NativeKernel
from app.measure.verify import WrongResult, check_follows, compare
from app.workloads import workloads

TARGETS = onnxruntime.ENGINE.targets()
ODD = Shape(33, 65, 17)


def prepared(workload: str, name: str, shape: Shape, copies: int = 1) -> tuple[NativeKernel, Program]:
    variant = find(workload, name, Runtime.ONNX)
    operands = workloads()[workload].inputs(shape, 1)
    program = build(variant, operands, variant.defaults(TARGETS[-1], shape))
    program = Program(program.source, program.layout, workload=workload, copies=copies)
    return onnxruntime.ENGINE.open(TARGETS[-1]).prepare(program), program


def error(kernel: NativeKernel, program: Program, shape: Shape) -> Error:
    workload = workloads()[program.workload]
    truth = workload.reference(workload.inputs(shape, 1))
    stored = workload.reference(program.layout.stored())
    return compare(program.layout.decode(kernel.result()), truth, stored, 1e-5)


def test_a_poisoned_answer_is_none_until_the_library_ran_again() -> None:
    kernel, program = prepared("matmul", "f32+constant", ODD, copies=3)
    kernel.poison()
    assert not np.isfinite(kernel.result()).any()
    kernel.time(2)
    assert error(kernel, program, ODD).acceptable
    kernel.close()


@pytest.mark.parametrize("name", ["f32", "f32+constant", "u8", "u8+constant"])
def test_answers_follow_operands_that_come_and_weights_that_stay(name: str) -> None:
    kernel, program = prepared("matmul", name, ODD)
    check_follows(kernel, program.layout)
    assert error(kernel, program, ODD).acceptable


def test_an_answer_that_does_not_follow_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel, program = prepared("matmul", "f32", ODD)
    monkeypatch.setattr(onnxruntime._Turn, "load", lambda *_: None)
    with pytest.raises(WrongResult, match="stayed the same"):
        check_follows(kernel, program.layout)


def test_rounding_inside_a_library_is_told_apart_from_what_it_stores() -> None:
    """What activations in 8 bits cost is no error of the library, and is known all the same."""
    shape = Shape(19, 70, 300)
    errors = {}
    for name in ("q4", "q4-a8"):
        kernel, program = prepared("q4-matmul", name, shape)
        errors[name] = error(kernel, program, shape)
        assert errors[name].acceptable
    x = workloads()["q4-matmul"].inputs(shape, 1)[1]
    rounded = program.layout.stored()[1]
    assert 1e-3 < np.linalg.norm(rounded - x) / np.linalg.norm(x) < 1e-2
    assert find("q4-matmul", "q4-a8", Runtime.ONNX).compute == "i8"


def test_each_copy_has_a_session_of_its_own() -> None:
    kernel, _ = prepared("matmul", "f32+constant", ODD, copies=3)
    assert len({id(turn._session) for turn in kernel._all}) == 3
    zeros = np.zeros((17, 65), np.float32)
    kernel.load({"b": zeros})
    for _ in range(3):
        kernel.time(1)
        assert not kernel.result().any()


def test_a_model_is_what_its_text_says() -> None:
    text = "z = MatMul(a, b)\nz = Relu(z)\ny = com.microsoft.QuickGelu(z, alpha=0.5)\n"
    assert [(node.domain, node.operator) for node in nodes(text)] == [
        ("", "MatMul"),
        ("", "Relu"),
        ("com.microsoft", "QuickGelu"),
    ]
    operands = workloads()["matmul"].inputs(Shape(2, 3, 4), 1)
    layout = lay_out(find("matmul", "f32+constant", Runtime.ONNX), operands, {})
    session = onnxruntime._session(model(text, layout, layout.buffers), 1)
    assert [one.name for one in session.get_inputs()] == ["a"]
    (found,) = session.run(None, {"a": operands[0]})
    z = np.maximum(operands[0] @ operands[1], 0)
    assert np.allclose(found, z / (1 + np.exp(-0.5 * z)), atol=1e-6)


@pytest.mark.parametrize("text", ["MatMul(a, b)\n", "y = a\n", "y = MatMul(a, 'b')\n", "y = MatMul(a, 3)\n"])
def test_a_text_that_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"(operator|operand)"):
        nodes(text)


def test_what_the_library_lacks_is_said_in_one_line() -> None:
    operands = workloads()["matmul"].inputs(Shape(2, 3, 4), 1)
    layout = lay_out(find("matmul", "f32", Runtime.ONNX), operands, {})
    with pytest.raises(UnsupportedError, match="no such operator") as lacking:
        onnxruntime._session(model("y = Bessel(a, b)\n", layout, layout.buffers), 1)
    with pytest.raises(KernelscopeError, match="ONNX Runtime: ") as wrong:
        onnxruntime._session(model("y = MatMul(a)\n", layout, layout.buffers), 1)
    assert not any("\n" in str(raised.value) for raised in (lacking, wrong))


def test_threads_are_those_asked_for() -> None:
    """One thread keeps one core busy, whatever the processor has."""
    assert [target.properties["threads"] for target in TARGETS][-1] == "1"
    kernel, _ = prepared("matmul", "f32", Shape(256, 256, 256))
    kernel.time(1)
    wall, cpu = time.perf_counter(), time.process_time()
    kernel.time(20)
    assert time.process_time() - cpu < 1.5 * (time.perf_counter() - wall)


def test_libraries_are_there_where_they_are_installed() -> None:
    assert installed("onnxruntime")
    assert installed("wasmtime")
    assert [runtime for runtime, about in RUNTIMES.items() if about.peer] == [
        *(Runtime.NUMPY, Runtime.ONNX, Runtime.TORCH, Runtime.TFJS)
    ]
