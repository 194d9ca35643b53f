"""The legend: beside the plot, by target, or each variant once for bars; a tick hides or shows."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QSplitter, QStyle, QTreeWidget, QTreeWidgetItem, QWidget

from app.charts.bar_groups import Bars
from app.charts.picture import Key, Picture
from app.gui.charts.style import LineStyle, styles, swatch
from app.gui.parts.note_delegate import BoxDelegate
from app.gui.parts.plain import plain
from app.gui.parts.theme import Colours

KEYS = Qt.ItemDataRole.UserRole


def _keys(leaf: QTreeWidgetItem) -> list[Key]:
    """What a tick of this entry stands for."""
    return [(target, variant) for target, variant in leaf.data(0, KEYS)]


class Legend(QTreeWidget):
    """Lists the lines that have points; ``hidden_changed`` carries the keys of those unticked, ``pointed``
    the variant under the pointer.
    """

    hidden_changed = Signal(object)
    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(12)
        self.setIconSize(QSize(32, 16))
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setItemDelegate(BoxDelegate(self))
        self.setAccessibleName("Legend")
        self.setToolTip("Untick a line to hide it, or a target to hide all of its lines")
        self.setMouseTracking(True)
        self.itemEntered.connect(lambda item: self.pointed.emit(item.text(0) if item.parent() else ""))
        self.itemPressed.connect(self._on_pressed)
        self.itemChanged.connect(self._on_changed)
        self.itemClicked.connect(self._on_clicked)
        self._shown: tuple[object, ...] = ()
        self._focused = ""
        self._pressed: Qt.CheckState | None = None
        self.hidden: frozenset[Key] = frozenset()

    def beside(self, plot: QWidget) -> "Beside":
        """A splitter with ``plot`` at the left and this at the right."""
        return Beside(plot, self)

    def show_picture(self, picture: Picture, colours: Colours) -> None:
        """List the picture's keys; the list stays as it is while they only grow."""
        keys = picture.listed
        looks = styles(picture, colours) if keys else {}
        ratio = self.devicePixelRatioF()
        shown = (keys, tuple(looks.items()), tuple(picture.labels.items()), ratio)
        if shown == self._shown:
            return
        self._shown, self._focused = shown, ""
        self.blockSignals(True)
        self.clear()
        if isinstance(picture, Bars):
            # They stand in groups by target: a colour means the same in all of them.
            own = [[key for key in keys if key[1] == name] for name in dict.fromkeys(key[1] for key in keys)]
            self._add("Variants", own, looks, ratio)
        else:
            for target in dict.fromkeys(key[0] for key in keys):
                own = [[key] for key in keys if key[0] == target]
                self._add(picture.labels.get(target, target), own, looks, ratio)
        self.expandAll()
        self.blockSignals(False)
        self.updateGeometry()

    def _add(
        self, label: str, entries: list[list[Key]], looks: Mapping[Key, LineStyle], ratio: float
    ) -> None:
        """A group, with an entry for the keys that one tick stands for."""
        group = QTreeWidgetItem(self, [label])
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        group.setToolTip(0, plain(label))
        group.setFlags(group.flags() | Qt.ItemFlag.ItemIsAutoTristate | Qt.ItemFlag.ItemIsUserCheckable)
        for keys in entries:
            item = QTreeWidgetItem(group, [keys[0][1]])
            item.setIcon(0, swatch(looks[keys[0]], ratio))
            item.setData(0, KEYS, keys)
            hidden = self.hidden.issuperset(keys)
            item.setCheckState(0, Qt.CheckState.Unchecked if hidden else Qt.CheckState.Checked)

    def set_hidden(self, hidden: frozenset[Key]) -> None:
        """Untick these and tick all others; ``hidden_changed`` is not emitted."""
        self.hidden = hidden
        self.blockSignals(True)
        for leaf in self._leaves():
            off = hidden.issuperset(_keys(leaf))
            leaf.setCheckState(0, Qt.CheckState.Unchecked if off else Qt.CheckState.Checked)
        self.blockSignals(False)

    def focus(self, variant: str) -> None:
        """Set the names of a variant in bold; an empty one sets none."""
        before, self._focused = self._focused, variant
        if variant == before:
            return
        self.blockSignals(True)
        for leaf in self._leaves():
            if leaf.text(0) in (before, variant):
                font = leaf.font(0)
                font.setBold(leaf.text(0) == variant)
                leaf.setFont(0, font)
        self.blockSignals(False)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer that leaves lets go."""
        self.pointed.emit("")
        super().leaveEvent(event)

    def _leaves(self) -> list[QTreeWidgetItem]:
        groups = [self.topLevelItem(i) for i in range(self.topLevelItemCount())]
        return [group.child(i) for group in groups if group for i in range(group.childCount())]

    def _on_changed(self, item: QTreeWidgetItem) -> None:
        """Lines that are not in the list keep their state: a run may bring them back."""
        if item.data(0, KEYS) is None:
            return
        self._pressed = item.checkState(0)
        off = self._pressed is Qt.CheckState.Unchecked
        self.hidden = self.hidden.union(_keys(item)) if off else self.hidden.difference(_keys(item))
        self.hidden_changed.emit(self.hidden)

    def _on_pressed(self) -> None:
        """What a key ticked before is no part of this click."""
        self._pressed = None

    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        """A click on the name ticks as one on the box does."""
        if self._pressed is None and item.data(0, KEYS) is not None:
            off = item.checkState(0) is Qt.CheckState.Unchecked
            item.setCheckState(0, Qt.CheckState.Checked if off else Qt.CheckState.Unchecked)
        self._pressed = None

    def sizeHint(self) -> QSize:
        """Wide enough for every name."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return QSize(self.sizeHintForColumn(0) + bar + 2 * self.frameWidth(), 200)


class Beside(QSplitter):
    """A plot with its legend, which takes what its names need, up to a third, until it is moved by hand."""

    MOST = 1 / 3

    def __init__(self, plot: QWidget, legend: Legend) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._legend = legend
        self.addWidget(plot)
        self.addWidget(legend)
        self.setStretchFactor(0, 1)
        self.setChildrenCollapsible(False)
        self._moved = False
        self.splitterMoved.connect(self._on_moved)

    def _on_moved(self) -> None:
        self._moved = True

    def _fit(self) -> None:
        if not self._moved:
            wide = min(self._legend.sizeHint().width(), round(self.width() * self.MOST))
            self.setSizes([self.width() - wide, wide])

    def event(self, event: QEvent) -> bool:
        """Fit anew when either has changed, or may have while hidden: Qt asks for no layout then."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show):
            self._fit()
        return done
