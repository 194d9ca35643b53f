"""What the machine did beside samples: read from files like the system's, and from this machine itself."""

import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec import structs

from app import sensors
from app.core.conditions import Conditions, drift, energy, words
from app.core.plan import Case, Plan, Settings
from app.core.shape import Shape
from app.core.target import Target
from app.findings.rows import rows
from app.gui.results.details import facts
from app.sensors import Sensors
from app.storage.check import problem
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import take_session


def write(path: Path, number: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{number:.0f}\n", "ascii")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system's files that hold what a test writes."""
    for name in ("RAPL", "CARDS", "CPU"):
        monkeypatch.setattr(sensors, name, tmp_path / name)
    monkeypatch.setattr(sensors, "EVERY", 0.0)
    return tmp_path


def test_power_is_the_energy_between_two_readings(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = machine / "RAPL" / "intel-rapl:0" / "energy_uj"
    core = machine / "RAPL" / "intel-rapl:0:0" / "energy_uj"  # is part of the package
    hot = machine / "CPU" / "cpu0" / "thermal_throttle" / "core_throttle_count"
    write(counter, 1e6)
    write(core, 1e6)
    write(hot, 3)
    clock = iter((100.0, 100.0, 102.0, 102.0, 104.0, 104.0))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    own = Sensors()
    write(counter, 91e6)
    write(core, 50e6)
    write(hot, 4)
    first = own.latest()
    assert first.throttled == ("thermal",)
    write(counter, 181e6)
    second = own.latest()
    assert second.watts == pytest.approx(45.0)
    assert second.throttled == ()


def test_amds_files_are_those_of_the_card_at_that_place(machine: Path) -> None:
    for number, place in enumerate(("0000:03:00.0", "0000:43:00.0")):
        real = machine / "devices" / place
        write(real / "hwmon" / "hwmon0" / "freq1_input", 2.1e9 + number)
        write(real / "hwmon" / "hwmon0" / "temp1_input", 61_000)
        write(real / "hwmon" / "hwmon0" / "power1_average", 180e6)
        card = machine / "CARDS" / f"card{number}"
        card.mkdir(parents=True)
        (card / "device").symlink_to(real)
    found = Sensors("1002:744c@0000:43:00.0").latest()
    assert found == Conditions(2.1e9 + 1, 61.0, 180.0)
    assert not Sensors("1002:744c").latest().known  # which of two, nobody knows


def test_nvidia_tells_by_its_library(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = SimpleNamespace(
        NVML_CLOCK_SM=1,
        NVML_TEMPERATURE_GPU=0,
        nvmlInit=lambda: None,
        nvmlDeviceGetCount=lambda: 1,
        nvmlDeviceGetHandleByIndex=lambda i: i,
        nvmlDeviceGetPciInfo=lambda _: SimpleNamespace(busId="00000000:41:00.0"),
        nvmlDeviceGetClockInfo=lambda *_: 1980,
        nvmlDeviceGetTemperature=lambda *_: 44,
        nvmlDeviceGetPowerUsage=lambda _: 305_500,
        nvmlDeviceGetCurrentClocksThrottleReasons=lambda _: 0x1 | 0x4 | 0x40,
    )
    monkeypatch.setitem(sys.modules, "pynvml", library)
    found = Sensors("10de:2330@0000:41:00.0").latest()
    assert found == Conditions(1.98e9, 44.0, 305.5, ("power cap", "thermal (hardware)"))


def test_what_sensors_said_becomes_words_energy_and_an_explanation() -> None:
    readings = [Conditions(3.2e9 - 4e7 * i, 60.0 + i, 45.0) for i in range(12)]
    assert energy(readings, 2e-3) == pytest.approx(0.09)
    assert drift(readings) == "its clock fell from 3.10 to 2.86 GHz meanwhile"
    assert words(readings, 2e-3).startswith(
        "2.98 GHz (2.76-3.20), 65.5 °C (60.0-71.0), 45.0 W, 0.0900 J a run, "
    )
    assert drift(readings[:2]) == ""
    assert energy([Conditions(1e9)], 1.0) is None
    assert words([], 1.0) == ""


def test_samples_have_them_beside_themselves_and_sessions_keep_them(
    supervisor: Supervisor, targets: list[Target]
) -> None:
    case = Case("numpy", "matvec", "f32", Shape(64, 64))
    found, _ = take_session(supervisor, targets, Plan((case,), settings=Settings(seconds=0.02)))
    (measurement,) = found.measurements
    assert measurement.samples
    here = Sensors().latest()
    assert len(measurement.conditions) == (len(measurement.samples) if here.known else 0)
    assert problem(found) == ""
    told = (Conditions(2e9, 50.0, 10.0),) * len(measurement.samples)
    full = structs.replace(found, measurements=(structs.replace(measurement, conditions=told),))
    assert problem(full) == ""
    assert "2.00 GHz, 50.0 °C, 10.0 W" in dict(facts(rows(full, workloads())[0]))["Machine"]
    odd = structs.replace(full, measurements=(structs.replace(measurement, conditions=told[:1] * 2),))
    assert problem(odd)
    hot = (Conditions(float("inf")),) * len(measurement.samples)
    assert "out of range" in problem(
        structs.replace(found, measurements=(structs.replace(measurement, conditions=hot),))
    )
