"""``compiled``: what compilers made of one variant, or of two beside each other."""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from app.cli.output import plain_table, print_json, print_table, say
from app.cli.show import find_variant
from app.core.code import Code, Compiled, Instruction, Work
from app.core.edit import check_parameters
from app.core.errors import KernelscopeError, UsageError
from app.core.selection import split
from app.core.variant import Variant
from app.figures import units
from app.findings.code import COUNTED, counts, measured, sentence
from app.findings.rows import rows
from app.storage.files import load
from app.worker.compiling import Place, choose_places, compile_all, job
from app.workloads import workloads

NOT_MEASURED = "The session has no case in which both were measured"
WHOLE = "whole"
"""What ``--text`` calls all instructions."""

WIDTH = 58
"""Letters of an instruction beside another one."""


def compiled_command(
    names: Sequence[str],
    workload: str,
    size: str,
    settings: Sequence[str],
    places: Sequence[str],
    session: Path | None,
    text: str,
    as_json: bool,
) -> int:
    """Print it; 1 where nothing compiled.

    Raises:
        KernelscopeError: there is no such variant, size, parameter or compiler.
    """
    if len(names) > 2:
        raise UsageError("two variants stand beside each other at most")
    variants = [find_variant(name, workload) for name in names]
    problem = workloads()[workload]
    shape = problem.shape(size) if size else problem.default_shapes[-1]
    chosen = [
        place for place in choose_places(split(places)) if any(v.runtime is place.runtime for v in variants)
    ]
    if not chosen:
        takes = ", ".join(dict.fromkeys(place.runtime.value for place in choose_places(split(places))))
        raise KernelscopeError(f"what was asked for compiles {takes} kernels, and {names[0]} is none")
    jobs = {
        place.name: [
            job(variant, place, shape, _settings(variant, settings))
            for variant in variants
            if variant.runtime is place.runtime
        ]
        for place in chosen
    }
    found = compile_all(jobs, text not in ("", WHOLE))
    if as_json:
        print_json(found)
    else:
        _print(found, variants, chosen, text)
        if session and len(variants) > 1:
            own = rows(load(session), workloads())
            for line in measured(own, variants[0].name, variants[1].name) or [NOT_MEASURED]:
                say(line)
    return 0 if any(one.codes for one in found) else 1


def _settings(variant: Variant, settings: Sequence[str]) -> dict[str, int | str]:
    """What ``--set`` asks of this variant; one of two may lack a parameter, but not both."""
    known = {parameter.name: parameter.gpu for parameter in variant.parameters}
    values: dict[str, int | str] = {}
    for setting in settings:
        name, _, word = setting.partition("=")
        number = word.isascii() and word.isdigit() and not isinstance(known.get(name), str)
        values[name] = int(word) if number else word
    check_parameters(variant, {**known, **values})
    return values


def _print(
    found: Sequence[Compiled], variants: Sequence[Variant], places: Sequence[Place], text: str
) -> None:
    heads = ("compiler", "variant", "function")
    table = plain_table(
        *heads,
        right=(*(work.value for work in Work), "all", "loop", "registers", "waves", "spills", "LDS", "code"),
        title=f"Instructions for each multiply-add in the hot loop: {COUNTED}",
    )
    for one in found:
        label = next(place.label for place in places if place.name == one.target) or one.target
        for code in [one.hot] if one.hot else []:
            absent = f"{code.label}, compiled only" if code.absent else code.label
            each = code.per_multiply_add
            cells = [units.digits(each[work], 2) if each else units.NO_VALUE for work in Work]
            table.add_row(absent, one.variant, code.entry, *cells, *_figures(code))
        if one.reason:
            say(f"{label}: {one.variant}: {one.reason}")
    if any(one.codes for one in found):
        print_table(table)
    own, other = ([one for one in found if one.variant == v.name] for v in (variants[0], variants[-1]))
    if words := sentence(own, other if len(variants) > 1 else ()):
        say(words[0].upper() + words[1:])
    if len(places) == 1 or text:
        for place in places:
            _print_loops([one.hot for one in found if one.target == place.name and one.hot], text)


def _figures(code: Code) -> list[str]:
    def shown(*names: str) -> str:
        value = code.statistic(*names)
        return units.NO_VALUE if value is None else units.plain(value)

    return [
        units.digits(code.cost, 2) if code.cost else units.NO_VALUE,
        str(code.turn) if code.turn else units.NO_VALUE,
        shown("VGPRs"),
        shown("Subgroups per SIMD"),
        str(code.spilled),
        shown("LDS size"),
        shown("Code size", "Code bytes"),
    ]


def _print_loops(codes: Sequence[Code], text: str) -> None:
    """The hot loops, two beside each other; or the whole of another ``text`` of each, such as SPIR-V."""
    for code in codes:
        say()
        say(f"{code.label} {code.entry}: {counts(code)}")
        if code.lines:
            say(code.lines)
    for row in zip_longest(*(_lines(code, text) for code in codes), fillvalue=""):
        say("  ".join(f"{cell:<{WIDTH}}" for cell in row[:-1]) + row[-1] if len(row) > 1 else row[0])


def _lines(code: Code, text: str) -> list[str]:
    if text in ("", WHOLE):
        return [_line(one) for one in (code.instructions if text else code.body)]
    named = next((own for name, own in code.texts.items() if _bare(text) in _bare(name)), None)
    return (
        named.splitlines()
        if named is not None
        else [f"no {text}; there are: {', '.join(code.texts) or 'none'}"]
    )


def _line(one: Instruction) -> str:
    times = f" x{one.times}" if one.times > 1 else ""
    line = f"{one.line:>4} " if one.line else "     "
    return f"{line}{one.work.value:<10} {one.text}{times}"


def _bare(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))
