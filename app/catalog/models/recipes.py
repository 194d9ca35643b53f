"""Recipes: which variant each operator of a model takes, found among all there are, new ones included."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import structs

from app.core.graph import Node
from app.core.variant import Default, Parameter, Variant

PRODUCTS = ("linear", "matmul", "q4-matmul")
VECTORS = ("q4-matvec", "matvec")
"""Who multiplies by the weights of a layer: of several tokens, of one."""

HELD = (*PRODUCTS, *VECTORS, "gather")
"""Operators whose weights a recipe stores in its type; others have activations alone, or next to nothing."""

PLAIN = frozenset(
    {
        "subgroup",
        "shared",
        "splitk",
        "apart",
        "coalesced",
        "swizzle",
        "rowwise",
        "cooperative",
        "heads",
        "memory64",
    }
)
"""Techniques that a recipe has to ask for."""

IN_BLOCKS = ("swizzle", "cooperative")
"""Techniques of products whose activations lie in memory as no other operator leaves them."""


class Pick(NamedTuple):
    """The variant of an operator, and what there is to say about that it is not what the recipe asks for."""

    variant: Variant
    note: str = ""


def operators(recipe: Variant) -> tuple[str, ...]:
    """What the nodes of a recipe's model may be; a layer's product stands for any of ``PRODUCTS``."""
    return _OPERATORS[recipe.workload]


_OPERATORS = {
    "encoder": ("gather", "linear", "attention-encoder", "layernorm"),
    "decoder-layer": (
        "rmsnorm",
        "linear",
        "vector",
        "rope",
        "attention-prefill",
        "attention-decode",
        "swiglu",
    ),
}


def operator_of(node: Node) -> str:
    """The one of ``operators`` that ``node`` is: the product of a single token is a ``vector``."""
    return "vector" if node.operator == "linear" and node.shape.rows == 1 else node.operator


def picks(recipe: Variant, found: Sequence[Variant]) -> dict[str, Pick]:
    """The pick for each operator; without one, whoever needs it says that no kernel does it."""
    chosen = {}
    for operator in operators(recipe):
        if pick := _pick(recipe, operator, found):
            chosen[operator] = pick
    return chosen


def _pick(recipe: Variant, operator: str, found: Sequence[Variant]) -> Pick | None:
    families = {"linear": PRODUCTS, "vector": (*VECTORS, *PRODUCTS)}.get(operator, (operator,))
    own = [v for v in found if v.workload in families and v.runtime is recipe.runtime and _chains(v, recipe)]
    exact = [v for v in own if _as_asked(v, recipe)]
    # Where 16 bits are not multiplied by anybody, they may be stored at least.
    stored = [
        v for v in own if v.workload in HELD and v.storage == recipe.storage == "f16" and v.compute == "f32"
    ]
    plain = [v for v in own if v.storage == "f32" and v.compute == "f32"]
    for among in (exact, stored, plain):
        if among:
            best = max(among, key=lambda v: (-families.index(v.workload), _score(v, recipe)))
            return Pick(best, _note(best, recipe, operator))
    return None


def _chains(variant: Variant, recipe: Variant) -> bool:
    """Whether its activations lie as operators hand them on, and its scales are no numbers of a call."""
    if not variant.checked or variant.operation:
        return False
    if "threads" in variant.techniques and "threads" not in recipe.techniques:
        return False
    if variant.workload in PRODUCTS and any(one in variant.techniques for one in IN_BLOCKS):
        return False
    if variant.workload not in (*PRODUCTS, *VECTORS):
        return True
    if variant.storage in ("u8", "i8"):
        return "blocks" in variant.techniques or (
            variant.workload == "matmul" and "channels" in variant.techniques
        )
    return variant.sums == "f32"


def _as_asked(variant: Variant, recipe: Variant) -> bool:
    storage = recipe.options.get("cache", "f32") if variant.workload == "attention-decode" else recipe.storage
    compute = "f32" if variant.workload == "attention-decode" else recipe.compute
    if variant.workload == "gather":
        compute = "f32"
    if (variant.storage, variant.compute) != (storage, compute):
        return False
    if variant.workload in (*PRODUCTS, *VECTORS):
        format_, scales = recipe.options.get("format"), recipe.options.get("scales")
        if format_ and not variant.name.startswith(f"{format_}-") and variant.name.split("+")[0] != format_:
            return False
        if scales and scales not in variant.techniques:
            return False
    return True


def _score(variant: Variant, recipe: Variant) -> float:
    """How well its techniques are those asked for; the first declared of equals is taken."""
    wanted, own = set(recipe.techniques), set(variant.techniques)
    queries = next((p.gpu for p in variant.parameters if p.name == "queries" and isinstance(p.gpu, int)), 0)
    return 8 * len(wanted & own) - 4 * len((own & PLAIN) - wanted) + 2 * ("tile" in own) + queries / 16


def _note(pick: Variant, recipe: Variant, operator: str) -> str:
    what = "product of one token" if operator == "vector" else operator
    missing = [one for one in recipe.techniques if one in SAID and one not in pick.techniques]
    if pick.workload == "attention-decode":
        asked = (str(recipe.options.get("cache", "f32")), "f32")
    else:
        asked = (recipe.storage, "f32" if pick.workload == "gather" else recipe.compute)
    if (pick.storage, pick.compute) != asked:
        return f"{what}: {pick.name}, there is no {_types(*asked)} one that chains"
    return f"{what}: {pick.name}, there is none with {missing[0]}" if missing else ""


SAID = ("subgroup", "shared", "threads", "relaxed", "simd")
"""Techniques whose absence is worth a word."""


def _types(storage: str, compute: str) -> str:
    return storage if storage == compute else f"{storage} x {compute}"


SHARED = ("opt_level", "threads")
"""Parameters that all operators of a module have in common, by their own names."""


def key(variant: Variant, parameter: str) -> str:
    """What a recipe calls a parameter of an operator's variant."""
    return re.sub(r"\W+", "_", f"{variant.workload} {variant.name} {parameter}")


def _own(parameter: Parameter) -> bool:
    return parameter.side < 0 and parameter.name not in SHARED


def _as_ours(variant: Variant, parameter: Parameter) -> Parameter:
    special = tuple(
        Default(one.value, kind=one.kind, name=one.name) for one in parameter.special if not one.below
    )
    return structs.replace(parameter, name=key(variant, parameter.name), choices=(), special=special)


def completed(recipe: Variant, found: Sequence[Variant]) -> Variant | None:
    """``recipe`` with what its operators need and take; None where some operator has no kernel at all."""
    chosen = picks(recipe, found)
    if any(operator not in chosen for operator in operators(recipe)):
        return None
    each = list(dict.fromkeys((p.variant.workload, p.variant.name) for p in chosen.values()))
    by_name = {(p.variant.workload, p.variant.name): p.variant for p in chosen.values()}
    kernels = [by_name[name] for name in each]
    requires = dict.fromkeys((*recipe.requires, *(name for v in kernels for name in v.requires)))
    parameters = [_as_ours(v, p) for v in kernels for p in v.parameters if _own(p)]
    return structs.replace(recipe, requires=tuple(requires), parameters=(*recipe.parameters, *parameters))


def recipes(declared: Iterable[Variant], found: Sequence[Variant]) -> list[Variant]:
    """Those of the ``declared`` that can be made of the operators' variants ``found``."""
    return [whole for recipe in declared if (whole := completed(recipe, found))]
