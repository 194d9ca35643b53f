"""The hardware panel: this machine's targets side by side, with those of a session from elsewhere."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.findings.matrix import Column
from app.gui.hardware.view import HardwareView
from app.gui.state.controller import Controller


class HardwarePanel(QWidget):
    """Keeps the view in line with the controller."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.view = HardwareView()
        self.left_out = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText, margin=6)
        self.left_out.setAccessibleName("What was found and cannot be used")
        self.left_out.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.left_out)
        self.setFocusProxy(self.view.tree)
        controller.hardware_changed.connect(self.refresh)
        controller.session_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List what was found, and what a loaded session brings from elsewhere."""
        here = self._controller.targets
        known = {(target.id, target.driver) for target in here}
        columns = [Column(target.label, target) for target in here]
        session = self._controller.session
        for target in session.targets if session else ():
            if session and (target.id, target.driver) not in known:
                note = f"from the session, not this machine: {session.host_of(target).processor}"
                columns.append(Column(f"Session: {target.label}", target, note))
        self.view.placeholder.say(*self._words())
        self.view.show_columns(columns)
        lines = [line for found in self._controller.found.values() for line in found.left_out]
        self.left_out.setText("\n".join(lines))
        self.left_out.setVisible(bool(lines))

    def _words(self) -> tuple[str, str]:
        if self._controller.searching:
            return "Looking for adapters…", "WebGPU adapters, Wasm engines and NumPy appear as they answer."
        reasons = [found.reason for found in self._controller.found.values() if found.reason]
        return "No targets", "\n".join(reasons) or "Run ▸ Look for hardware again."
