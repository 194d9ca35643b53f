"""Adding a fleet: where its scheduler is, and the keys that let in."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.errors import KernelscopeError
from app.fleet.trust import PORT, door
from app.gui.parts.actions import Action
from app.gui.parts.memory import Memory
from app.gui.parts.sizes import size_dialog
from app.gui.state.controller import Controller

INTRO = (
    "Whoever may connect to a fleet runs code on every machine of it. Its machines stand beside this one and "
    "measure the same plan, each on its own targets; what they measure comes into one session."
)


class AddFleet:
    """The actions that open the dialog, and that leave a fleet again."""

    def __init__(self, controller: Controller, memory: Memory, parent: QWidget) -> None:
        self._controller, self._memory, self._parent = controller, memory, parent
        self.dialog: FleetDialog | None = None

    def commands(self) -> list[Action]:
        """The actions for the Run menu, beside adding a browser."""
        control = self._controller
        return [
            Action(
                "add_fleet",
                "&Run",
                "Add &fleet…",
                "Ctrl+Shift+B",
                "Run the same plan on other machines at once",
                self.open,
                when=lambda: not control.busy,
            ),
            Action(
                "leave_fleet",
                "&Run",
                "Leave the fleet",
                "",
                "Forget its machines and their targets",
                control.hardware.leave_fleet,
                when=lambda: not control.busy and control.hardware.fleet is not None,
            ),
        ]

    def open(self) -> None:
        """Let the user say where it is."""
        self.dialog = FleetDialog(self._controller, self._memory, self._parent)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.open()


class FleetDialog(QDialog):
    """Closes by itself once the machines have told what they have."""

    def __init__(self, controller: Controller, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Add fleet")
        self._controller, self._memory = controller, memory
        self._asked = False
        self.address = QLineEdit(
            memory.read("fleet/address", f"127.0.0.1:{PORT}"), accessibleName="Address of the scheduler"
        )
        self.keys = QLineEdit(
            memory.read("fleet/keys", ""),
            accessibleName="Folder of keys",
            placeholderText="none, on loopback",
        )
        self.state = QLabel(wordWrap=True, accessibleName="State", textFormat=Qt.TextFormat.PlainText)
        self.buttons = QDialogButtonBox()
        self.add_button = self.buttons.addButton("&Add", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._build()
        self.buttons.accepted.connect(self.add)
        self.buttons.rejected.connect(self.reject)
        controller.hardware_changed.connect(self._on_hardware)
        controller.said.connect(self._on_said)

    def _build(self) -> None:
        browse = QPushButton("&Browse…", toolTip="The folder that kernelscope fleet keys made for clients")
        browse.clicked.connect(self._browse)
        line = QHBoxLayout()
        line.addWidget(self.keys, 1)
        line.addWidget(browse)
        form = QFormLayout()
        form.addRow("&Scheduler", self.address)
        form.addRow("&Keys", line)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(INTRO, wordWrap=True))
        layout.addLayout(form)
        layout.addWidget(self.state)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
        size_dialog(self, 72, 16)
        self.address.setFocus()

    def _browse(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, "Folder of keys", self.keys.text()):
            self.keys.setText(folder)

    def add(self) -> None:
        """Connect, and ask the machines what they have."""
        keys = self.keys.text().strip()
        try:
            where = door(self.address.text().strip(), Path(keys).expanduser() if keys else None)
        except KernelscopeError as error:
            self.state.setText(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return
        self._memory.write("fleet/address", self.address.text().strip())
        self._memory.write("fleet/keys", keys)
        self.state.setText(f"Connecting to {where.address}…")
        self._asked = True
        self._controller.hardware.add_fleet(where)
        self.add_button.setEnabled(not self._controller.searching)

    def _on_hardware(self) -> None:
        if self._controller.searching or not self._asked:
            return
        self.add_button.setEnabled(True)
        if self._controller.hardware.fleet is not None:
            names = [one.name for one in self._controller.hardware.machines if one.there]
            many = f"{len(names)} machine{'s' * (len(names) != 1)}: {', '.join(names) or 'none is there yet'}"
            self._controller.said.emit("info", f"Added a fleet of {many}.")
            self.accept()

    def _on_said(self, level: str, text: str) -> None:
        if level == "error":
            self.state.setText(text)
