"""Where a module is wrong that assembles and is not valid, however long its text."""

import time

import pytest

from app.core.errors import KernelError
from app.engines.wasmtime.compile import Configuration, compile_text

STEP = "  (local.set $s (f32x4.add (local.get $s) (v128.load offset={} (local.get $a))))"
WRONG = "  (local.set $i (i64.const 1))"


def text(before: int, after: int, gap: str = "") -> str:
    steps = [STEP.format(16 * i) for i in range(before)], [STEP.format(16 * i) for i in range(after)]
    return "\n".join(
        [
            "(module",
            '  (memory (export "memory") 1)',
            '  (func (export "run") (param $a i32) (local $i i32)',
            "    (local $s v128)",
            *steps[0],
            *filter(None, gap.split("\n")),
            WRONG,
            *steps[1],
            "))",
        ]
    )


@pytest.mark.parametrize(
    ("before", "after", "gap"),
    [
        (0, 0, ""),
        (1, 40, ""),
        (500, 0, "  (; a comment\n" * 400 + "  ;)\n" * 400),
        (100, 100, "  (nop\n" + "\n".join("   " for _ in range(90)) + "\n  )"),
    ],
)
def test_it_is_told_by_line(before: int, after: int, gap: str) -> None:
    source = text(before, after, gap)
    with pytest.raises(KernelError) as wrong:
        compile_text(Configuration("speed", False), source)
    assert wrong.value.line == source[: source.index(WRONG)].count("\n") + 1
    assert wrong.value.column == 3


def test_eight_thousand_lines_take_little_longer_than_one() -> None:
    """Of processor time, because a busy machine takes its own; halving it all took 59 s for a quarter."""
    source = text(6000, 2000)
    start = time.process_time()
    with pytest.raises(KernelError) as wrong:
        compile_text(Configuration("speed", False), source)
    assert time.process_time() - start < 1.5
    assert wrong.value.line == 6005
