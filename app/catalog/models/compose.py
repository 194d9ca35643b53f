"""Programs of models: a recipe's operators at a shape, chained, with what proves each of them right."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from app.catalog.index import find, variants
from app.catalog.models.chain import add, layout_of
from app.catalog.models.memory import Memory
from app.catalog.models.module import called, linked
from app.catalog.models.products import case_of
from app.catalog.models.proof import proof
from app.catalog.models.recipes import SHARED, Pick, key, operator_of, picks
from app.catalog.render import render
from app.core.errors import KernelscopeError
from app.core.graph import Graph
from app.core.program import Program
from app.core.shape import Shape
from app.core.target import Dialect, Runtime
from app.core.variant import Parameters, Variant
from app.core.workload import Operands
from app.workloads import workloads
from app.workloads.encoder import ROUNDED
from app.workloads.glue import GLUE


def compose(recipe: Variant, operands: Operands, parameters: Parameters, dialect: Dialect) -> Program:
    """The program of ``recipe`` for the operands of its model, sketches or not.

    Raises:
        KernelscopeError: an operator has no kernel that others can hand their tensors to.
        LimitError: an operator takes none of that size.
    """
    model = workloads()[recipe.workload].model
    assert model
    return of_graph(recipe, model.graph(model.shape(operands)), operands, parameters, dialect)


def of_graph(
    recipe: Variant, graph: Graph, operands: Operands, parameters: Parameters, dialect: Dialect
) -> Program:
    """As ``compose``, of a graph that is given, such as one over texts of different lengths."""
    values = dict(zip(graph.shapes, operands, strict=False))
    memory = Memory(recipe, picked(recipe), graph, values, parameters, dialect)
    for node in graph.nodes:
        add(memory, node)
    layout = layout_of(memory)
    further = operands[len(values) :]
    stored = layout.stored
    growth = max((ROUNDED[one] for one in memory.rounded), default=1.0)
    layout = replace(layout, stored=lambda: (*stored(), *further), growth=growth)
    if not memory.gpu:
        layout = replace(layout, steps=called(layout.steps, memory.texts))
    program = Program(
        said(recipe, memory.notes, memory.texts),
        layout,
        recipe.requires,
        recipe.checked,
        parameters,
        None,
        recipe.workload,
        texts=dict(memory.texts) if memory.gpu else {},
    )
    return program if memory.sketched else replace(program, proof=lambda: proof(memory, program))


@cache
def _picked(workload: str, name: str, runtime: Runtime) -> dict[str, Pick]:
    return picks(find(workload, name, runtime), variants())


def picked(recipe: Variant) -> dict[str, Pick]:
    """The variants that a recipe of the catalogue takes for the operators of its model."""
    return _picked(recipe.workload, recipe.name, recipe.runtime)


def said(recipe: Variant, notes: "dict[str, None]", texts: "dict[str, str]") -> str:
    """What stands for the text of a model: what was chosen, where it fell back, and every text."""
    mark = recipe.runtime.about.comment
    lines = [f"{mark} {recipe.workload} {recipe.name}: {recipe.summary}"]
    lines += [f"{mark} {note}" for note in notes]
    if recipe.runtime is Runtime.WASM:
        return "\n".join([*lines, linked(texts)])
    return "\n\n".join(["\n".join(lines), *(f"{mark} --- {name}\n{text}" for name, text in texts.items())])


def source(recipe: Variant, parameters: Parameters, dialect: Dialect) -> str:
    """The texts of a recipe's operators, at the sizes that they have by default.

    Raises:
        KernelscopeError: an operator has no kernel.
    """
    texts: dict[str, str] = {}
    notes: dict[str, None] = {}
    for pick in picked(recipe).values():
        variant = pick.variant
        own = {p.name: parameters.get(key(variant, p.name), p.gpu) for p in variant.parameters}
        texts[f"{variant.workload} {variant.name}"] = render(variant, own, dialect)
        notes |= {pick.note: None} if pick.note else {}
    if not texts:
        raise KernelscopeError(f"{recipe.name}: none of its operators has a kernel")
    return said(recipe, notes, texts)


def is_model(variant: Variant) -> bool:
    """Whether ``variant`` is a recipe, and no kernel."""
    return not variant.runtime.about.peer and workloads()[variant.workload].model is not None


def operators_at(recipe: Variant, shape: Shape) -> Iterator[tuple[Variant, Shape]]:
    """Each operator's variant in the model of that shape, at the shape with the most to compute."""
    model = workloads()[recipe.workload].model
    assert model
    chosen = picked(recipe)
    most: dict[str, tuple[int, Variant, Shape]] = {}
    for node in model.graph(shape).nodes:
        if node.operator in GLUE:
            continue
        variant = chosen[operator_of(node)].variant
        own = case_of(node, variant).shape
        work = workloads()[variant.workload].flops(own)
        if variant.workload not in most or work > most[variant.workload][0]:
            most[variant.workload] = (work, variant, own)
    return ((variant, own) for _, variant, own in most.values())


def as_the_models(variant: Variant, parameters: Parameters) -> dict[str, int | str]:
    """An operator's parameters by the names that a recipe has for them; sizes are none of these."""
    own = {p.name for p in variant.parameters if p.side < 0 and p.name not in SHARED}
    return {key(variant, name): value for name, value in parameters.items() if name in own}
