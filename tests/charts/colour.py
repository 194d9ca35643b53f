"""How far apart colours are, to normal eyes and as Machado, Oliveira and Fernandes (2009) simulate others."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

VISIONS: dict[str, Array] = {
    "normal": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
"""Linear sRGB as it looks without one kind of cones."""

TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = TO_XYZ.sum(axis=1)


def linear(colours: Sequence[str]) -> Array:
    """``#rrggbb`` as linear sRGB, n x 3."""
    coded = np.array([[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in colours])
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 counts it, 1 to 21."""
    low, high = sorted(float(light) for light in linear([one, other]) @ TO_XYZ[1])
    return (high + 0.05) / (low + 0.05)


def lab(rgb: Array) -> Array:
    """Linear sRGB as CIE L*a*b*, n x 3."""
    xyz = np.clip(rgb, 0.0, 1.0) @ TO_XYZ.T / WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack((116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])), axis=1)


def distances(colours: Sequence[str], vision: str) -> Array:
    """CIEDE2000 between any two of n colours, n x n, to eyes of one of ``VISIONS``."""
    seen = lab(linear(colours) @ VISIONS[vision].T)
    return ciede2000(seen[:, None, :], seen[None, :, :])


def ciede2000(one: Array, other: Array) -> Array:
    """The colour difference of Sharma, Wu and Dalal (2005), over the last axis of L*a*b*."""
    l1, a1, b1 = np.moveaxis(one, -1, 0)
    l2, a2, b2 = np.moveaxis(other, -1, 0)
    mean = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 1.5 - 0.5 * np.sqrt(mean / (mean + 25.0**7))
    c1, c2 = np.hypot(a1 * g, b1), np.hypot(a2 * g, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a * g)) % 360 for a, b in ((a1, b1), (a2, b2)))
    grey = c1 * c2 == 0
    turn = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    hue = np.where(grey, h1 + h2, (h1 + turn / 2) % 360)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    dl = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * t)
    twist = np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2)))
    swing = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(twist)
    squares = dl**2 + dc**2 + dh**2 + swing * dc * dh
    found: Array = np.sqrt(np.maximum(squares, 0.0))
    return found
