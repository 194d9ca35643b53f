"""The pictures of linear, transpose, attention and 4-bit codes, held against the texts of their kernels."""

import re
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.catalog.index import access, find, variants
from app.catalog.programs import source
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.variant import Parameters
from app.workloads.linear import layer
from kernels.access import Pattern, by_thread, lines_touched
from kernels.attention_prefill.access import words_of as keys_of
from kernels.block_access import words_of as codes_of
from kernels.linear.access import elements_of, way
from kernels.linear.access import words_of as weights_of
from kernels.transpose.access import blocks_of
from kernels.transpose.access import elements_of as moves_of

GPU = Target("g", "G", "webgpu", Runtime.WGSL, "", "", "", "DiscreteGPU")


def value(words: str, **names: Any) -> int:
    """What an expression of WGSL comes to; divisions are of whole numbers."""
    plain = re.sub(r"(\d+)u\b", r"\1", words).replace("/", "//").replace("&&", "and")
    plain = re.sub(r"vec2<u32>", "tuple2", plain)
    return int(eval(plain, {"min": min, "tuple2": lambda *_: 0, **names}))


def lets(text: str, names: dict[str, Any]) -> dict[str, Any]:
    """``names`` with those that the text declares and that can be told from them."""
    names = dict(names)
    for name, words in re.findall(r"let (\w+) = (.+);", text):
        try:
            names[name] = value(words, **names)
        except (NameError, SyntaxError, TypeError, AttributeError):
            continue
    return names


def text_of(workload: str, name: str, parameters: Parameters, shape: Shape) -> str:
    variant = find(workload, name, Runtime.WGSL)
    own = variant.defaults(GPU, shape)
    return source(variant, {**own, **{name: one for name, one in parameters.items() if name in own}})


def threads(wide: int, high: int) -> Iterator[dict[str, Any]]:
    """The first workgroup."""
    for y in range(high):
        for x in range(wide):
            place = SimpleNamespace(x=x, y=y)
            group, groups = SimpleNamespace(x=0, y=0), SimpleNamespace(x=1, y=1)
            lane = y * wide + x
            yield {"local": place, "id": place, "workgroup": group, "workgroups": groups, "lane": lane}


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("f32-naive", {"tile": 2}),
        ("f32-shared", {"tile": 2}),
        ("f32-tile", {"tile_columns": 8}),
        ("f16-tile+subgroup", {"tile_columns": 4}),
        ("f32-tile+swizzle", {"tile_columns": 8, "group_rows": 1}),
        ("f32-tile+shared", {"tile_columns": 8, "stage": 1, "buffers": 1}),
        ("f32-tile+shared", {"tile_columns": 4, "stage": 2, "buffers": 1}),
    ],
)
def test_the_weights_of_linear(name: str, own: dict[str, int]) -> None:
    columns, depth = 8, 4
    side = own.get("tile", 0)
    wide, high = (side, side) if side else (4, 2)
    parameters = {**own, "workgroup_x": wide, "workgroup_y": high} if not side else own
    text = text_of("linear", name, parameters, layer(64, 64, 64))
    head, body = text[text.index("fn main") :].split("for (var", 1)
    step = own.get("stage", side if name == "f32-shared" else 1)
    loads = re.findall(r"(?:if \((lane \+ \d+u < \d+u)\) \{\s*)?\w+ (?:\+= .+ \* |= )b\[(.+?)\];", body)
    assert loads
    found = []
    for names in threads(wide, high):
        shape = SimpleNamespace(columns=columns, depth=depth, rows=99)
        known = lets(head, {**names, "shape": shape})
        found.append(
            [
                value(at, **{**known, "k": k}) if value(when or "True", **known) else -1
                for k in range(0, depth, step)
                for when, at in loads
            ]
        )
    how = way(find("linear", name, Runtime.WGSL))
    drawn = (
        elements_of(how, wide, high, columns, depth) if side else weights_of(how, parameters, columns, depth)
    )
    assert (drawn == np.array(found)).all()


@pytest.mark.parametrize("name", ["f32", "f32+gathered", "f32+shared", "f32+tile"])
@pytest.mark.parametrize(("rows", "columns"), [(8, 12), (16, 4)])
def test_reads_and_writes_of_transpose(name: str, rows: int, columns: int) -> None:
    parameters = {"workgroup_x": 4, "workgroup_y": 2, "tile": 4, "workgroup_size": 1, "blocks": 2}
    text = text_of("transpose", name, parameters, Shape(rows, columns))
    shape = SimpleNamespace(rows=rows, columns=columns, row_words=columns // 4, column_words=rows // 4)
    places = re.findall(r"\bx\[(.+)\];", text), re.findall(r"result\[(.+)\] =", text)
    behind = rows * columns // (4 if name == "f32+tile" else 1)
    wide, high = {"f32+shared": (4, 4), "f32+tile": (1, 1)}.get(name, (4, 2))
    found = []
    for names in threads(wide, high):
        known = lets(text, {**names, "shape": shape, "group": names["workgroup"]})
        read, written = ([value(place, **known) for place in some] for some in places)
        found.append(read + [behind + at for at in written])
    how = name.removeprefix("f32").removeprefix("+")
    drawn = (
        blocks_of(1, 2, columns // 4, rows // 4)
        if how == "tile"
        else moves_of(wide, high, how, rows, columns)
    )
    assert (drawn == np.array(found)).all()


@pytest.mark.parametrize("form", ["q4f16_1", "nbits", "q4_0", "q4_k", "q8_0"])
@pytest.mark.parametrize("together", [False, True])
def test_the_codes_of_blocks(form: str, together: bool) -> None:
    parameters = {"workgroup_size": 4, "rows_per_group" if together else "rows_per_thread": 2}
    workload, name = ("matvec", "i8-dot4+blocks") if form == "q8_0" else ("q4-matvec", form)
    text = text_of(workload, f"{name}+rowwise+subgroup" if together else name, parameters, Shape(64, 512))
    block = text[text.index("fn block_of") : text.index("@compute")]
    shape = SimpleNamespace(blocks=8, rows=99)
    loads = re.findall(r"codes\[(.+?)\]", block)

    def words(row: int, k: int) -> list[int]:
        names = lets(block, {"row": row, "k": k, "shape": shape})
        return [value(place, **names) for place in loads]

    if together:
        assert "row = group.x * 2u + turn + subgroup" in text
        assert "k = lane; k < end; k += lanes" in text
        found = [
            [w for turn in (0,) for k in range(lane % 2, 8, 2) for w in words(turn + lane // 2, k)]
            for lane in range(4)
        ]
    else:
        assert text.index("k < shape.blocks; k++") < text.index("block_of(row0, k)") < text.index("(row1, k)")
        rows = [
            value(at, first=0, min=lambda a, _: a, shape=shape)
            for at in re.findall(r"let row\d = (.+);", text)
        ]
        found = [[w for k in range(8) for row in rows for w in words(2 * lane + row, k)] for lane in range(4)]
    assert (codes_of(form, parameters, 8, 2) == by_thread(found)).all()


@pytest.mark.parametrize("name", ["q4f16_1+subgroup+swizzle", "nbits-dot4+subgroup+swizzle"])
def test_the_codes_of_rows_among_each_other(name: str) -> None:
    parameters = {"workgroup_size": 4, "rows_per_thread": 4}
    text = text_of("q4-matvec", name, parameters, Shape(64, 512))
    assert "let both = codes[at];" in text
    assert "k < shape.blocks; k += 2u" in text
    shape = SimpleNamespace(blocks=8, rows=16)
    base = re.search(r"let base = (.+);", text)
    places = re.findall(r"block_of\((\(base.+?), scale", text)
    assert base
    assert len(places) == 8
    found = [
        [
            value(at, base=value(base[1], id=SimpleNamespace(x=lane), shape=shape, min=min), k=k)
            for k in range(0, 8, 2)
            for at in places
        ]
        for lane in range(4)
    ]
    assert (codes_of("nbits", parameters, 8, 4, True) == np.array(found)).all()


@pytest.mark.parametrize(
    "name", ["f32-queries2", "f32-queries4+shared", "f32-queries4+subgroup", "f32-passes"]
)
def test_the_keys_of_attention(name: str) -> None:
    tokens, heads, size = 19, 2, 12
    queries = 1 if "passes" in name else int(name[len("f32-queries")])
    parameters = {"workgroup_size": 4, "queries": queries, "stage": 3}
    text = text_of("attention-prefill", name, parameters, Shape(tokens, heads, heads, size))
    shape = SimpleNamespace(tokens=tokens, heads=heads, key_heads=heads)
    place = re.search(r"fn word_of.+?return (.+?);", text, re.DOTALL)
    assert place

    def word_of(token: int, head: int, heads: int) -> int:
        return value(place[1], token=token, head=head, heads=heads)

    loads = re.findall(r"\bkeys\[(.+?)\]", text)
    base = re.findall(r"let (?:k|at) = (word_of\((?:t|min\(from_key).+);", text)[0]
    end = re.findall(r"let end = (.+);|t < (query.+?);", text)[0]
    how = next((one for one in ("shared", "subgroup") if one in name), "")
    found = []
    for lane in range(4):
        names: dict[str, Any] = {"lane": lane, "group": SimpleNamespace(x=0), "shape": shape, "key_head": 0}
        names |= {
            "word_of": word_of,
            "subgroup_lane": lane,
            "first": lane * queries,
            "query": lane,
            "id": SimpleNamespace(y=0),
        }
        past = value(end[0] or end[1], **names)
        own = []
        for t in range(0, past, {"shared": 3, "subgroup": 4}.get(how, 1)):
            turns: Sequence[int] = range(lane, lane + 12, 4) if how == "shared" else (0,)
            for i in turns:
                at = value(base, t=t, from_key=t, i=i, **names)
                own += [value(load, k=at, at=at) if i < 9 else -1 for load in loads]
        found.append(own)
    assert (keys_of(how, parameters, tokens, heads, 3, True, 4) == by_thread(found)).all()


def test_what_the_ways_are_for() -> None:
    """Of words of 16 bytes, eight lie in a cache line."""
    tile = {"workgroup_x": 8, "workgroup_y": 8, "tile_columns": 4, "stage": 1}
    touched = {how: lines_touched(weights_of(how, tile, 8, 8), 16) for how in ("tile", "swizzle", "staged")}
    assert touched == {"tile": 1, "swizzle": 8, "staged": 4}
    assert lines_touched(keys_of("", {"workgroup_size": 8}, 64, 1, 8, False, 8), 16) == 1
    assert lines_touched(keys_of("subgroup", {"workgroup_size": 8}, 64, 1, 8, False, 8), 16) == 8
    moved = moves_of(16, 16, "shared", 64, 64), moves_of(16, 16, "", 64, 64)
    assert [lines_touched(some[:, 1:], 4) for some in moved] == [16, 16]
    assert lines_touched(moves_of(64, 1, "", 64, 64)[:, 1:], 4) == 64


WITHOUT = {
    "linear": {"f16-cooperative"},
    "attention-prefill": {"f16-cooperative"},
}
"""What is not drawn: matrices that a subgroup has."""


@pytest.mark.parametrize("workload", ["linear", "transpose", "attention-prefill", "q4-matvec", "matvec"])
def test_nearly_every_variant_has_a_picture_that_can_be_seen(workload: str) -> None:
    shapes = {"linear": layer(128, 256, 512), "attention-prefill": Shape(512, 12, 4, 32)}
    shape = shapes.get(workload) or Shape(256, 512)
    without = set()
    for variant in (v for v in variants() if v.workload == workload and v.runtime is Runtime.WGSL):
        found = access(variant, variant.defaults(GPU, shape), shape)
        if found is None:
            without.add(variant.name.partition("+unchecked")[0])
            continue
        assert isinstance(found, Pattern)
        assert 2 <= len(found.drawn) <= 8
        assert 8 <= found.drawn.max() + 1 <= 256
        assert "Chosen: " in found.figures
        assert re.search(r"fetches [1-9]\d* cache lines? of 128", found.figures), (
            variant.name,
            found.figures,
        )
    assert without == WITHOUT.get(workload, set())


def test_what_has_no_picture() -> None:
    for workload, runtime in (("reduce", Runtime.WGSL), ("linear", Runtime.WASM), ("linear", Runtime.NUMPY)):
        variant = next(v for v in variants() if v.workload == workload and v.runtime is runtime)
        assert access(variant, {}, layer(8, 8, 8)) is None
