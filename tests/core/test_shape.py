import pytest

from app.core.errors import KernelscopeError
from app.core.shape import Shape, parse_shape


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
