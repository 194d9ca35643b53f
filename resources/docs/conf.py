"""Settings of Sphinx for the site; ``resources.docs.build`` finds its pages.

Nothing is fetched, neither while it is built nor by its readers.
"""

import builtins

from docutils.nodes import document
from pygments.lexers.special import TextLexer
from sphinx.addnodes import desc_annotation, pending_xref
from sphinx.application import Sphinx
from sphinx.ext.napoleon import Config, GoogleDocstring

from app import __version__

project = "Kernelscope"
version = release = __version__
extensions = ["sphinx.ext.autodoc", "myst_parser"]
html_theme = "furo"
html_title = project
html_copy_source = False
html_show_copyright = False
toc_object_entries = False

autodoc_member_order = "bysource"
autodoc_use_type_comments = False
autodoc_default_options = {
    "members": True,
    "undoc-members": True,
    "ignore-module-all": True,  # what a package hands on is described where it is written
}

myst_heading_anchors = 3

SECTIONS = Config()
LONGEST_VALUE = 100


def leave_builtins(_: Sphinx, page: document) -> None:
    """Take links from ``bytes`` and the like, which would lead to an attribute of that name."""
    for link in list(page.findall(pending_xref)):
        if hasattr(builtins, link["reftarget"]):
            link.replace_self(link.children)


def leave_long_values(_: Sphinx, page: document) -> None:
    """Take values from constants such as tables, which are longer than all that is said of them."""
    for value in list(page.findall(desc_annotation)):
        if value.astext().startswith(" = ") and len(value.astext()) > LONGEST_VALUE:
            value.parent.remove(value)


def read_sections(
    _: Sphinx, kind: str, name: str, described: object, options: object, lines: list[str]
) -> None:
    """Make fields of "Raises:" and its like; elsewhere a colon in a first line is no more than a colon."""
    if kind in ("function", "method"):
        lines[:] = GoogleDocstring(lines, SECTIONS, what=kind).lines()


def setup(app: Sphinx) -> None:
    """Connect what is above, and show diagrams as the text that they are written in."""
    app.add_lexer("mermaid", TextLexer)
    app.connect("autodoc-process-docstring", read_sections)
    app.connect("doctree-read", leave_builtins)
    app.connect("doctree-read", leave_long_values)
