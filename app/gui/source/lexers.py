"""Pygments' readers of our languages; WAT's learns the vector instructions."""

from pygments.lexer import Lexer, inherit
from pygments.lexers.asm import NasmLexer
from pygments.lexers.javascript import JavascriptLexer
from pygments.lexers.python import PythonLexer
from pygments.lexers.webassembly import WatLexer
from pygments.lexers.wgsl import WgslLexer
from pygments.token import Keyword, Name


class _Wat(WatLexer):  # type: ignore[misc]
    tokens = {  # noqa: RUF012
        "root": [
            (r"\b(?:v128|i8x16|i16x8|[if]32x4|[if]64x2|f16x8)(?:\.[a-z0-9_]+)?", Name.Builtin),
            (r"\bi(?:8|16)x\d+\b", Keyword.Type),
            inherit,
        ]
    }


LEXERS: dict[str, type[Lexer]] = {
    "wgsl": WgslLexer,
    "wat": _Wat,
    "python": PythonLexer,
    "asm": NasmLexer,
    "javascript": JavascriptLexer,
}
