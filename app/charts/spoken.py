"""A picture as text, for who hears it: its names, and the value of each of its marks."""

from app.charts.picture import Picture, Spot

MOST = 60
"""Marks that are told one by one; the arrow keys reach all."""


def spoken(picture: Picture) -> str:
    """A line for each mark: what it is, where, and its value in the words of the axis."""
    told = [_line(picture, spot) for spot in picture.spots[:MOST]]
    more = len(picture.spots) - len(told)
    return "\n".join(
        [f"{picture.y.title} by {picture.x.title or 'target'}", *told, *[f"{more} more"] * (more > 0)]
    )


def _line(picture: Picture, spot: Spot) -> str:
    row = spot.row
    what = f"{row.label} at {row.size}" if row else spot.note or spot.name or picture.x.words(spot.x)
    if row and not row.ok:
        return f"{what}: {row.measurement.status.value}"
    if row and picture.y.named:  # a heat map: its values are no places
        return f"{what}: {row.verdict or 'baseline'}"
    low_high = ""
    if spot.low and spot.high:
        low_high = f" ({picture.y.words(spot.low)} to {picture.y.words(spot.high)})"
    return f"{what}: {picture.y.words(spot.y)}{low_high}"
