"""What a compiler made of a kernel: instructions, its hot loop, and what each instruction there is for."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from msgspec import Struct

NO_SPILLS = frozenset({"Spilled VGPRs", "Spilled SGPRs", "Spills"})
"""Statistics that count what did not fit into registers, by the names that drivers give them."""


class Work(StrEnum):
    """What an instruction is for."""

    USEFUL = "useful"
    MEMORY = "memory"
    CONVERSION = "conversion"
    SCALAR = "scalar"
    WAITING = "waiting"

    @property
    def meaning(self) -> str:
        """What is counted under that name."""
        return MEANINGS[self]


MEANINGS = {
    Work.USEFUL: "multiplications and additions of the problem",
    Work.MEMORY: "loads and stores",
    Work.CONVERSION: "unpacking, widening, moving between lanes",
    Work.SCALAR: "addresses, counters, copies, checks, branches",
    Work.WAITING: "waits and fences",
}


class Instruction(Struct, frozen=True):
    """An instruction as a disassembler writes it.

    ``useful`` is how many multiply-adds of the problem it does, ``line`` the line of the kernel's text that
    it comes from (0: not known), ``spills`` whether it reaches for what no register had room for, ``times``
    how often it runs in one turn of the loop, as inner loops of fixed length tell.
    """

    text: str
    work: Work
    useful: float = 0.0
    line: int = 0
    spills: bool = False
    times: int = 1


class Code(Struct, frozen=True, kw_only=True):
    """What became of one function of a kernel on one target.

    ``loop`` are the first instruction of the innermost loop with the most multiply-adds, and the one after
    its last; equal where there is no loop. ``statistics`` are the compiler's own. ``absent`` says that the
    target is no machine here but a compiler for one, so that nothing is ever measured there. ``lines`` says
    why instructions have no lines, where somebody might expect them. ``texts`` are what compilers write on
    the way, by name: SPIR-V, intermediate representations; only where they were asked for.
    """

    target: str
    label: str
    entry: str
    instructions: tuple[Instruction, ...] = ()
    loop: tuple[int, int] = (0, 0)
    statistics: dict[str, float] = {}
    absent: bool = False
    lines: str = ""
    texts: dict[str, str] = {}

    @property
    def body(self) -> tuple[Instruction, ...]:
        """The instructions of the loop."""
        return self.instructions[self.loop[0] : self.loop[1]]

    @property
    def multiply_adds(self) -> float:
        """Useful multiply-adds in one turn of the loop."""
        return sum(one.useful * one.times for one in self.body)

    @property
    def counts(self) -> dict[Work, int]:
        """Instructions in one turn of the loop, by what they are for."""
        return {work: sum(one.times for one in self.body if one.work is work) for work in Work}

    @property
    def per_multiply_add(self) -> dict[Work, float]:
        """Instructions for each useful multiply-add; empty where the loop has none."""
        each = self.multiply_adds
        return {work: count / each for work, count in self.counts.items()} if each else {}

    @property
    def cost(self) -> float | None:
        """All instructions for each useful multiply-add; None where the loop has none."""
        each = self.multiply_adds
        return self.turn / each if each else None

    @property
    def turn(self) -> int:
        """Instructions that run in one turn of the loop."""
        return sum(one.times for one in self.body)

    @property
    def spilled(self) -> int:
        """Registers that had no room, as the compiler says, else accesses to the stack in the loop."""
        told = [self.statistics[name] for name in NO_SPILLS if name in self.statistics]
        return int(sum(told)) if told else sum(one.times for one in self.body if one.spills)

    def statistic(self, *names: str) -> float | None:
        """The first of these statistics that the compiler tells."""
        return next((self.statistics[name] for name in names if name in self.statistics), None)


class Compiled(Struct, frozen=True, kw_only=True):
    """A variant on a target: a ``Code`` for each of its functions, or the ``reason`` why there is none."""

    workload: str
    variant: str
    runtime: str
    target: str
    codes: tuple[Code, ...] = ()
    reason: str = ""

    @property
    def hot(self) -> Code | None:
        """The function with the most multiply-adds in a loop; of none, the first."""
        return max(self.codes, key=lambda code: code.multiply_adds, default=None)


class Summary(Struct, frozen=True):
    """What a session keeps of the code that ran: sizes and counts of the hot loop, no instructions.

    ``cost`` is instructions for each useful multiply-add (0: not known), ``spills`` as ``Code.spilled``,
    ``registers`` and ``bytes`` as far as the compiler tells (0: not known), ``compiler`` who made it.
    """

    loop: int = 0
    cost: float = 0.0
    spills: int = 0
    registers: int = 0
    bytes: int = 0
    compiler: str = ""
    counts: dict[str, int] = {}


def summary(code: Code, compiler: str) -> Summary:
    """What is kept of ``code``."""
    return Summary(
        loop=code.turn,
        cost=code.cost or 0.0,
        spills=code.spilled,
        registers=int(code.statistic("VGPRs", "Registers") or 0),
        bytes=int(code.statistic("Code size", "Code bytes") or 0),
        compiler=compiler,
        counts={work.value: count for work, count in code.counts.items()},
    )


def changed(before: Summary | None, after: Summary | None) -> str:
    """How the code of a kernel differs from that of another day; empty where it does not, or nobody knows.

    ``its hot loop went from 117 to 150 instructions, spills from 0 to 4 (wasmtime 50, then wasmtime 51)``
    """
    if before is None or after is None or not before.loop or not after.loop:
        return ""
    told = (
        ("its hot loop", before.loop, after.loop, " instructions"),
        ("spills", before.spills, after.spills, ""),
        ("registers", before.registers, after.registers, ""),
    )
    parts = [f"{name} from {old:,} to {new:,}{unit}" for name, old, new, unit in told if old != new]
    if not parts:
        return ""
    parts[0] = parts[0].replace(" from", " went from", 1)
    same = before.compiler == after.compiler
    makers = before.compiler if same else f"{before.compiler}, then {after.compiler}"
    return f"{', '.join(parts)}{f' ({makers})' if makers else ''}"


def hot_loop(instructions: Iterable[Instruction], back: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The innermost loop with the most multiply-adds; of equals the shortest.

    ``back`` are pairs of the first instruction of a loop and its last, the jump back, by index. Jumps back to
    one place are one loop.
    """
    own = list(instructions)
    ends: dict[int, int] = {}
    for first, last in back:
        ends[first] = max(ends.get(first, 0), last)
    loops = [(first, last + 1) for first, last in ends.items()]

    def worth(loop: tuple[int, int]) -> Any:
        return sum(one.useful for one in own[loop[0] : loop[1]]), loop[0] - loop[1]

    # An address may be multiplied in a loop over lanes that stands within the one over the problem.
    multiply = (
        [loop for loop in loops if worth(loop)[0] >= 1] or [loop for loop in loops if worth(loop)[0]] or loops
    )
    inner = [a for a in multiply if not any(a[0] <= b[0] and b[1] <= a[1] and a != b for b in multiply)]
    return max(inner, key=worth, default=(0, 0))
