"""What a chain is made of as it grows: buffers, tensors, texts, steps, and what is to be said and checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from app.catalog.models import glue
from app.catalog.models.claims import Claim, Held
from app.catalog.models.forms import Form
from app.catalog.models.recipes import SHARED, Pick, key
from app.core.graph import Graph
from app.core.program import Binding, Role, Step
from app.core.sketch import Sketch, sketch
from app.core.target import Dialect, Runtime
from app.core.variant import Parameters, Variant

FLOAT = np.dtype(np.float32)


@dataclass
class Memory:
    """``values`` are the model's operands by name, sketches or not; everything else grows node by node.

    Buffers called ``~3``, ``~codes4`` are those that steps hand on, of ``sizes`` bytes; others are operands.
    ``converted`` are tensors in the forms that some operator asked for, ``caches`` what is appended to which
    cache, ``rounded`` the types that activations were rounded to, ``notes`` what a person should know.
    """

    recipe: Variant
    picks: Mapping[str, Pick]
    graph: Graph
    values: Mapping[str, np.ndarray]
    parameters: Parameters
    dialect: Dialect
    buffers: dict[str, np.ndarray] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    tensors: dict[str, Held] = field(default_factory=dict)
    stored: dict[str, np.ndarray] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    rounded: set[str] = field(default_factory=set)
    converted: dict[tuple[object, ...], tuple[Held, ...]] = field(default_factory=dict)
    caches: dict[str, tuple[str, str]] = field(default_factory=dict)
    samples: dict[tuple[int, ...], np.ndarray] = field(default_factory=dict)

    @cached_property
    def sketched(self) -> bool:
        """Whether nothing has values yet."""
        return any(isinstance(one, Sketch) for one in self.values.values())

    @property
    def gpu(self) -> bool:
        """Whether steps are of WGSL, each a text of its own; else all are exports of one module."""
        return self.recipe.runtime is Runtime.WGSL

    def fresh(self, size: int, kind: str = "") -> str:
        """A buffer of so many bytes that steps hand on; ``kind`` is what is no floats of 32 bits.

        What such a one leaves behind may be no number as a float, so these share no memory.
        """
        name = f"~{kind}{len(self.sizes)}"
        self.sizes[name] = size
        return name

    def grown(self, name: str, size: int) -> None:
        """See that a buffer that steps hand on has so many bytes at least."""
        if name in self.sizes:
            self.sizes[name] = max(self.sizes[name], size)

    def kept(self, name: str, array: np.ndarray, role: Role = Role.WEIGHTS) -> str:
        """An operand's buffer, once for all that read it so."""
        if name not in self.buffers:
            self.buffers[name], self.roles[name] = array, role
        return name

    def is_weight(self, name: str) -> bool:
        """Whether a tensor is there before anything is computed, and stays."""
        return name in self.values and name not in self.graph.activations

    def tensor(self, name: str) -> Held:
        """A tensor that an operator left, or an operand that is one."""
        if name not in self.tensors:
            array = self.values[name]
            role = Role.ACTIVATIONS if name in self.graph.activations else Role.WEIGHTS
            strides = tuple(int(np.prod(array.shape[i + 1 :], dtype=np.int64)) for i in range(array.ndim))
            self.kept(name, array, role)
            self.tensors[name] = Held(name, Form(array.shape, strides, array.dtype, array.size))
            self.stored[name] = array
        return self.tensors[name]

    def sample(self, shape: tuple[int, ...]) -> np.ndarray:
        """What stands for activations when an operator's layout is asked for."""
        if self.sketched:
            return sketch(shape)
        if shape not in self.samples:
            random = np.random.default_rng(1)
            self.samples[shape] = random.standard_normal(shape, dtype=np.float32)
        return self.samples[shape]

    def text(self, name: str, make: Callable[[], str]) -> str:
        """The name of a text that is made once."""
        if name not in self.texts:
            self.texts[name] = make()
        return name

    def own(self, variant: Variant, shape: tuple[int, ...]) -> dict[str, int | str]:
        """The parameters of an operator's variant: the recipe's, and the sizes that its text writes out."""

        def value(name: str) -> int | str:
            return self.parameters[name if name in SHARED else key(variant, name)]

        return {p.name: shape[p.side] if p.side >= 0 else value(p.name) for p in variant.parameters}

    def glue(
        self,
        template: str,
        title: str,
        reads: tuple[Binding, ...],
        writes: tuple[Binding, ...],
        scalars: Mapping[str, int | float],
        things: int,
        techniques: tuple[str, ...] = (),
        **options: int | bool,
    ) -> None:
        """A step between operators, from a template of ``glue``, for so many things."""
        said = ",".join(f"{name}={value}" for name, value in options.items())
        name = " ".join(filter(None, ("glue", template, said, "+".join(techniques))))
        name = self.text(name, lambda: glue.text(self.recipe, template, self.dialect, options, *techniques))
        each = 1 if "rowwise" in techniques else glue.GROUP
        self.steps.append(
            Step("main", reads, writes, scalars, glue.groups(things, each), text=name, name=title)
        )
