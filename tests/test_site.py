"""The site of documents and modules: built without a warning, whole, and fetching nothing from elsewhere."""

import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from resources.docs.build import packages
from run import DOCS, ROOT


class Page(HTMLParser):
    """What a page links to, what it loads without being asked, and the places in it that can be linked to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.places: set[str] = set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name == "id" and value:
                self.places.add(value)
            elif name in ("href", "src", "srcset") and value:
                (self.links if tag == "a" else self.loaded).append(value)


read = cache(Page)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run(
        [sys.executable, *DOCS[1:-1], folder], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return folder


def test_every_document_has_a_page(site: Path) -> None:
    found = [path for pattern in ("*.md", ".github/*.md", "app/**/*.md") for path in ROOT.glob(pattern)]
    names = {path.stem for path in found}
    assert names >= {"README", "CHANGELOG", "CONTRIBUTING", "ARCHITECTURE", "STATISTICS"}
    for path in found:
        page = (site / path.relative_to(ROOT)).with_suffix(".html")
        title = path.read_text("utf-8").partition("\n")[0].removeprefix("# ")
        assert f"<h1>{title}<" in page.read_text("utf-8")


def test_every_public_module_has_a_page(site: Path) -> None:
    files = [path.relative_to(ROOT) for name in packages() for path in (ROOT / name).rglob("*.py")]
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in files]
    public = [name for name in names if "._" not in name]
    assert len(public) > 100
    for name in public:
        assert f'id="module-{name}"' in (site / "api" / f"{name}.html").read_text("utf-8")


def test_links_of_the_site_lead_somewhere(site: Path) -> None:
    lost = []
    for path in site.rglob("*.html"):
        for link in (*read(path).links, *read(path).loaded):
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            places = read(target).places if target.suffix == ".html" and target.is_file() else set()
            if not target.is_file() or (places and parts.fragment and unquote(parts.fragment) not in places):
                lost.append((path.name, link))
    assert lost == []


def test_a_reader_of_the_site_fetches_nothing(site: Path) -> None:
    loaded = {link for path in site.rglob("*.html") for link in read(path).loaded}
    assert {urlsplit(link).netloc for link in loaded} == {""}
    styles = [path.read_text("utf-8") for path in site.rglob("*.css")]
    assert [text for text in styles if re.search(r"""url\(["']?(https?:)?//""", text)] == []
