"""Painting in the units of the scene, which are pixels on screen: what an item paints does not stretch."""

from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem


def to_scene(item: QGraphicsItem, painter: QPainter) -> QTransform:
    """Let ``painter``, which is about to paint ``item``, take the scene's units, also for a file.

    Returns what maps places of the item to them.
    """
    there = item.sceneTransform()
    back, _ = there.inverted()
    painter.setWorldTransform(back * painter.worldTransform())
    return there
