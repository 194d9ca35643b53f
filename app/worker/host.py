"""The machine a session was taken on."""

import platform
from functools import cache

import psutil

from app.core.session import Host
from app.system import all_cores, cores


def describe_host(versions: dict[str, str]) -> Host:
    """This machine, with the versions that the engines reported."""
    return Host(
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        processor=processor(),
        cores=cores(),
        all_cores=all_cores(),
        memory=psutil.virtual_memory().total,
        python=platform.python_version(),
        versions=dict(sorted(versions.items())),
    )


@cache
def processor() -> str:
    """The CPU's marketing name where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
