"""Build the site of documents and modules: ``python -m resources.docs.build FOLDER``.

A document is any Markdown file at the top level, in ``.github``, here or in a package; a module is any
whose name no part of begins with an underscore. They are found, so a new one has its page without being
listed.
"""

import pkgutil
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path

from sphinx.cmd.build import main as sphinx

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
FIRST = ("README", "CHANGELOG", "CONTRIBUTING")
"""Names of the documents that come before all others, in this order."""
INVENTORY = "objects.inv"
"""Name of a file that every site of Sphinx has."""
LINKS = re.compile(r"\]\((?!\w+:)([^)#]+)")
PICTURES = re.compile(r'\b(?:src|srcset)="([^":]+)"')


def packages() -> list[str]:
    """Names of the packages that hold modules: those between which the linter keeps walls."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    names: list[str] = project["tool"]["importlinter"]["root_packages"]
    return names


def modules() -> dict[str, list[str]]:
    """Every public module by its full name, with the names of those directly below it."""
    below: dict[str, list[str]] = {}
    left = packages()
    while left:
        module = left.pop()
        paths = getattr(import_module(module), "__path__", [])
        names = sorted(found.name for found in pkgutil.iter_modules(paths))
        below[module] = [f"{module}.{name}" for name in names if not name.startswith("_")]
        left += below[module]
    return below


def documents() -> list[Path]:
    """Paths of all documents below the root, those of ``FIRST`` first."""
    patterns = ("*.md", ".github/*.md", "resources/docs/*.md", *(f"{name}/**/*.md" for name in packages()))
    found = [path.relative_to(ROOT) for pattern in patterns for path in ROOT.glob(pattern)]
    return sorted(found, key=lambda path: ([*FIRST, path.stem].index(path.stem), path))


def contents(pages: Iterable[str], caption: str) -> str:
    """A list of pages in reStructuredText, which the side bar shows under its caption."""
    return "\n   ".join([".. toctree::", f":caption: {caption}", ":titlesonly:", "", *pages]) + "\n"


def module_page(module: str, below: Sequence[str]) -> str:
    """The page of a module in reStructuredText: the modules below it, and what it holds.

    The side bar has packages alone: with all modules it would be most of every page.
    """
    title = f"{'' if below else ':orphan:'}\n\n{module}\n{'=' * len(module)}\n\n"
    links = "".join(f"- :doc:`/api/{name}`\n" for name in below)
    return f"{title}.. automodule:: {module}\n\n{links}"


def copy(path: Path, folder: Path) -> None:
    """Copy a file of the project to the same place below ``folder``."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / path, folder / path)


def linked(document: Path, pattern: re.Pattern[str]) -> list[Path]:
    """Paths below the root of the files that a document names in one of its ways."""
    found = [ROOT / document.parent / name for name in pattern.findall((ROOT / document).read_text("utf-8"))]
    return [path.resolve().relative_to(ROOT) for path in found if path.is_file()]


def write_sources(folder: Path) -> None:
    """Write what Sphinx reads: the documents where they stand in the project, and a page for each module."""
    for document in documents():
        for path in (document, *linked(document, LINKS)):
            copy(path, folder)
    (folder / "api").mkdir()
    found = modules()
    for module, below in found.items():
        (folder / "api" / f"{module}.rst").write_text(module_page(module, below), "utf-8")
    pages = contents((f"/{path.with_suffix('').as_posix()}" for path in documents()), "Documents")
    pages += "\n" + contents((f"/api/{name}" for name in sorted(found) if found[name]), "Modules")
    index = (HERE / "index.rst").read_text("utf-8")
    (folder / "index.rst").write_text(f"{index}\n{pages}", "utf-8")


def build(site: Path) -> int:
    """Build the site into a folder, in place of the one there; returns 0 if there was nothing to warn of."""
    if (site / INVENTORY).exists():
        shutil.rmtree(site)
    with tempfile.TemporaryDirectory(prefix="kernelscope-docs-") as made:
        sources, read = Path(made, "sources"), Path(made, "read")
        sources.mkdir()
        write_sources(sources)
        options = ["--quiet", "--fail-on-warning", "--jobs", "2", "-c", HERE, "-d", read]
        failed = sphinx([str(option) for option in (*options, sources, site)])
    for document in documents():
        for path in linked(document, PICTURES):
            copy(path, site)
    return failed


if __name__ == "__main__":
    code = build(Path(sys.argv[1]))
    if not code:
        print(f"The site is {Path(sys.argv[1], 'index.html').resolve()}")
    sys.exit(code)
