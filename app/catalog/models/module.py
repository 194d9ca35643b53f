"""One WebAssembly module of many: the texts of operators beside each other, over one memory."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.core.program import Step

_MEMORY = re.compile(r'\(import "kernelscope" "memory" .*\)\)\s*\(export "memory" \(memory 0\)\)')
_OWN_MEMORY = re.compile(r'\(memory \(export "memory"\) \d+\)')
_NAME = re.compile(r"\$(?=[A-Za-z_])")
_EXPORT = re.compile(r'\(export "(?!memory")')


def linked(texts: Mapping[str, str]) -> str:
    """The text of a module with the functions of all: names and exports of the first begin with ``m0_``.

    Where threads share the memory, the first of them runs what knows of none, and the others wait.
    """
    bodies = {number: _body(text, number) for number, text in enumerate(texts.values())}
    memories = [found[0] for text in texts.values() for found in [_MEMORY.search(text)] if found]
    meeting = next((number for number, body in bodies.items() if f"$m{number}_meet" in body), None)
    if memories and meeting is not None:
        bodies = {n: _by_the_first(body, n, meeting) for n, body in bodies.items()}
    memory = memories[0] if memories else '(memory (export "memory") 1)'
    named = [f"  ;; {name}\n  {bodies[number]}" for number, name in enumerate(texts)]
    return "\n".join(["(module", f"  {memory}", *named, ")", ""])


def _body(text: str, number: int) -> str:
    """What a module holds but for its memory, its names those of the whole."""
    body = text[text.index("(module") + len("(module") : text.rindex(")")]
    for pattern in (_MEMORY, _OWN_MEMORY):
        body = pattern.sub("", body, count=1)
    return _EXPORT.sub(f'(export "m{number}_', _NAME.sub(f"$m{number}_", body)).strip()


def _by_the_first(body: str, number: int, meeting: int) -> str:
    """``body`` with exports that take the number of their thread and of all threads, as others do."""
    if f"$m{number}_threads" in body:
        return body
    wrapped = []

    def inner(found: re.Match[str]) -> str:
        name, parameters = found[1], found[2]
        count = len(re.findall(r"\(param", parameters))
        taken = " ".join(f"(local.get {i})" for i in range(count))
        wrapped.append(
            f'(func (export "{name}"){parameters} (param $thread i32) (param $threads i32)\n'
            f"    (if (i32.eqz (local.get $thread)) (then (call ${name} {taken})))\n"
            f"    (call $m{meeting}_meet (local.get $threads)))"
        )
        return f"(func ${name}{parameters}"

    own = re.sub(r'\(func \(export "(\w+)"\)((?:\s*\(param [^)]*\))+)', inner, body)
    return "\n  ".join([own, *wrapped])


def called(steps: Sequence[Step], texts: Mapping[str, str]) -> tuple[Step, ...]:
    """``steps`` over texts of their own as ones of the module that links these."""
    places = {name: number for number, name in enumerate(texts)}
    return tuple(
        replace(
            step,
            entry=f"m{places[step.text]}_{'run' if step.entry == 'main' else step.entry}",
            text="",
            grid=(1, 1, 1),
        )
        for step in steps
    )
