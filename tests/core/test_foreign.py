"""Foreign text is text: whatever is in it, a terminal, Markdown, XML, JSON and a spreadsheet show it."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.core.foreign import as_line, ascii_json, markdown, spreadsheet, visible
from app.storage.formats import csv_of, markdown_of

HIDDEN = "\x00\x07\x08\x0b\x0d\x1b\x7f\x85\x9b\xad\u061c\u200b\u200e\u2028\u202e\u2066\ufeff\ufffe\U000e0041"
"""Controls of both sets, what turns or hides text, other line ends, and what is no character."""

TEXTS = st.text(
    st.one_of(
        st.sampled_from(HIDDEN),
        st.sampled_from("|[]()!<>&*_`~#+-=.:/@\\1a \n\t"),
        st.characters(codec="utf-8"),
    ),
    max_size=30,
)
ATTACKS = [
    "wasm | time](http://127.0.0.1:9/) ![p](http://127.0.0.1:9/p.png",
    "<img src=http://127.0.0.1:9/p.png>",
    "<http://127.0.0.1:9/>",
    "http://127.0.0.1:9/ and www.example.org and a@example.org",
    "a \\| b \\\\| c",
    "_a_ __b__ *c* **d** ~~e~~ `f` $g$",
    "\n# heading\n\n- list\n1. one\n> quote\n```\ncode",
    "[a]: http://127.0.0.1:9/",
    "&lt;script&gt; &#x5b;",
]
ordinary = settings(max_examples=150, deadline=None, derandomize=True)


@ordinary
@given(TEXTS)
def test_a_terminal_gets_nothing_to_obey(text: str) -> None:
    shown = visible(text)
    assert not set(shown) & set(HIDDEN)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown)
    assert visible(shown) == shown
    assert "\n" not in as_line(text)
    assert "\t" not in as_line(text)


def test_what_is_hidden_is_written_and_what_is_not_stays() -> None:
    assert visible("\x1b]0;owned\x07 \u202e \U000e0041") == r"\x1b]0;owned\x07 \u202e \U000e0041"
    assert visible("µs · 1.5\u202f× — 日本\n\té") == "µs · 1.5\u202f× — 日本\n\té"
    assert as_line("a\r\nb\nc\rd") == r"a b c\x0dd"


@ordinary
@given(TEXTS)
def test_xml_can_hold_it(text: str) -> None:
    element = ElementTree.Element("a")
    element.text = visible(text)
    assert (ElementTree.fromstring(ElementTree.tostring(element)).text or "") == visible(text)


@ordinary
@given(TEXTS)
def test_json_means_the_same(text: str) -> None:
    written = ascii_json(json.dumps({"a": text}, ensure_ascii=False))
    assert json.loads(written) == {"a": text}
    assert visible(written) == written


def kinds(text: str) -> set[str]:
    """What a reader of GitHub's Markdown makes of ``text``, besides paragraphs."""
    parsed = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    return {t.type for token in parsed for t in (token, *(token.children or ()))} - {"inline", "text"}


def shown(text: str) -> str:
    parsed = MarkdownIt("commonmark").parse(text)
    return "".join(t.content for token in parsed for t in token.children or ())


@pytest.mark.parametrize("text", ATTACKS)
def test_markdown_of_an_attack_is_a_paragraph(text: str) -> None:
    assert kinds(markdown(text)) <= {"paragraph_open", "paragraph_close"}
    assert shown(markdown(text)) == as_line(text).strip()
    assert not re.search(r"\bhttps?://|\bwww\.|\w@\w", markdown(text))  # of which GitHub makes links


@ordinary
@given(TEXTS)
def test_markdown_of_any_text_is_a_paragraph_of_it(text: str) -> None:
    assert kinds(markdown(text)) <= {"paragraph_open", "paragraph_close", "text_special"}
    assert re.sub(r"\s+", " ", shown(markdown(text))) == re.sub(r"\s+", " ", as_line(text).strip())


@ordinary
@given(TEXTS, TEXTS)
def test_a_cell_of_markdown_ends_where_it_should(one: str, other: str) -> None:
    parsed = MarkdownIt("commonmark").enable("table").parse(markdown_of(["a", "b"], [[one, other]]))
    assert [token.type for token in parsed].count("td_open") == 2
    cells = [token.content for token in parsed if token.type == "inline"]
    assert len(cells) == 4


@ordinary
@given(TEXTS)
def test_no_cell_of_a_spreadsheet_is_a_formula(text: str) -> None:
    written = csv_of(["a", "b"], [{"a": text, "b": -1.5}])
    ((cell, figure),) = list(csv.reader(io.StringIO(written)))[1:]
    assert not re.match(r"[\s\x00-\x1f]*[=+\-@＝＋－＠]", cell)  # noqa: RUF001
    assert figure == "-1.5"
    assert len(written.splitlines()) == 2


@pytest.mark.parametrize("text", ["=1+1", "\n=1+1", "\t+1", "\r-1", " @a", "\x00=1", "\u200b=1", "\uff1d1+1"])
def test_formulas_are_quoted(text: str) -> None:
    assert spreadsheet(text)[0] in "'\\"
