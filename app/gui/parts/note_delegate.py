"""Paints a list entry with a note beside its name and, where there is one, a line below it."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.gui.parts.theme import current

NOTE = Qt.ItemDataRole.UserRole + 1
REASON = Qt.ItemDataRole.UserRole + 2
"""Why it cannot be chosen as it is."""
ABOUT = Qt.ItemDataRole.UserRole + 4
"""What it means, where there is no reason."""
GAP = 10

Index = QModelIndex | QPersistentModelIndex


class BoxDelegate(QStyledItemDelegate):
    """Outlines tick boxes: Fusion's own outline cannot be seen on a dark list."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The entry, then the outline."""
        super().paint(painter, option, index)
        self.initStyleOption(option, index)
        outline(painter, option)


def outline(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Draw the edge of the entry's tick box, if it has one."""
    if not option.features & QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator:
        return
    style = option.widget.style() if isinstance(option.widget, QWidget) else QApplication.style()
    box = style.subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, option.widget)
    enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
    painter.save()
    painter.setPen(QColor(current().muted if enabled else current().border))
    painter.drawRect(box.adjusted(0, 0, -1, -1))
    painter.restore()


class NoteDelegate(QStyledItemDelegate):
    """The name keeps its tick box and selection from the style; only the notes are painted here."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines where there is a reason."""
        size = super().sizeHint(option, index)
        lines = 2 if index.data(REASON) or index.data(ABOUT) else 1
        return QSize(size.width(), lines * (option.fontMetrics.height() + 2) + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The entry as the style paints it, then the notes."""
        self.initStyleOption(option, index)
        whole = QRect(option.rect)
        top = QRect(whole.x(), whole.y() + 2, whole.width(), option.fontMetrics.height() + 2)
        style = option.widget.style() if isinstance(option.widget, QWidget) else QApplication.style()
        panel = QStyle.PrimitiveElement.PE_PanelItemViewItem
        style.drawPrimitive(panel, option, painter, option.widget)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        option.rect = top
        name = option.text
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        outline(painter, option)
        place = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, option.widget)
        start = QStyle.visualRect(option.direction, whole, place).x()
        colours = current()
        painter.save()
        ink = option.palette.highlightedText().color() if selected else QColor(colours.muted)
        painter.setPen(ink)
        left = start + option.fontMetrics.horizontalAdvance(name) + GAP
        beside = QRect(left, top.y(), whole.right() - left - 4, top.height())
        self._text(painter, option, beside, index.data(NOTE))
        reason = index.data(REASON)
        if words := reason or index.data(ABOUT):
            if reason and not selected:
                painter.setPen(QColor(colours.warn))
            below = QRect(start + 4, top.bottom() + 1, whole.right() - start - 8, top.height())
            self._text(painter, option, below, words)
        painter.restore()

    def _text(self, painter: QPainter, option: QStyleOptionViewItem, box: QRect, text: str | None) -> None:
        if text and box.width() > 24:
            short = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            side = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
            box = QStyle.visualRect(option.direction, QRect(option.rect), box)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | side, short)
