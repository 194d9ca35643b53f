"""Transfers bring every byte, a poisoned one shows, and both clocks agree."""

import numpy as np
import pytest

from app.catalog import programs
from app.catalog import variants as catalog
from app.core.errors import KernelscopeError
from app.core.program import Program
from app.core.shape import Shape
from app.core.target import Runtime
from app.core.variant import Operation
from app.engines import load
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


def test_the_wall_and_the_stamps_agree(device: GpuDevice) -> None:
    """Where there are no time stamps the wall clock times kernels: it must work, and see about as much."""
    variant = catalog.find("fma", "f32", Runtime.WGSL)
    operands = workloads()["fma"].inputs(Shape(20_000), 1)
    fma = programs.build(variant, operands, {p.name: p.cpu for p in variant.parameters})
    inner = device._device
    wall, stamps = WallTimer(inner), StampTimer(inner)
    by_wall = device._kernel(wall, fma)
    by_stamps = device._kernel(stamps, fma) if stamps.usable else by_wall
    ratios = [by_wall.time(4) / by_stamps.time(4) for _ in range(5)]
    by_wall.close()
    assert 0.5 < float(np.median(ratios)) < 5
