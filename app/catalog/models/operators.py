"""The steps of a node: its variant's own, over the buffers of the model."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from app.catalog.index import lay_out
from app.catalog.models.claims import (
    ALL,
    Claim,
    Find,
    Held,
    Span,
    appended,
    constant,
    dequantised,
    found,
    in_order,
)
from app.catalog.models.convert import NEIGHBOURS, as_matrix, convert, quantise_rows, quantised, taken
from app.catalog.models.forms import Form, of_operand, of_result
from app.catalog.models.memory import FLOAT, Memory
from app.catalog.models.places import renamed
from app.catalog.models.products import QUANTISED, Case, as_given, as_taken, case_of
from app.catalog.render import render
from app.core.errors import KernelscopeError
from app.core.graph import Node
from app.core.program import OFFSETS, RESULT, Binding, Layout, Role, Slice
from app.core.variant import Variant
from app.core.workload import Operands
from app.workloads.graph import operand_shapes


def add_operator(memory: Memory, node: Node, variant: Variant) -> None:
    """The steps of ``node`` by a variant of its own workload, once for each of its spans."""
    total = sum(count for _, count in node.spans)
    written: Held | None = None
    for span in node.spans or [ALL]:
        work = Work(memory, node, variant, span)
        form = of_result(work.layout)
        if span[1]:
            room = form.size + form.strides[0] * (total - span[1])
            form = form._replace(dims=(total, *form.dims[1:]), size=room)
        written = written or Held(memory.fresh(form.bytes), form)
        work.chain(written)
    assert written is not None
    memory.tensors[node.writes] = written


class Work:
    """One node, or a span of it, that becomes steps."""

    def __init__(self, memory: Memory, node: Node, variant: Variant, span: Span = ALL) -> None:
        self.memory, self.node, self.variant, self.span = memory, node, variant, span
        self.shape = node.of_span(span[1]) if span[1] else node.shape
        self.case: Case = case_of(node, variant)
        if span[1]:
            self.case = self.case._replace(shape=self.shape)
        self.operands = self._operands()
        parameters = memory.own(variant, self.case.shape.sizes)
        self.layout: Layout = lay_out(variant, as_taken(self.case, self.operands), parameters)
        written_out = [parameters[p.name] for p in variant.parameters if p.side >= 0]
        name = " ".join(map(str, (variant.workload, variant.name, *written_out)))
        self.text = memory.text(name, lambda: render(variant, parameters, memory.dialect))
        self.bound: dict[str, Binding] = {}
        self.seen: set[str] = set()

    def _operands(self) -> Operands:
        """Those of the node: values of weights and state, samples of what is computed."""
        memory, made = self.memory, []
        for name, size in zip(self.node.reads, operand_shapes(self.node.operator, self.shape), strict=True):
            if not name:
                made.append(np.zeros(size, FLOAT))
            elif name in memory.caches:
                made.append(memory.values[memory.caches[name][0]].reshape(size))
            elif name in memory.values and not self.span[1]:
                made.append(memory.values[name].reshape(size))
            else:
                made.append(memory.sample(size))
        return tuple(made)

    def chain(self, written: Held) -> None:
        """Bind its buffers and add its steps, which leave the answer in ``written``."""
        memory, layout = self.memory, self.layout
        stored = {} if memory.sketched else as_given(self.case, len(self.node.reads), layout.stored())
        finds = [self._operand(i, stored) for i in range(len(self.case.tensors))]
        for name, array in layout.buffers.items():
            if name not in self.bound:
                self.bound[name] = memory.kept(f"{self.node.writes}: {name}", array)
        self.bound |= {name: memory.fresh(size) for name, size in layout.scratch.items()}
        self.bound[RESULT] = self._spanned(written, layout.output_bytes)
        self.seen.add(written.buffer)
        said = (self.variant.workload, self.variant.name, str(self.case.shape))
        entry = "" if memory.gpu or layout.steps else "run"
        for step in layout.run:
            memory.steps.append(
                renamed(step, self.bound, self.text, self.node.name, said, bool(self.span[1]), entry)
            )
        if not memory.sketched:
            ordered = in_order(finds, self.case.tensors)
            answer = partial(found, written, self.span)
            own = (self.node.name, self.node.operator, self.variant, self.shape.sizes, layout.growth)
            memory.claims.append(Claim(*own, ordered, answer, frozenset(self.seen)))

    def _operand(self, i: int, stored: Mapping[int, np.ndarray]) -> Find:
        """Bind what the variant's operand ``i`` lies in; what finds it as it was read."""
        memory, number = self.memory, self.case.tensors[i]
        name, operand = self.node.reads[number], self.operands[number]
        own = {one: self.layout.buffers[one] for one in self.case.names[i] if one in self.layout.buffers}
        if not name:
            return constant(operand)
        if name in memory.caches:
            return self._appended(name, own, stored.get(number))
        if memory.is_weight(name):
            weight = stored.get(number, operand)
            memory.stored[name] = weight.reshape(memory.values[name].shape)
            return constant(weight)
        if not own:
            raise KernelscopeError(f"{self._who}: there is no buffer that {name} could be in")
        return self._read(name, own, operand)

    @property
    def _who(self) -> str:
        return f"{self.variant.workload} {self.variant.name}"

    def _read(self, name: str, own: Mapping[str, np.ndarray], operand: np.ndarray) -> Find:
        """Bind what was computed before."""
        memory, format = self.memory, str(self.variant.options.get("format", ""))
        how = QUANTISED.get(frozenset(own))
        first = next(iter(own.values()))
        if how is None and first.dtype in (np.int8, np.uint8):
            how = "stream"
        if how:
            held = quantised(memory, name, how, own, format)
            self.bound |= {one: part.buffer for one, part in zip(own, held, strict=True)}
            self.seen |= {part.buffer for part in held}
            return partial(dequantised, held, how, format in NEIGHBOURS)
        ((buffer, array),) = own.items()
        if array.dtype == np.uint32:
            self.bound[buffer] = memory.kept(name, array, Role.ACTIVATIONS)
            memory.stored[name] = memory.values[name]
            return constant(operand)
        need = of_operand(array, operand.reshape(-1) if array.ndim == 1 else operand)
        if need is None:
            raise KernelscopeError(f"{self._who} reads its {buffer} as no operator leaves it")
        if array.ndim == 1:
            need = Form((1, *need.dims), (need.size, *need.strides), need.dtype, need.size)
        if self.span[1]:
            total = memory.tensor(name).form.dims[0]
            room = need.size + need.strides[0] * (total - self.span[1])
            need = need._replace(dims=(total, *need.dims[1:]), size=room)
        held_as = taken(memory, name, need, self._who)
        self.bound[buffer] = self._spanned(held_as, array.nbytes)
        self.seen.add(held_as.buffer)
        return partial(found, held_as, self.span)

    def _spanned(self, held: Held, size: int) -> Binding:
        """The buffer, or the rows of the span and so many bytes.

        Raises:
            KernelscopeError: devices bind nothing from there on.
        """
        first, count = self.span
        if not count:
            self.memory.grown(held.buffer, size)
            return held.buffer
        at = first * held.form.strides[0] * held.form.dtype.itemsize
        self.memory.grown(held.buffer, at + size)
        if first == 0 and count == held.form.dims[0]:
            return held.buffer
        if at % OFFSETS:
            raise KernelscopeError(
                f"a text begins at byte {at}, and devices bind from multiples of {OFFSETS} on"
            )
        return Slice(held.buffer, at, size)

    def _appended(self, name: str, own: Mapping[str, np.ndarray], stored: np.ndarray | None) -> Find:
        """The cache of ``name`` as this variant reads it, its last row written in a step before."""
        memory = self.memory
        cache, new = memory.caches[name]
        held = memory.tensor(new)
        context, heads, size = memory.values[cache].shape
        names = []
        for one, array in own.items():
            names.append(memory.kept(f"{cache} {one}", array, Role.STATE))
            self.bound[one] = names[-1]
        codes = next(iter(own.values()))
        memory.rounded |= {str(codes.dtype).replace("int", "i").replace("float", "f")}
        wide = codes.shape[2]
        form = held.form.split((1, heads, size))
        if codes.dtype == np.int8:
            _, _, pitch = as_matrix(Form((heads, size), form.strides[1:], FLOAT, form.size))
            quantise_rows(
                memory, held.buffer, tuple(names), (heads, pitch // 4, wide // 4, (context - 1) * heads)
            )
        else:
            need = Form((1, heads, size), (heads * wide, wide, 1), codes.dtype, heads * wide)
            target = Slice(names[0], (context - 1) * need.bytes, need.bytes)
            convert(memory, held.buffer, form, need, target)
        whole = memory.values[cache] if stored is None else stored.reshape(memory.values[cache].shape)
        memory.stored[cache] = whole
        self.seen.add(held.buffer)
        return partial(appended, whole, held, str(codes.dtype))


def products_of(node: Node, layout: Layout, transposed: bool) -> Form:
    """How the products of a layer lie, tokens x outputs.

    Raises:
        KernelscopeError: not row by row, in whole words.
    """
    form = of_result(layout)
    if transposed:
        form = form._replace(dims=form.dims[::-1], strides=form.strides[::-1])
    if len(form.dims) == 1:
        form = Form((1, *form.dims), (form.size, *form.strides), form.dtype, form.size)
    pitch = form.strides[0] if form.dims[0] > 1 else max(form.strides[0], form.dims[1])
    if form.strides[1] != 1 or pitch % 4:
        raise KernelscopeError(f"{node.name}: its products are no rows of whole words of four")
    return form._replace(strides=(pitch, 1))
