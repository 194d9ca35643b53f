"""The kinds of operands by name; what they are like is told in ``app.core.operands``."""

from app.core.errors import KernelscopeError

OPERANDS = ("normal", "outliers")
"""Normal figures, or the heavy-tailed channels and rows that layers of real models have."""

NORMAL = OPERANDS[0]


def check_kind(kind: str) -> None:
    """Refuse a kind of operands that there is not.

    Raises:
        KernelscopeError: naming those that there are.
    """
    if kind not in OPERANDS:
        raise KernelscopeError(f"no operands of kind {kind[:40]!r}; there are: {', '.join(OPERANDS)}")
