"""Transfers bring every byte, a poisoned one shows, and both clocks agree."""

import numpy as np
import pytest

from app.catalog import index as catalog
from app.catalog import programs
from app.core.errors import KernelscopeError
from app.core.program import Program
from app.core.shape import Shape
from app.core.target import Runtime
from app.core.variant import Operation
from app.engines import each_of, load
from app.engines.webgpu.device import GpuDevice
from app.engines.webgpu.timing import StampTimer, WallTimer
from app.workloads import workloads

ENGINE = load("webgpu")
TARGETS = ENGINE.targets()
pytestmark = pytest.mark.skipif(not TARGETS, reason="no adapter here")


@pytest.fixture(params=TARGETS, ids=lambda target: target.id)
def device(request: pytest.FixtureRequest) -> GpuDevice:
    return ENGINE.open(request.param)


def program(operation: str, count: int) -> Program:
    operands = workloads()["transfer"].inputs(Shape(count), 1)
    return programs.build(catalog.find("transfer", operation, Runtime.WGSL), operands, {})


@pytest.mark.parametrize("operation", ["upload", "download", "map", "dispatch"])
@pytest.mark.parametrize("count", [1, 257, 100_003])
def test_every_byte_arrives_unchanged(operation: str, count: int, device: GpuDevice) -> None:
    transfer = program(operation, count)
    (source,) = transfer.layout.buffers.values()
    kernel = device.prepare(transfer)
    try:
        assert (kernel.result() == source).all()
        kernel.poison()
        assert np.isnan(kernel.result()).all()
        assert kernel.time(3) > 0
        assert (kernel.result() == source).all()
    finally:
        kernel.close()


def test_an_operation_of_another_engine_is_refused(device: GpuDevice) -> None:
    known = program("upload", 1)
    with pytest.raises(KernelscopeError, match="no operation 'jspi'"):
        device.prepare(Program(known.source, known.layout, operation=Operation.JSPI))


def fma_program() -> Program:
    variant = catalog.find("fma", "f32", Runtime.WGSL)
    operands = workloads()["fma"].inputs(Shape(20_000), 1)
    return programs.build(variant, operands, {p.name: p.cpu for p in variant.parameters})


@pytest.mark.parametrize("batches", [1, 7, 40])
def test_batches_of_one_submission_are_as_long_as_those_sent_alone(batches: int, device: GpuDevice) -> None:
    kernel = device.prepare(fma_program())
    each = each_of(kernel)
    if not each:
        pytest.skip("no time stamps here")
    try:
        kernel.poison()
        together = each(4, batches)
        assert np.isfinite(kernel.result()).all()
        assert len(together) == batches
        alone = [kernel.time(4) for _ in range(7)]
        assert 0.3 < min(filter(None, together)) / min(filter(None, alone)) < 3
    finally:
        kernel.close()


def test_the_wall_and_the_stamps_agree(device: GpuDevice) -> None:
    """Where there are no time stamps the wall clock times kernels: it must work, and see about as much."""
    fma = fma_program()
    inner = device._device
    wall, stamps = WallTimer(inner), StampTimer(inner)
    by_wall = device._kernel(wall, fma)
    by_stamps = device._kernel(stamps, fma) if stamps.works() else by_wall
    ratios = [by_wall.time(4) / by_stamps.time(4) for _ in range(5)]
    by_wall.close()
    assert 0.5 < float(np.median(ratios)) < 5
