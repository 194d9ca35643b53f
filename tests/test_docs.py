"""The documents: what they point to is there, and what they list is all there is."""

import re
from pathlib import Path

import pytest

from app.charts.modes import MODES

ROOT = Path(__file__).parent.parent
DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / ".github").glob("*.md")),
    *sorted((ROOT / "app").rglob("*.md")),
    *sorted((ROOT / "resources" / "docs").glob("*.md")),
)
LINKS = re.compile(r"""\]\((?!\w+:)([^)#]+)|(?:src|srcset)="([^"]+)\"""")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    found = ["".join(groups) for groups in LINKS.findall(document.read_text())]
    assert [link for link in found if not (document.parent / link).exists()] == []


def test_every_chart_is_listed_with_its_picture() -> None:
    listed = re.findall(
        r"\| \[([\w ]+)\]\(resources/screenshots/mode-(\w+)-light.png\) \|", DOCUMENTS[0].read_text()
    )
    assert listed == [(mode.title, mode.name) for mode in MODES]
    dark = [ROOT / "resources" / "screenshots" / f"mode-{mode.name}-dark.png" for mode in MODES]
    assert all(path.exists() for path in dark)
