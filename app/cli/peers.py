"""``peers``: the libraries that kernels stand beside, which of them are here, and how they come."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from app.cli.output import plain_table, print_json, print_table, say
from app.core.errors import UsageError
from app.engines.browser import packages
from app.figures import units
from app.storage.packages import install, remove

NATIVE = {"onnxruntime": "pip install kernelscope[peers]", "torch": "pip install kernelscope[torch]"}
"""What Python's own installer brings, and how."""


def list_peers(as_json: bool) -> None:
    """Print every library: its version, whether it is here, how it comes."""
    found = [
        {"name": "numpy", "where": "native", "version": np.__version__, "installed": True, "how": "always"}
    ]
    for name, how in NATIVE.items():
        try:
            there = version(name)
        except PackageNotFoundError:
            there = ""
        found.append(
            {"name": name, "where": "native", "version": there or "–", "installed": bool(there), "how": how}
        )
    for name, parts in packages.LIBRARIES.items():
        size = sum(packages.pinned()[part].size for part in parts)
        how = f"kernelscope peers install {name} ({units.bytes_(size)})"
        here = packages.installed(name)
        found.append(
            {
                "name": name,
                "where": "browser",
                "version": packages.version(name),
                "installed": here,
                "how": how,
            }
        )
    if as_json:
        print_json(found)
        return
    table = plain_table("library", "runs", "version", "here", "comes by", wrap=True)
    for one in found:
        table.add_row(
            str(one["name"]),
            str(one["where"]),
            str(one["version"]),
            "yes" if one["installed"] else "no",
            str(one["how"]),
        )
    print_table(table)


def install_peers(names: list[str], source: Path | None) -> None:
    """Bring libraries of pages, all where none is named.

    Raises:
        KernelscopeError: there is no such library, or ``install`` refuses.
    """
    for name in _known(names):
        for line in install(name, source):
            say(line)


def remove_peers(names: list[str]) -> None:
    """Take libraries of pages away, all where none is named.

    Raises:
        KernelscopeError: there is no such library, or it cannot be removed.
    """
    for name in _known(names):
        count = remove(name)
        say(f"{name}: {f'{count} packages removed' if count else 'was not installed'}")


def _known(names: list[str]) -> list[str]:
    for name in names:
        if name not in packages.LIBRARIES:
            how = f": {NATIVE[name]}" if name in NATIVE else f"; there are: {', '.join(packages.LIBRARIES)}"
            raise UsageError(f"{name!r} is no package of npm that is brought here{how}")
    return names or list(packages.LIBRARIES)
