"""Kernels in what people copy: out of pages, scripts, issues and logs."""

import html
import re

from app.core.directives import bare
from app.core.target import Runtime

LONGEST_PASTED = 4 << 20
"""Characters that are looked through."""

_FENCE = re.compile(r"```[ \t]*\w*[^\n]*\n(.*?)```", re.DOTALL)
_LITERAL = re.compile(r"`([^`]*)`", re.DOTALL)
_PREFIX = re.compile(
    r"^(?:\[?[\d:.,TZ/ -]{8,30}\]?\s+)?(?:\[?(?:INFO|DEBUG|WARN\w*|ERROR|info|debug|log)\]?[: ]\s?)?"
)
_NUMBERED = re.compile(r"^\s*\d+\s*[|:]\s?")
HEAD = re.compile(r"(?P<head>(?:@\s*\w+(?:\s*\([^)]*\))?\s*)+)fn\s+(?P<name>\w+)\s*\(", re.DOTALL)
"""A function with its attributes."""

EXPORTED = re.compile(
    r'\(\s*func\b[^()]*\(\s*export\s+"([^"]+)"\s*\)((?:\s*\(\s*(?:param|result)\b[^()]*\))*)'
)
"""A function of a WAT module that is exported, and its parameters."""


def kernel_in(text: str) -> tuple[Runtime, str] | None:
    """The kernel in what somebody copied from a page, a script or a log; None where there is none.

    Fences of Markdown, JavaScript's back-ticks, HTML's entities, line numbers and the heads of log lines go.
    """
    text = text[:LONGEST_PASTED]
    plain = html.unescape(text) if re.search(r"&(?:lt|gt|amp|quot|#\d+);", text) else text
    tried = [*_FENCE.findall(plain), *_LITERAL.findall(plain), plain]
    for piece in [*map(_plain_lines, tried), *tried]:
        if HEAD.search(bare(piece)) and "@compute" in bare(piece).replace("@ compute", "@compute"):
            return Runtime.WGSL, piece.strip("\n") + "\n"
        if re.match(r"\s*(?:;;[^\n]*\n\s*)*\(\s*module\b", piece) and EXPORTED.search(piece):
            return Runtime.WASM, piece.strip() + "\n"
    return None


def _plain_lines(text: str) -> str:
    """Lines without times, levels and numbers, if most of them have some."""
    lines = text.splitlines()
    for pattern in (_PREFIX, _NUMBERED):
        found = [pattern.match(line) for line in lines]
        if sum(bool(one and one.end()) for one in found) > len(lines) / 2:
            lines = [line[one.end() :] if one else line for line, one in zip(lines, found, strict=True)]
    return "\n".join(lines)
