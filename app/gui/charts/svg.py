"""Makes Qt's SVG portable: shapes in plain coordinates instead of scaled groups with non-scaling strokes.

Browsers know ``vector-effect``; Inkscape, LibreOffice, ImageMagick and slide programs would scale the pens.
"""

import re
from collections.abc import Mapping
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
FONT = ("font-family", "font-size", "font-weight", "font-style")
DEFAULTS = {
    "fill": "none",
    "fill-rule": "evenodd",
    "fill-opacity": "1",
    "stroke-opacity": "1",
    "stroke-width": "1",
    "stroke-linecap": "square",
    "stroke-linejoin": "bevel",
    "transform": "matrix(1,0,0,1,0,0)",
}
"""What a group need not say, since the outermost one does, or nobody has to."""

_PAIR = re.compile(r"(-?[\d.]+(?:e[-+]?\d+)?),(-?[\d.]+(?:e[-+]?\d+)?)")


def flatten(data: bytes) -> bytes:
    """The drawing made plain: no transforms on shapes, no empty groups, a generic font to fall back on."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(data)  # noqa: S314  our own output, written a moment ago
    outer = next(child for child in root if child.tag == f"{{{SVG}}}g")
    for group in list(outer):
        if not len(group):
            outer.remove(group)
        elif _shapes_only(group):
            matrix = _matrix(group.attrib.pop("transform", ""))
            for name in FONT:  # Qt repeats it around every shape: a quarter of the file
                group.attrib.pop(name, None)
            for shape in group:
                _map(shape, matrix)
    _shorten(outer)
    for element in root.iter():
        if family := element.get("font-family"):
            element.set("font-family", f"{family}, sans-serif")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _shorten(outer: ElementTree.Element) -> None:
    """Leave out what is said twice: half the file. Groups that look alike become one."""
    last: ElementTree.Element | None = None
    for group in list(outer):
        inherited = {**DEFAULTS, **group.attrib}
        for element in group:
            _unsay(element, inherited)
        _unsay(group, DEFAULTS)
        group.text = None
        if group.tag == f"{{{SVG}}}g" and last is not None and group.attrib == last.attrib:
            last.extend(group)
            outer.remove(group)
            continue
        last = group if group.tag == f"{{{SVG}}}g" else None


def _unsay(element: ElementTree.Element, inherited: Mapping[str, str]) -> None:
    for name, usual in inherited.items():
        if element.get(name) == usual and (name != "transform" or usual == DEFAULTS[name]):
            del element.attrib[name]
    element.tail = None


def _shapes_only(group: ElementTree.Element) -> bool:
    """Whether every child is a path or line whose pen does not scale with its coordinates."""
    unscaled = group.get("stroke") == "none"
    return all(
        shape.tag in (f"{{{SVG}}}path", f"{{{SVG}}}polyline")
        and (unscaled or shape.get("vector-effect") == "non-scaling-stroke")
        for shape in group
    )


def _matrix(text: str) -> Matrix:
    found = re.fullmatch(r"matrix\(([^)]*)\)", text.strip())
    if not found:
        return IDENTITY
    a, b, c, d, e, f = (float(part) for part in found[1].split(","))
    return (a, b, c, d, e, f)


def _map(shape: ElementTree.Element, matrix: Matrix) -> None:
    a, b, c, d, e, f = matrix

    def place(pair: re.Match[str]) -> str:
        x, y = float(pair[1]), float(pair[2])
        return f"{a * x + c * y + e:.2f},{b * x + d * y + f:.2f}"

    shape.attrib.pop("vector-effect", None)
    for name in ("d", "points"):
        if name in shape.attrib:
            shape.set(name, _PAIR.sub(place, shape.attrib[name]))
