import pytest

from app.core.errors import KernelscopeError
from app.core.shape import (
    Shape,
    in_line,
    in_order,
    name_on_line,
    names,
    names_by_workload,
    parse_shape,
)


@pytest.mark.parametrize(
    ("text", "dimensions", "shape"),
    [
        ("512", 2, Shape(512, 512)),
        (" 32768x2048 ", 2, Shape(32768, 2048)),
        ("3×5", 2, Shape(3, 5)),
        ("7", 3, Shape(7, 7, 7)),
        ("2X3x4", 3, Shape(2, 3, 4)),
        ("9", 1, Shape(9)),
    ],
)
def test_reads_what_people_write(text: str, dimensions: int, shape: Shape) -> None:
    assert parse_shape(text, dimensions) == shape


@pytest.mark.parametrize(
    "text", ["", "x", "12x", "-5", "1.5", "0", "3x5x7", "99999999999", "٣", "512 512", "1e3"]
)
def test_refuses_the_rest_with_the_text_in_the_message(text: str) -> None:
    with pytest.raises(KernelscopeError, match="size"):
        parse_shape(text, 2)


def test_label_and_size() -> None:
    assert Shape(512, 512).label == "512"
    assert Shape(4, 9).label == "4x9"
    assert Shape(4, 9).size == pytest.approx(6)
    assert Shape(2, 4, 8).size == pytest.approx(4)
    assert Shape(512, 512).called("512x512")
    assert not Shape(512, 512).called("")


def shapes(*texts: str) -> list[Shape]:
    return [Shape(*map(int, text.split("x"))) for text in texts]


@pytest.mark.parametrize(
    ("texts", "ordered"),
    [
        (["64", "4096", "256"], True),
        (["64x64", "256x256", "100x100"], True),
        (["8x8x8", "64x64x64"], True),
        (["512x2048", "1024x4096", "2048x8192"], True),
        (["1024x512", "1024x2048", "1024x1024"], True),
        (["128x2048x2048", "1x2048x2048", "512x2048x2048"], True),
        (["128x128x64", "512x512x64"], True),
        (["512x2048"], True),
        ([], True),
        (["2048x512", "512x2048"], False),
        (["2048x512", "512x2048", "1024x1024"], False),
        (["128x2048x2048", "2048x128x2048"], False),
        (["64x64", "128x128", "512x128"], False),
        (["64x64", "128x64", "128x128"], False),
        (["64x64", "128x512"], False),
        (["64", "64x64"], False),
    ],
)
def test_shapes_are_in_line_where_one_factor_leads_from_each_to_the_next(
    texts: list[str], ordered: bool
) -> None:
    for given in (shapes(*texts), shapes(*reversed(texts))):
        assert in_line(given) is ordered


def test_the_order_tells_all_shapes_apart_and_follows_the_line() -> None:
    tied = shapes("2048x512", "1024x1024", "512x2048", "256x256", "512x2048")
    expected = shapes("256x256", "512x2048", "1024x1024", "2048x512")
    assert list(in_order(tied)) == list(in_order(reversed(tied))) == expected
    assert list(in_order(shapes("1x16777216", "1x16777215", "1x3"))) == shapes(
        "1x3", "1x16777215", "1x16777216"
    )


def test_names_are_short_only_among_squares() -> None:
    assert list(names(shapes("128x128", "64x64")).values()) == ["64", "128"]
    assert list(names(shapes("64x64x64")).values()) == ["64"]
    assert list(names(shapes("128x64", "64x64")).values()) == ["64x64", "128x64"]
    found = names_by_workload([("a", shape) for shape in shapes("8x8", "4x2")] + [("b", Shape(8, 8))])
    assert found == {("a", Shape(4, 2)): "4x2", ("a", Shape(8, 8)): "8x8", ("b", Shape(8, 8)): "8"}


@pytest.mark.parametrize(
    ("texts", "size", "name"),
    [
        (["64x64", "256x256"], 128.0, "128"),
        (["1024x512", "1024x2048"], 1024.0, "1024x1020"),
        (["64", "16777216"], 1234567.0, "1230000"),
        (["1024x512", "1024x2048"], 847.6, "1024x702"),
        (["2x8", "8x32"], 8.0, "4x16"),
        (["16x64x64", "1024x64x64"], 64.0, "64x64x64"),
    ],
)
def test_a_place_on_a_line_has_a_name(texts: list[str], size: float, name: str) -> None:
    assert name_on_line(names(shapes(*texts)), size) == name


CONFIGS = {"minilm": (12, 32), "llama": (32, 128)}


def test_a_config_holds_the_last_sizes() -> None:
    shape = parse_shape("llama:512", 3, CONFIGS)
    assert shape == Shape(512, 32, 128)
    assert (str(shape), shape.label, shape.config, shape.free) == ("512x32x128", "llama:512", "llama", (512,))
    assert parse_shape("512", 3, CONFIGS).label == "minilm:512"
    assert parse_shape("512x3x4", 3, CONFIGS).label == "512x3x4"
    assert parse_shape("llama:5x7", 4, CONFIGS) == Shape(5, 7, 32, 128)
    assert parse_shape("minilm:5", 4, CONFIGS) == Shape(5, 5, 12, 32)
    line = [parse_shape(f"llama:{size}", 3, CONFIGS) for size in (64, 256)]
    assert in_line(line)
    assert list(names(line).values()) == ["llama:64", "llama:256"]
    middle = (64 * 256) ** 0.5
    assert name_on_line(names(line), Shape(128, 32, 128).size) == f"llama:{middle:.0f}"


@pytest.mark.parametrize(
    ("text", "words"),
    [("gpt:512", "there are: minilm, llama"), ("llama:1x2", "1 beside its config"), ("1x2x3x4", "has 3")],
)
def test_a_wrong_config_is_refused_with_what_there_is(text: str, words: str) -> None:
    with pytest.raises(KernelscopeError, match=words):
        parse_shape(text, 3, CONFIGS)
    with pytest.raises(KernelscopeError, match="this workload has none"):
        parse_shape("llama:512", 3)
