"""Programs of variants: the text that runs, and the operands laid out."""

from dataclasses import replace

from app.catalog import peers
from app.catalog.index import lay_out
from app.catalog.models import compose as models
from app.catalog.models.compose import compose, is_model
from app.core.directives import needed
from app.core.errors import KernelscopeError
from app.core.feature_tests import spelt
from app.core.program import Layout, Program
from app.core.target import Dialect, Runtime
from app.core.variant import Parameters, Variant
from app.core.workload import Operands
from app.problems import registry


def build(
    variant: Variant,
    operands: Operands,
    parameters: Parameters,
    text: str = "",
    dialect: Dialect = Dialect.NAGA,
) -> Program:
    """Lay the operands out and render the template, unless there is a ``text``: all that an engine needs.

    Raises:
        KernelscopeError: the template names something that neither options nor parameters give.
    """
    if is_model(variant):
        return compose(variant, operands, parameters, dialect)
    layout = lay_out(variant, operands, parameters)
    requires, added = variant.requires, 0
    text = text or own_text(variant, parameters)
    if text and variant.runtime is Runtime.WGSL:
        requires = tuple(dict.fromkeys((*requires, *needed(text))))
        lines = text.count("\n")
        text = spelt(text, requires, dialect)
        added = text.count("\n") - lines
    text = text or source(variant, parameters, dialect)
    program = Program(
        text, layout, requires, variant.checked, parameters, variant.operation, variant.workload
    )
    return replace(program, added_lines=added)


def own_text(variant: Variant, parameters: Parameters) -> str:
    """The text of a problem's kernel with these parameters; empty where it is the catalogue's."""
    opened = registry.find(variant.workload)
    if opened is None or not variant.template:
        return ""
    from app.problems.variants import text_of

    return text_of(opened.kernel(variant), parameters)


def with_operands(program: Program, variant: Variant, operands: Operands, dialect: Dialect) -> Program:
    """``program``, made of sketches, for ``operands``; with those of a model comes what proves it.

    Raises:
        LimitError: it takes none of that size.
    """
    if not is_model(variant):
        return replace(program, layout=lay_out(variant, operands, program.parameters))
    found = compose(variant, operands, program.parameters, dialect)
    return replace(found, copies=program.copies)


def laid_out(variant: Variant, operands: Operands, parameters: Parameters) -> Layout:
    """The operands as ``variant`` reads them, be it a kernel or a model's recipe; of sketches what they take.

    Raises:
        LimitError: it takes none of that size.
    """
    if is_model(variant):
        return compose(variant, operands, parameters, Dialect.NAGA).layout
    return lay_out(variant, operands, parameters)


def source(variant: Variant, parameters: Parameters, dialect: Dialect = Dialect.NAGA) -> str:
    """The exact text that runs for these parameters; that of a peer is its library's call."""
    if variant.runtime.about.peer:
        return peers.text(variant, parameters)
    if own := own_text(variant, parameters):
        wgsl = variant.runtime is Runtime.WGSL
        return spelt(own, (*variant.requires, *needed(own)), dialect) if wgsl else own
    if is_model(variant):
        return models.source(variant, parameters, dialect)
    if not variant.template:
        raise KernelscopeError(f"{variant.name} has no kernel yet: {variant.summary}")
    from app.catalog.render import render

    return render(variant, parameters, dialect)
