"""The picture of who reads what, held against the texts of the kernels and the layouts they get."""

import re

import numpy as np
import pytest

from app.catalog.index import find
from app.catalog.programs import source
from app.core.target import Runtime
from kernels.access import lines_touched
from kernels.matvec.access import Order, addresses, order_of
from kernels.matvec.layouts import LAYOUTS

WORDS = 5
NAMES = {
    Order.PLAIN: "f32",
    Order.SWIZZLE: "f32+swizzle",
    Order.COALESCED: "f32+coalesced",
    Order.ROWWISE: "f32+rowwise",
}


def read_by_the_text(name: str, parameters: dict[str, int]) -> np.ndarray:
    """[thread, step] of the first workgroup, from the index expressions of the rendered text."""
    text = source(find("matvec", name, Runtime.WGSL), parameters)
    lets = re.findall(r"let (first|base|row\d+) = (.+);", text)
    loads = re.findall(r"let a\d+ = matrix\[(.+)\];", text)
    together = "lane; k < shape.words" in text
    threads = parameters["workgroup_size"]
    found = []
    for lane in range(threads):
        names: dict[str, int] = {}

        def value(words: str, names: dict[str, int] = names, lane: int = lane) -> int:
            plain = re.sub(r"(\d+)u", r"\1", words).replace("group.x", "0").replace("shape.words", str(WORDS))
            return eval(plain.replace("shape.rows", "9999"), {"min": min, "lane": lane, **names})

        for let, words in lets:
            names[let] = value(words)
        steps = range(lane, WORDS, threads) if together else range(WORDS)
        row = [value(load, {**names, "k": k}) for k in steps for load in loads]
        full = -(-WORDS // threads) * len(loads) if together else WORDS * len(loads)
        found.append(row + [-1] * (full - len(row)))
    return np.array(found)


def walked_by_the_text(parameters: dict[str, int], lanes: int) -> np.ndarray:
    """The same for subgroups that walk rows of their own, each turn of a loop after the other."""
    text = source(find("matvec", "f32+rowwise+subgroup", Runtime.WGSL), parameters)
    (outer,) = re.findall(r"for \(var turn = 0u; (.+); turn \+= (.+)\)", text)
    loops = [(*found, text.index(found[0])) for found in re.findall(r"for \(; (.+); k \+= (.+)\)", text)]
    places = [(m.start(), m[1]) for m in re.finditer(r"let a\d+ = matrix\[(.+)\];", text)]
    subgroups = parameters["workgroup_size"] // lanes
    found = []
    for thread in range(parameters["workgroup_size"]):
        names = {"subgroup": thread // lanes, "lane": thread % lanes, "lanes": lanes, "subgroups": subgroups}

        def value(words: str, names: dict[str, int] = names) -> int:
            plain = re.sub(r"(\d+)u", r"\1", words).replace("group.x", "0").replace("shape.words", str(WORDS))
            plain = plain.replace("shape.rows", "9999").replace("&&", "and")
            return eval(plain, {"select": lambda no, yes, which: yes if which else no, **names})

        names["turn"], row = 0, []
        while value(outer[0]):
            for name in ("row", "mine", "base", "end"):
                names[name] = value(re.findall(rf"let {name} = (.+);", text)[0])
            names["k"] = names["lane"]
            own = []
            for number, (condition, step, at) in enumerate(loops):
                behind = loops[number + 1][2] if number + 1 < len(loops) else len(text)
                while value(condition):
                    for i, words in re.findall(r"let k(\d+) = (.+);", text):
                        names[f"k{i}"] = value(words)
                    own += [value(place) for start, place in places if at < start < behind]
                    names["k"] += value(step)
            row += own + [-1] * (-(-WORDS // lanes) - len(own))
            names["turn"] += value(outer[1])
        found.append(row)
    return np.array(found)


@pytest.mark.parametrize("rows", [1, 2, 8])
@pytest.mark.parametrize("loads", [1, 2])
@pytest.mark.parametrize("lanes", [2, 8])
def test_the_picture_of_subgroups_is_what_the_text_reads(rows: int, loads: int, lanes: int) -> None:
    variant = find("matvec", "f32+rowwise+subgroup", Runtime.WGSL)
    parameters = {"rows_per_group": rows, "workgroup_size": 8, "loads": loads}
    assert order_of(variant) is Order.SUBGROUPS
    assert (
        addresses(Order.SUBGROUPS, parameters, WORDS, lanes) == walked_by_the_text(parameters, lanes)
    ).all()


@pytest.mark.parametrize("order", NAMES)
@pytest.mark.parametrize("rows", [1, 2, 4])
@pytest.mark.parametrize("threads", [2, 8])
def test_the_picture_is_what_the_text_reads(order: Order, rows: int, threads: int) -> None:
    name = NAMES[order]
    each = "rows_per_group" if order is Order.ROWWISE else "rows_per_thread"
    parameters = {each: rows, "workgroup_size": threads, "unroll": 1}
    assert order_of(find("matvec", name, Runtime.WGSL)) is order
    assert (addresses(order, parameters, WORDS) == read_by_the_text(name, parameters)).all()


@pytest.mark.parametrize("order", [Order.PLAIN, Order.SWIZZLE, Order.COALESCED])
def test_a_thread_finds_its_rows_in_the_memory_that_the_layout_lays_out(order: Order) -> None:
    parameters = {"rows_per_thread": 2, "workgroup_size": 4, "unroll": 1}
    matrix = np.arange(8 * 4 * WORDS, dtype=np.float32).reshape(8, 4 * WORDS)
    layout = LAYOUTS[f"f32-f32-{order.value}"]((matrix, np.ones(4 * WORDS, np.float32)), parameters)
    memory = np.asarray(layout.buffers["matrix"]).reshape(-1, 4)
    read = memory[addresses(order, parameters, WORDS)].reshape(4, WORDS, 2, 4)
    rows = read.transpose(0, 2, 1, 3).reshape(8, 4 * WORDS)
    assert sorted(map(tuple, rows)) == sorted(map(tuple, matrix))


@pytest.mark.parametrize("order", Order)
def test_every_word_is_read_once(order: Order) -> None:
    parameters = {"rows_per_thread": 4, "rows_per_group": 4, "workgroup_size": 8}
    read = addresses(order, parameters, WORDS)
    rows = 4 if order in (Order.ROWWISE, Order.SUBGROUPS) else 32
    assert sorted(read[read >= 0]) == list(range(rows * WORDS))


def test_what_the_orders_are_for() -> None:
    """64 threads, 4 rows each, words of 16 bytes: eight words to a cache line."""
    parameters = {"rows_per_thread": 4, "rows_per_group": 4, "workgroup_size": 64}
    read = {order: addresses(order, parameters, 64) for order in Order}
    at_once = {order: lines_touched(read[order], 16) for order in Order}
    assert at_once.pop(Order.SUBGROUPS) == 8
    assert at_once == {Order.PLAIN: 64, Order.SWIZZLE: 64, Order.COALESCED: 8, Order.ROWWISE: 8}
    word_of_each_row = {order: lines_touched(read[order], 16, steps=4) for order in at_once}
    assert word_of_each_row == {
        Order.PLAIN: 256,
        Order.SWIZZLE: 64,
        Order.COALESCED: 32,
        Order.ROWWISE: 32,
    }
