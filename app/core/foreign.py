"""Text that others wrote, on its way out: one filter for each kind of place that would obey it.

Labels, notes, names, reasons, kernel texts and file names come from sessions, drivers and users. Whatever is
in them is to be read, never to be done: by a terminal, a reader of Markdown or XML, or a spreadsheet. Jinja
and ``html.escape`` make them HTML, ``app.gui.parts.plain`` gives them to Qt.
"""

import re
from unicodedata import category, normalize

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories that a screen does not show: controls, directions, joiners, separators, what is no character."""

_LINES = frozenset("\n\t")


def visible(text: str) -> str:
    r"""``text`` with what a screen would obey or hide written out, such as ``\x1b``; lines stay lines.

    Control characters (C0 and C1) steer terminals, those of direction let a text read as another one.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _LINES or not _hidden(c) else _written(c) for c in text)


def as_line(text: str) -> str:
    """``visible`` text without line breaks and tabs, so that it can be no other line than its own."""
    return visible(text) if text.isprintable() else visible(re.sub(r"\r?\n|\t", " ", text))


def first_line(text: str) -> str:
    """The first line of ``text``; empty where there is none."""
    return "".join(text.splitlines()[:1])


def ascii_json(text: str) -> str:
    """JSON whose strings hide no character: such are written as JSON has it."""
    if text.isprintable():
        return text

    def written(c: str) -> str:
        units = c.encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))

    return "".join(c if c.isprintable() or c in _LINES or not _hidden(c) else written(c) for c in text)


_MARKS = re.compile(r"[&<>\\]|(?<![^\W_])_|_(?![^\W_])|[\[\]`*~|$]|(?<=\w)://|(?<=(?i:www))\.|@")
_BEGINS = re.compile(r"\d{1,9}(?=[.)](?:\s|$))|(?=[-+#=])")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\\": "&#92;", "://": "&#58;//", ".": "&#46;", "@": "&#64;"}


def markdown(text: str) -> str:
    """``text`` as one line of Markdown that shows it: no table, link, image, emphasis or HTML comes of it.

    A backslash is written as an entity, so that what follows it is escaped in every reader or in none.
    """
    text = _MARKS.sub(lambda found: _NAMED.get(found[0], f"\\{found[0]}"), as_line(text).strip())
    head = _BEGINS.match(text)
    return f"{text[: head.end()]}\\{text[head.end() :]}" if head else text


_FORMULA = frozenset("=+-@")


def spreadsheet(text: str) -> str:
    """``text`` as a cell of CSV or TSV, quoted where a spreadsheet would take it for a formula.

    As OWASP advises (CSV injection); blanks before the sign hide it no more than its full width does.
    """
    text = as_line(text)
    return f"'{text}" if normalize("NFKC", text.lstrip()[:1]) in _FORMULA else text


def _hidden(c: str) -> bool:
    return category(c) in _HIDDEN


def _written(c: str) -> str:
    code = ord(c)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
