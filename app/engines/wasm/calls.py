"""What a run calls: exports of the module in turn, by a module around it that has the loop inside."""

from collections.abc import Sequence
from typing import NamedTuple

from app.core.errors import UnsupportedError
from app.core.program import Binding, Program, Slice, whose
from app.engines.wasm.memory import Places

MODULE = "kernelscope"

RUN = "run"
"""The export that is called where a layout declares no steps."""


class Called(NamedTuple):
    """An export, and its arguments after the count of runs; ``moved`` are places of operands' addresses."""

    entry: str
    arguments: tuple[int | float, ...]
    moved: frozenset[int]


def called(program: Program, places: Places) -> tuple[Called, ...]:
    """What a run of ``program`` calls, in order.

    Raises:
        UnsupportedError: a step is of a text of its own: one module is all that runs here.
    """
    layout = program.layout
    if any(step.text for step in layout.steps):
        raise UnsupportedError("WebAssembly runs steps of one module, and these are of several texts")
    if not layout.steps:
        arguments = (*places.pointers, *layout.scalars.values())
        return (Called(RUN, arguments, frozenset(range(len(layout.buffers)))),)
    pointers = dict(zip(layout.sizes, places.pointers, strict=True))

    def address(binding: Binding) -> int:
        return pointers[whose(binding)] + (binding.offset if isinstance(binding, Slice) else 0)

    return tuple(
        Called(
            step.entry,
            (*map(address, step.bindings), *step.scalars.values()),
            frozenset(i for i, one in enumerate(step.bindings) if whose(one) in layout.buffers),
        )
        for step in layout.steps
    )


def around(calls: Sequence[Called], places: Places, p: str, threads: bool = False) -> str:
    """The text of a module whose ``run`` takes the count of runs, and makes all ``calls`` in each.

    ``p`` is the type of addresses and counts. Each run moves the addresses of operands one copy on. Where it
    stands outlives a call, so that short batches do not meet the same few copies again. With ``threads``,
    ``run`` takes and hands on the number of the thread and how many there are.
    """
    own = f" (param $thread {p}) (param $threads {p})" if threads else ""
    handed = " (local.get $thread) (local.get $threads)" if threads else ""
    imports, made = {}, []
    for call in calls:
        types = ["f32" if isinstance(value, float) else p for value in call.arguments]
        takes = "".join(f" (param {type})" for type in (p, *types))
        imports[call.entry] = f'(import "{MODULE}" "{call.entry}" (func ${call.entry}{takes}{own}))'
        constants = [f"({type}.const {value!r})" for type, value in zip(types, call.arguments, strict=True)]
        moved = [
            f"({p}.add {constant} (global.get $from))" if i in call.moved else constant
            for i, constant in enumerate(constants)
        ]
        made.append(f"(call ${call.entry} ({p}.const 1) {' '.join(moved)}{handed})")
    lines = "\n      "
    return f"""(module
  {lines.join(imports.values())}
  (global $from (mut {p}) ({p}.const 0))
  (func (export "run") (param $runs {p}){own}
    (block $done (loop $again
      (br_if $done ({p}.eqz (local.get $runs)))
      {lines.join(made)}
      (global.set $from ({p}.add (global.get $from) ({p}.const {places.stride})))
      (if ({p}.eq (global.get $from) ({p}.const {places.stride * places.copies}))
        (then (global.set $from ({p}.const 0))))
      (local.set $runs ({p}.sub (local.get $runs) ({p}.const 1)))
      (br $again)))))
"""
